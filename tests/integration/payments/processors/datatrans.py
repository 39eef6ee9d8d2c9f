"""Datatrans, as https://api-reference.datatrans.ch documents authorizations, settlements, cancellations, credits and their status."""

import base64
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import REDIRECTED, Answer, Asked, FakeProcessor, Taken

STATUS = {"taken": "settled", "held": "authorized", "released": "canceled", "refused": "failed", "redirected": "challenge_ongoing"}


class Fake(FakeProcessor):
    """It finds nothing by our reference: an operator finds a lost answer."""

    name = "datatrans"
    host = "api.sandbox.datatrans.com"
    credentials: ClassVar = {"merchant_id": "1100000000", "password": "K6qX9u"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "redirect"})
    decline_code = "DECLINED"
    charges_at = "/transactions/authorize"

    def answer(self, asked: Asked) -> Answer:
        expected = base64.b64encode(b"1100000000:K6qX9u").decode()
        self.check(asked.headers["authorization"] == f"Basic {expected}", "authorization")
        match asked.path.split("/")[3:]:
            case []:
                return self._begin(asked.content)
            case ["authorize"]:
                return self._charge(asked.content)
            case [reference]:
                return 200, self._status(reference)
            case [reference, action]:
                return self._act(self.payments[reference], action, asked.content)
        raise ValueError(asked.path)

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        card = wanted["card"]
        self.check(card["type"] == "PLAIN" and len(card["expiryYear"]) == 2 and card["cvv"] == "737", "card")
        self.check(len(wanted["refno"]) <= 40, "refno")
        if card["number"] == REDIRECTED:
            return 400, {"error": {"code": "SOFT_DECLINED", "message": "soft declined"}}
        later = wanted["autoSettle"] is False
        reference = f"{210215103042148501 + len(self.payments)}"
        made = self.take(reference, wanted["refno"], wanted["amount"], wanted["currency"], number=card["number"], later=later)
        if made.status == "refused":
            return 400, {"error": {"code": "DECLINED", "message": "declined"}}
        return 200, {"transactionId": reference, "acquirerAuthorizationCode": "103042", "card": {"masked": "424242xxxxxx4242"}}

    def _begin(self, wanted: dict[str, Any]) -> Answer:
        """A payment that its payer confirms on the page of `/v1/start/{transactionId}`."""
        card = wanted["card"]
        self.check("3D" in card and card["number"] == REDIRECTED, "3D")
        self.check({"successUrl", "cancelUrl", "errorUrl"} <= set(wanted["redirect"]), "redirect")
        reference = f"{210215103042148501 + len(self.payments)}"
        self.take(reference, wanted["refno"], wanted["amount"], wanted["currency"], number=card["number"])
        return 201, {"transactionId": reference, "3D": {"enrolled": True}}

    def _act(self, made: Taken, action: str, wanted: dict[str, Any]) -> Answer:
        match action:
            case "settle":
                made.status, made.captured = "taken", wanted["amount"]
            case "cancel":
                made.status = "released"
            case "credit":
                reference = f"9{made.reference[1:-1]}{len(made.refunds)}"
                made.refunds[reference] = wanted["amount"]
                return 200, {"transactionId": reference, "acquirerAuthorizationCode": "103043"}
            case other:
                raise ValueError(other)
        return 204, b""

    def _status(self, reference: str) -> dict[str, Any]:
        if reference in self.payments:
            made = self.payments[reference]
            settled = {"settle": {"amount": made.captured}} if made.captured else {}
            detail = {"authorize": {"amount": made.amount, "acquirerAuthorizationCode": "103042"}, **settled}
            names = {"type": "payment", "refno": made.ours, "status": STATUS[made.status]}
        else:
            (made,) = [one for one in self.payments.values() if reference in one.refunds]
            detail = {"credit": {"amount": made.refunds[reference], "acquirerAuthorizationCode": "103043"}}
            names = {"type": "credit", "refno": made.ours, "status": "settled"}
        about = {"transactionId": reference, "merchantId": "1100000000", "currency": made.currency, "paymentMethod": "VIS", "history": []}
        return {**about, **names, "detail": detail}
