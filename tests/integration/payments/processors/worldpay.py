"""Worldpay (Access), as https://docs.worldpay.com/access/products/payments documents payments, settlements, cancellations and refunds.

3-D Secure as `enable-3ds-authentication/web` there: device data by a form in a frame, and the bank's question by another form.
"""

from typing import Any, ClassVar
from urllib.parse import quote, unquote

from tests.integration.payments.processors.fake import APPROVED, REDIRECTED, Answer, Asked, FakeProcessor, Taken

# Data of links as they are: long, and escaped.
LINK = "eyJrIjoiazNhYjYzMiIsImxpbmtWZXJzaW9uIjoiNi4wLjAifQ==." + "VHHfMaXx0-" * 20
EVENT = {"taken": "sentForSettlement", "held": "authorized", "released": "cancelled", "refused": "refused"}


# Of Cardinal, who does this for Worldpay.
CARDINAL = "https://centinelapistag.cardinalcommerce.com"
COLLECT, STEP_UP = f"{CARDINAL}/V1/Cruise/Collect", f"{CARDINAL}/V2/Cruise/StepUp"
JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9." + "eyJPcmdVbml0SWQi" * 20 + ".T1a6hOCPVVsQmcCKU3eczwmxlHoWK83tUqIJ_VG4fwc"
PREFERENCES = {"noPreference", "noChallengeRequested", "challengeRequested", "challengeMandated"}


class Fake(FakeProcessor):
    """It is asked by the data of its links only; an operator finds a lost answer."""

    name = "worldpay"
    host = "try.access.worldpay.com"
    credentials: ClassVar = {"username": "u", "password": "p", "entity_id": "default", "merchant_name": "Chai Point"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "51"
    one_time = frozenset({"apple_pay", "google_pay"})
    charges_at = "/api/payments"
    # What the payer's bank says of an answered question.
    says = "authenticated"
    collect_url = COLLECT
    step_up_url = STEP_UP

    def __init__(self) -> None:
        # Payments that wait for the payer's browser, by the data of the link by which they go on, and what came of its device.
        self.waiting: dict[str, dict[str, Any]] = {}
        self.collected: list[str | None] = []
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == "Basic dTpw" and asked.headers["wp-api-version"] == "2024-06-01", "headers")
        match asked.path.split("/")[3:]:
            case []:
                return self._charge(asked.content)
            case [escaped, *action]:
                link = unquote(escaped)
                if action and action[0].startswith("3ds"):
                    return self._go_on(link, action, asked.content)
                return self._act(self.payments[link.removesuffix("-refund")], link, action, asked.content)
        raise ValueError(asked.path)

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        instruction = wanted["instruction"]
        self.check(bool(instruction["narrative"]["line1"]), "instruction")
        if instruction.get("threeDS") is not None:
            return self._ask_for_device_data(wanted, instruction["threeDS"])
        return self._decide(wanted)

    def _ask_for_device_data(self, wanted: dict[str, Any], three_ds: dict[str, Any]) -> Answer:
        device, challenge = three_ds["deviceData"], three_ds["challenge"]
        self.check((three_ds["type"], three_ds["mode"]) == ("integrated", "always"), "threeDS")
        self.check(bool(device["acceptHeader"]) and bool(device["userAgentHeader"]) and bool(challenge["returnUrl"]), "threeDS")
        self.check(challenge.get("preference", "noPreference") in PREFERENCES, "preference")
        link = self._wait("3dsDeviceData", wanted)
        asked = {"jwt": JWT, "url": self.collect_url, "bin": "400000"}
        return 202, {
            "outcome": "3dsDeviceDataRequired",
            "transactionReference": wanted["transactionReference"],
            "deviceDataCollection": asked,
            "_actions": {"supply3dsDeviceData": link},
        }

    def _wait(self, action: str, wanted: dict[str, Any]) -> dict[str, str]:
        data = f"{LINK}{action}{len(self.collected)}"
        self.waiting[data] = wanted
        return {"href": f"https://try.access.worldpay.com/api/payments/{quote(data)}/{action}", "method": "POST"}

    def _go_on(self, link: str, action: list[str], content: dict[str, Any]) -> Answer:
        """Each step once: a second one has nothing to go on with."""
        wanted = self.waiting.pop(link)
        ours = wanted["transactionReference"]
        if action == ["3dsDeviceData"]:
            self.check(set(content) <= {"collectionReference"}, "device data")
            self.collected.append(content.get("collectionReference"))
            if wanted["instruction"]["paymentInstrument"]["cardNumber"] != REDIRECTED:
                return self._decide(wanted)
            question = {"reference": f"706hovL8DK1tIGGzQUV{len(self.collected)}", "url": self.step_up_url, "jwt": JWT, "payload": "eyJt"}
            names = {"transactionReference": ours, "authentication": {"version": "2.1.0"}, "challenge": question}
            return 201, {**names, "outcome": "3dsChallenged", "_actions": {"complete3dsChallenge": self._wait("3dsChallenges", wanted)}}
        self.check(action == ["3dsChallenges"] and content == {}, "challenge")
        if self.says == "authenticated":
            return self._decide(wanted)
        return 201, {"transactionReference": ours, "outcome": self.says, "threeDS": {"version": "2.1.0", "eci": "07"}}

    def _decide(self, wanted: dict[str, Any]) -> Answer:
        instruction = wanted["instruction"]
        card, value = instruction["paymentInstrument"], instruction["value"]
        later, link = not instruction["settlement"]["auto"], f"{LINK}{len(self.payments)}"
        ours = wanted["transactionReference"]
        number = self._number(instruction["method"], card)
        # Who answered the bank's question is not asked again.
        number = APPROVED if number == REDIRECTED else number
        made = self.take(link, ours, value["amount"], value["currency"], number=number, later=later)
        masked = {"type": "card/plain+masked", "cardBin": "424242", "lastFour": "4242", "cardBrand": "visa", "fundingType": "debit"}
        names = {"transactionReference": ours, "paymentInstrument": masked, "riskFactors": []}
        if made.status == "refused":
            return 201, {**names, "outcome": "refused", "refusalCode": "51", "refusalDescription": "Insufficient funds"}
        issuer = {"issuer": {"authorizationCode": "12345A"}, "scheme": {"reference": "MCCOLXT1C0104"}}
        outcome = "authorized" if later else "sentForSettlement"
        return 201, {**names, **issuer, "outcome": outcome, **_links(link)}

    def _number(self, method: str, paying: dict[str, Any]) -> str:
        if method == "card":
            number: str = paying["cardNumber"]
            return number
        self.check(method in {"applepay", "googlepay"} and paying["type"] == "encrypted", "wallet")
        return self.number_of(paying["walletToken"])

    def _act(self, made: Taken, link: str, action: list[str], wanted: dict[str, Any]) -> Answer:
        match action:
            case []:
                event = "sentForRefund" if link.endswith("-refund") else EVENT[made.status]
                return 200, {"lastEvent": event, **_links(link)}
            case ["partialSettlements" | "settlements"]:
                made.status, made.captured = "taken", wanted["value"]["amount"] if wanted else made.amount
                return 202, {"outcome": "sentForSettlement", **_links(made.reference)}
            case ["cancellations"]:
                made.status = "released"
                return 202, {"outcome": "sentForCancellation", **_links(made.reference)}
            case ["partialRefunds" | "refunds"]:
                made.refunds[f"{len(made.refunds)}"] = wanted["value"]["amount"] if wanted else made.amount
                return 202, {"outcome": "sentForPartialRefund", **_links(f"{made.reference}-refund")}
        raise ValueError(action)


def _links(link: str) -> dict[str, Any]:
    return {"_links": {"self": {"href": f"https://try.access.worldpay.com/api/payments/{quote(link)}"}}, "_actions": {}}
