"""Shift4, as https://dev.shift4.com/docs/api documents charges, captures and refunds; a refund of what is held releases it."""

import base64
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import NAMED, Answer, Asked, FakeProcessor, Taken

CARD = {"id": "card_1", "objectType": "card", "first6": "424242", "last4": "4242", "expMonth": "12", "expYear": "2031", "brand": "Visa"}
# Tokens of cards whose bank was asked by Shift4's script, and what it says of any other one that is charged with the demand.
VERIFIED = {f"{name}_3ds": number for name, number in NAMED.items()}
DEMANDS = {"requireAttempt", "requireEnrolledCard", "requireSuccessfulLiabilityShiftForEnrolledCard"}
UNVERIFIED = {"type": "card_error", "code": "authentication_required", "message": "3D Secure verification was not attempted."}
REFUSED = {"type": "card_error", "code": "insufficient_funds", "message": "There is not enough money on the card."}


class Fake(FakeProcessor):
    """It finds nothing by our reference: an operator finds a lost answer."""

    name = "shift4"
    host = "api.shift4.com"
    one_time = frozenset({"processor_token"})
    credentials: ClassVar = {"api_key": "sk_test_1"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund"})
    decline_code = "insufficient_funds"
    charges_at = "/charges"

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == f"Basic {base64.b64encode(b'sk_test_1:').decode()}", "authorization")
        match asked.path.split("/")[1:]:
            case ["charges"]:
                return self._charge(asked.content)
            case ["charges", reference]:
                return 200, self._document(self.payments[reference])
            case ["charges", reference, "capture"]:
                made = self.payments[reference]
                made.status, made.captured = "taken", asked.content["amount"]
                return 200, self._document(made)
            case ["refunds"]:
                return self._give_back(self.payments[asked.content["chargeId"]], asked.content.get("amount"))
            case ["refunds", reference]:
                (made,) = [one for one in self.payments.values() if reference in one.refunds]
                return 200, _refund(made, reference)
        raise ValueError(asked.path)

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        # Optional; what a payer types into the components comes without.
        self.check("billing" not in wanted or len(wanted["billing"]["address"]["country"]) == 2, "country")
        if "threeDSecure" in wanted:
            self.check(wanted["threeDSecure"] == dict.fromkeys(DEMANDS, True), "threeDSecure")
            if str(wanted["card"]) not in VERIFIED:
                return 402, {"error": UNVERIFIED}
        number = self._number(wanted["card"])
        reference, ours = f"char_{len(self.payments):024d}", wanted["external"]["vendorReference"]
        later = wanted["captured"] is False
        made = self.take(reference, ours, wanted["amount"], wanted["currency"], number=number, later=later)
        if made.status == "refused":
            return 402, {"error": {**REFUSED, "chargeId": reference}}
        return 200, self._document(made)

    def _number(self, card: str | dict[str, Any]) -> str:
        """Of the card, or of a token's."""
        if isinstance(card, str):
            return {**NAMED, **VERIFIED}[card]
        self.check(not [name for name in card if name.startswith("address")], "the address stands in billing")
        self.check(card["cvc"] == "737" and len(card["expYear"]) == 4, "card")
        number: str = card["number"]
        return number

    def _document(self, made: Taken) -> dict[str, Any]:
        given_back = sum(made.refunds.values())
        state = {"captured": made.captured > 0, "refunded": given_back > 0, "amountRefunded": given_back, "disputed": False}
        names = {"id": made.reference, "created": 1767225600, "objectType": "charge", "vendorReference": made.ours}
        return {**names, "amount": made.captured or made.amount, "currency": made.currency, "card": CARD, "status": "successful", **state}

    def _give_back(self, made: Taken, amount: int | None) -> Answer:
        if made.status == "held":
            made.status = "released"
            return 200, {**_refund(made, "re_0"), "amount": made.amount}
        reference = f"re_{len(made.refunds):024d}"
        made.refunds[reference] = amount or made.captured
        return 200, _refund(made, reference)


def _refund(made: Taken, reference: str) -> dict[str, Any]:
    names = {"id": reference, "created": 1767225600, "objectType": "refund", "charge": made.reference, "status": "successful"}
    return {**names, "amount": made.refunds.get(reference, made.amount), "currency": made.currency}
