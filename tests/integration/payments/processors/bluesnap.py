"""BlueSnap, as https://developers.bluesnap.com/v8976-JSON/docs documents card transactions, their capture and reversal, and refunds."""

import base64
import hashlib
import hmac
from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.integration.payments.processors.fake import APPROVED, NAMED, Answer, Asked, FakeProcessor, Taken

KIND = {"taken": "AUTH_CAPTURE", "held": "AUTH_ONLY", "released": "AUTH_REVERSAL"}
TOKEN = "12345abcde0123456789"
CARD = {"cardLastFourDigits": "4242", "cardType": "VISA", "cardSubType": "CREDIT", "issuingCountryCode": "us"}
DONE = {"processingStatus": "success", "cvvResponseCode": "ND", "authorizationCode": "654321", "avsResponseCodeZip": "U"}
REFUSED = {
    "errorName": "INSUFFICIENT_FUNDS",
    "code": "14002",
    "description": "Transaction failed because of payment processing failure.: 430306 - Insufficient funds.",
}


class Fake(FakeProcessor):
    """The library asks by BlueSnap's name alone, which an IPN brings: https://support.bluesnap.com/docs/ipn-setup."""

    name = "bluesnap"
    host = "sandbox.bluesnap.com"
    one_time = frozenset({"processor_token"})
    credentials: ClassVar = {"username": "API_1", "password": "Plimus1"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "callback"})
    decline_code = "14002"
    charges_at = "/services/2/transactions"

    def __init__(self) -> None:
        # The cards that payers' browsers have bound to tokens; each token is used once.
        self.cards: dict[str, str] = {**NAMED, TOKEN: APPROVED}
        # Transactions that are authorizations: each is retrieved as that, whatever followed.
        self.held: set[str] = set()
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        expected = base64.b64encode(b"API_1:Plimus1").decode()
        self.check(asked.headers["authorization"] == f"Basic {expected}", "authorization")
        match asked.method, asked.path.split("/")[3:]:
            case "POST", ["payment-fields-tokens"]:
                self.headers = [("Location", f"https://{self.host}/services/2/payment-fields-tokens/{TOKEN}")]
                return 201, b""
            case "POST", ["transactions"]:
                return self._charge(asked.content)
            case "PUT", ["transactions"]:
                return self._act(self.payments[asked.content["transactionId"]], asked.content)
            case "POST", ["transactions", "refund", reference]:
                return self._refund(self.payments[reference], asked.content)
            case "GET", ["transactions", reference]:
                return 200, self._found(reference)
        raise ValueError(asked.path)

    def _charge(self, wanted: dict[str, Any]) -> Answer:
        self.check(len(wanted["merchantTransactionId"]) <= 50, "our reference")
        number = self._number(wanted)
        reference, minor = f"{38486450 + len(self.payments)}", round(float(wanted["amount"]) * 100)
        later = wanted["cardTransactionType"] == "AUTH_ONLY"
        made = self.take(reference, wanted["merchantTransactionId"], minor, wanted["currency"], number=number, later=later)
        if later:
            self.held.add(reference)
        if made.status == "refused":
            return 402, {"message": [REFUSED]}
        return 200, self._document(made)

    def _number(self, wanted: dict[str, Any]) -> str:
        """Of the card, or of the one that was typed into hosted fields."""
        if "pfToken" in wanted:
            return self.cards.pop(wanted["pfToken"])
        card = wanted["creditCard"]
        self.check(card["securityCode"] == "737" and len(card["expirationYear"]) == 4, "card")
        number: str = card["cardNumber"]
        return number

    def _document(self, made: Taken, **other: Any) -> dict[str, Any]:
        names = {"transactionId": made.reference, "merchantTransactionId": made.ours, "cardTransactionType": KIND[made.status]}
        amount = (made.captured or made.amount) / 100
        sums = {"amount": amount, "usdAmount": amount, "currency": made.currency, "recurringTransaction": "ECOMMERCE"}
        holder = {"cardHolderInfo": {"firstName": "A", "lastName": "Rao", "country": "in"}, "creditCard": CARD, "processingInfo": DONE}
        return {**names, **sums, **holder, **other}

    def _act(self, made: Taken, wanted: dict[str, Any]) -> Answer:
        match wanted["cardTransactionType"]:
            case "CAPTURE":
                self.check(made.status == "held", "captured twice")
                made.status, made.captured = "taken", round(float(wanted["amount"]) * 100)
            case "AUTH_REVERSAL":
                self.check(made.status in {"held", "released"}, "a reversal of what was captured")
                made.status = "released"
            case other:
                raise ValueError(other)
        return 200, self._document(made, cardTransactionType=wanted["cardTransactionType"])

    def _refund(self, made: Taken, wanted: dict[str, Any]) -> Answer:
        number = int(made.reference) + 1000 + len(made.refunds)
        made.refunds[str(number)] = round(float(wanted["amount"]) * 100)
        return 200, {"refundTransactionId": number, "refundStatus": "SUCCESS"}

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://support.bluesnap.com/docs/ipns-name-reference"""
        types = {"taken": "CHARGE", "captured": "CHARGE", "refused": "CC_CHARGE_FAILED", "refunded": "REFUND"}
        names = {"transactionType": types[kind], "merchantTransactionId": payment.ours, "referenceNumber": payment.reference}
        sums = {"invoiceChargeAmount": f"{payment.amount / 100:.2f}", "invoiceChargeCurrency": payment.currency, "authkey": ""}
        back = {"reversalRefNum": next(iter(payment.refunds)), "reversalReason": "Refund"} if kind == "refunded" else {}
        body, moment = urlencode({**names, **sums, **back}).encode(), "2026-01-01 13:02:57.878"
        signature = hmac.new(self.webhook_secret.encode(), moment.encode() + body, hashlib.sha256).hexdigest()
        form = ("Content-Type", "application/x-www-form-urlencoded")
        return [form, ("bls-ipn-timestamp", moment), ("bls-signature", signature)], body

    def _found(self, reference: str) -> dict[str, Any]:
        if reference in self.held:
            return self._document(self.payments[reference], cardTransactionType="AUTH_ONLY", amount=self.payments[reference].amount / 100)
        if reference in self.payments:
            return self._document(self.payments[reference])
        (made,) = [one for one in self.payments.values() if reference in one.refunds]
        return self._document(made, transactionId=reference, cardTransactionType="REFUND", amount=made.refunds[reference] / 100)
