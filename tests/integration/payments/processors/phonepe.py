"""PhonePe, UPI intent, as https://developer.phonepe.com/v1/reference documents pay, check status and refund of PG v1."""

import base64
import hashlib
import json
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import WEBHOOK_SECRET, Answer, Asked, FakeProcessor, Taken

SALT, INDEX = "099eb0cd-02cf-4e2a-8aca-3e6c6aff0399", "1"
MERCHANT = "PGTESTPAYUAT"


class Fake(FakeProcessor):
    """Every request is signed by its path and payload. What became of a payment is asked by our reference."""

    name = "phonepe"
    host = "api-preprod.phonepe.com"
    credentials: ClassVar = {"merchant_id": MERCHANT, "salt_key": SALT, "salt_index": INDEX}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "refund", "callback"})
    pays_by = "upi"
    asks_addresses = True
    currency = "INR"
    decline_code = "PAYMENT_ERROR"
    charges_at = "/pg/v1/"

    def answer(self, asked: Asked) -> Answer:
        match asked.path.removeprefix("/apis/hermes").split("/")[1:]:
            case ["pg", "v1", "pay"]:
                self._signed(asked, asked.content["request"] + "/pg/v1/pay")
                return self._pay(json.loads(base64.b64decode(asked.content["request"])))
            case ["pg", "v1", "refund"]:
                self._signed(asked, asked.content["request"] + "/pg/v1/refund")
                return self._refund(json.loads(base64.b64decode(asked.content["request"])))
            case ["pg", "v1", "status", merchant, ours]:
                self._signed(asked, f"/pg/v1/status/{merchant}/{ours}")
                self.check((merchant, asked.headers["x-merchant-id"]) == (MERCHANT, MERCHANT), "merchant")
                return self._status(ours)
        raise ValueError(asked.path)

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://developer.phonepe.com/v1/reference/server-to-server-callback-5."""
        said = _said(payment) if kind != "refunded" else _refunded(*next(iter(payment.refunds.items())), "COMPLETED")
        encoded = base64.b64encode(json.dumps(said).encode()).decode()
        salt = SALT if self.webhook_secret == WEBHOOK_SECRET else self.webhook_secret
        verify = f"{hashlib.sha256(f'{encoded}{salt}'.encode()).hexdigest()}###{INDEX}"
        return [("X-VERIFY", verify)], json.dumps({"response": encoded}).encode()

    def _signed(self, asked: Asked, what: str) -> None:
        expected = f"{hashlib.sha256(f'{what}{SALT}'.encode()).hexdigest()}###{INDEX}"
        self.check(asked.headers["x-verify"] == expected, "X-VERIFY")

    def _pay(self, wanted: dict[str, Any]) -> Answer:
        kind = wanted["paymentInstrument"]["type"]
        # https://developer.phonepe.com/v1/reference/upi-collect: by the payer's address.
        instrument = {"type": "UPI_INTENT"} if kind == "UPI_INTENT" else {"type": "UPI_COLLECT", "vpa": "asha@okbank"}
        self.check(
            wanted["merchantId"] == MERCHANT and wanted["paymentInstrument"] == instrument, f"instrument {wanted['paymentInstrument']}"
        )
        self.check(isinstance(wanted["amount"], int), "amount in paise")
        self.check(kind == "UPI_COLLECT" or bool(wanted["deviceContext"]["deviceOS"]), "device")
        ours = wanted["merchantTransactionId"]
        self.check(len(ours) < 38, "at most 37 characters")
        self.take(str(len(self.payments)), ours, wanted["amount"], "INR", number="", later=True)
        link = f"upi://pay?pa=CHAI@ybl&pn=Chai&am={wanted['amount'] / 100:.2f}&mam={wanted['amount'] / 100:.2f}&tr={ours}&cu=INR&mode=04"
        names = {"merchantId": MERCHANT, "merchantTransactionId": ours}
        response = {"type": "UPI_INTENT", "intentUrl": link} if kind == "UPI_INTENT" else {"type": "UPI_COLLECT"}
        data = {**names, "instrumentResponse": response}
        return 200, {"success": True, "code": "PAYMENT_INITIATED", "message": "Payment initiated", "data": data}

    def _refund(self, wanted: dict[str, Any]) -> Answer:
        made = next(made for made in self.payments.values() if made.ours == wanted["originalTransactionId"])
        self.check(wanted["merchantId"] == MERCHANT and made.status == "taken", "a payment of this merchant that was taken")
        made.refunds[wanted["merchantTransactionId"]] = wanted["amount"]
        return 200, _refunded(wanted["merchantTransactionId"], wanted["amount"], "PENDING")

    def _status(self, ours: str) -> Answer:
        refund = next((made.refunds[ours] for made in self.payments.values() if ours in made.refunds), None)
        if refund is not None:
            return 200, _refunded(ours, refund, "COMPLETED")
        made = next((made for made in self.payments.values() if made.ours == ours), None)
        if made is None:
            return 404, {"success": False, "code": "TRANSACTION_NOT_FOUND", "message": "No transaction found with your request."}
        return 200, _said(made)


def _said(made: Taken) -> dict[str, Any]:
    code, state, response = {
        "held": ("PAYMENT_PENDING", "PENDING", "PAYMENT_PENDING"),
        "taken": ("PAYMENT_SUCCESS", "COMPLETED", "SUCCESS"),
        "refused": ("PAYMENT_ERROR", "FAILED", "ZM"),
    }[made.status]
    names = {"merchantId": MERCHANT, "merchantTransactionId": made.ours, "transactionId": f"T2601011000{made.reference}"}
    paid = {"paymentInstrument": {"type": "UPI", "utr": "206378866112"}} if made.status == "taken" else {}
    data = {**names, "amount": made.amount, "state": state, "responseCode": response, **paid}
    return {"success": made.status != "refused", "code": code, "message": "said", "data": data}


def _refunded(ours: str, amount: int, state: str) -> dict[str, Any]:
    names = {"merchantId": MERCHANT, "merchantTransactionId": ours, "transactionId": "TR2601011000"}
    code, response = ("PAYMENT_SUCCESS", "SUCCESS") if state == "COMPLETED" else ("PAYMENT_PENDING", "PAYMENT_PENDING")
    data = {**names, "amount": amount, "state": state, "responseCode": response}
    return {"success": True, "code": code, "message": "said", "data": data}
