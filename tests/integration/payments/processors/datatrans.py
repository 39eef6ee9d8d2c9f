"""Datatrans, as https://api-reference.datatrans.ch documents authorizations, settlements, cancellations, credits and their status."""

import base64
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import DECLINED, REDIRECTED, Answer, Asked, FakeProcessor, Taken

STATUS = {"taken": "settled", "held": "authorized", "released": "canceled", "refused": "failed", "redirected": "challenge_ongoing"}
# Of a transaction whose card is typed into Secure Fields, before it is authorized.
TYPED = {"begun": "initialized", "asked": "challenge_ongoing", "typed": "authenticated"}


class Fake(FakeProcessor):
    """It finds nothing by our reference: an operator finds a lost answer."""

    name = "datatrans"
    host = "api.sandbox.datatrans.com"
    credentials: ClassVar = {"merchant_id": "1100000000", "password": "K6qX9u"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "redirect"})
    decline_code = "DECLINED"
    charges_at = "/transactions/authorize"
    pays_orders_at = "/authorize"

    def __init__(self) -> None:
        # The card that is typed, and where the payer comes back to, by transaction.
        self.typed: dict[str, str] = {}
        self.back: dict[str, str] = {}
        # Our references of what was given back, by its transaction.
        self.credited: dict[str, str] = {}
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        expected = base64.b64encode(b"1100000000:K6qX9u").decode()
        self.check(asked.headers["authorization"] == f"Basic {expected}", "authorization")
        match asked.path.split("/")[3:]:
            case []:
                return self._begin(asked.content)
            case ["secureFields"]:
                return self._begin_fields(asked.content)
            case ["authorize"]:
                return self._charge(asked.content)
            case [reference]:
                return 200, self._status(reference)
            case [reference, "authorize"]:
                return self._authorize(self.payments[reference], asked.content)
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

    def _begin_fields(self, wanted: dict[str, Any]) -> Answer:
        """https://api-reference.datatrans.ch/#operation/secureFieldsInit: what it is for is not named yet."""
        self.check(set(wanted) == {"amount", "currency", "returnUrl"}, str(sorted(wanted)))
        reference = f"{210215103042148501 + len(self.payments)}"
        self.payments[reference] = Taken(reference, "", wanted["amount"], wanted["currency"], "begun")
        self.back[reference] = wanted["returnUrl"]
        return 201, {"transactionId": reference}

    def confirm(self, payment: Taken) -> None:
        """The payer types an approved card, or confirms on a page of Datatrans's."""
        if payment.status in TYPED:
            payment.status = "typed"
        else:
            super().confirm(payment)

    def _authorize(self, made: Taken, wanted: dict[str, Any]) -> Answer:
        """https://api-reference.datatrans.ch/#operation/authorize-split: once for each transaction, and only what was authenticated."""
        self.check(set(wanted) == {"refno", "amount", "autoSettle"} and len(wanted["refno"]) <= 40, str(wanted))
        self.check(wanted["amount"] == made.amount, "the amount that was begun with")
        if made.status != "typed":
            return 400, {"error": {"code": "INVALID_TRANSACTION_STATUS", "message": "not authenticated"}}
        self.check(wanted["refno"] not in {known.ours for known in self.payments.values()}, "refno twice")
        made.ours = wanted["refno"]
        if self.typed.get(made.reference) == DECLINED:
            made.status = "refused"
            return 400, {"error": {"code": "DECLINED", "message": "declined"}}
        made.status = "taken" if wanted["autoSettle"] else "held"
        made.captured = made.amount if wanted["autoSettle"] else 0
        return 200, {"acquirerAuthorizationCode": "103042"}

    def _act(self, made: Taken, action: str, wanted: dict[str, Any]) -> Answer:
        match action:
            case "settle":
                made.status, made.captured = "taken", wanted["amount"]
            case "cancel":
                made.status = "released"
            case "credit":
                reference = f"9{made.reference[1:-1]}{len(made.refunds)}"
                made.refunds[reference], self.credited[reference] = wanted["amount"], wanted["refno"]
                return 200, {"transactionId": reference, "acquirerAuthorizationCode": "103043"}
            case other:
                raise ValueError(other)
        return 204, b""

    def _status(self, reference: str) -> dict[str, Any]:
        if reference in self.payments:
            made = self.payments[reference]
            if made.status in TYPED:
                return self._unauthorized(made)
            settled = {"settle": {"amount": made.captured}} if made.captured else {}
            refused = {"fail": {"reason": "DECLINED", "message": "declined"}} if made.status == "refused" else {}
            detail = {"authorize": {"amount": made.amount, "acquirerAuthorizationCode": "103042"}, **settled, **refused}
            names = {"type": "payment", "refno": made.ours, "status": STATUS[made.status]}
        else:
            (made,) = [one for one in self.payments.values() if reference in one.refunds]
            detail = {"credit": {"amount": made.refunds[reference], "acquirerAuthorizationCode": "103043"}}
            names = {"type": "credit", "refno": self.credited[reference], "status": "settled"}
        about = {"transactionId": reference, "merchantId": "1100000000", "currency": made.currency, "paymentMethod": "VIS", "history": []}
        return {**about, **names, "detail": detail}

    def _unauthorized(self, made: Taken) -> dict[str, Any]:
        about = {"transactionId": made.reference, "merchantId": "1100000000", "currency": made.currency, "history": []}
        return {**about, "type": "payment", "status": TYPED[made.status], "detail": {"init": {"expires": "2026-01-01T00:30:00Z"}}}
