"""Worldpay (Access), as https://docs.worldpay.com/access/products/payments documents payments, settlements, cancellations and refunds."""

from typing import Any, ClassVar
from urllib.parse import quote, unquote

from tests.integration.payments.processors.fake import Answer, Asked, FakeProcessor, Taken

# Data of links as they are: long, and escaped.
LINK = "eyJrIjoiazNhYjYzMiIsImxpbmtWZXJzaW9uIjoiNi4wLjAifQ==." + "VHHfMaXx0-" * 20
EVENT = {"taken": "sentForSettlement", "held": "authorized", "released": "cancelled", "refused": "refused"}


class Fake(FakeProcessor):
    """It is asked by the data of its links only; an operator finds a lost answer."""

    name = "worldpay"
    host = "try.access.worldpay.com"
    credentials: ClassVar = {"username": "u", "password": "p", "entity_id": "default", "merchant_name": "Chai Point"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "51"
    one_time = frozenset({"apple_pay", "google_pay"})
    charges_at = "/api/payments"

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == "Basic dTpw" and asked.headers["wp-api-version"] == "2024-06-01", "headers")
        match asked.path.split("/")[3:]:
            case []:
                return self._charge(asked.content)
            case [escaped, *action]:
                link = unquote(escaped)
                return self._act(self.payments[link.removesuffix("-refund")], link, action, asked.content)
        raise ValueError(asked.path)

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        instruction = wanted["instruction"]
        self.check(bool(instruction["narrative"]["line1"]), "instruction")
        card, value = instruction["paymentInstrument"], instruction["value"]
        later, link = not instruction["settlement"]["auto"], f"{LINK}{len(self.payments)}"
        ours = wanted["transactionReference"]
        made = self.take(link, ours, value["amount"], value["currency"], number=self._number(instruction["method"], card), later=later)
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
