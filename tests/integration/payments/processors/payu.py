"""PayU (India), UPI intent by S2S, as https://docs.payu.in documents it with verify_payment, refunds and their status."""

import hashlib
import json
from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.integration.payments.processors.fake import WEBHOOK_SECRET, Answer, Asked, FakeProcessor, Taken

KEY, SALT = "gtKFFx", "eCwWELxi"
FETCHED = "1 out of 1 Transactions Fetched Successfully"


class Fake(FakeProcessor):
    """Forms with a hash of their fields. What became of a payment is asked by our `txnid`, of a refund by PayU's request id."""

    name = "payu"
    host = "test.payu.in"
    credentials: ClassVar = {"api_key": KEY, "api_secret": SALT}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "refund", "callback"})
    pays_by = "upi"
    asks_addresses = True
    currency = "INR"
    decline_code = "E500"
    charges_at = "key="

    def answer(self, asked: Asked) -> Answer:
        form = asked.content
        self.check(form["key"] == KEY, "key")
        if asked.path == "/_payment":
            return self._pay(form)
        self.check(asked.path == "/merchant/postservice.php?form=2", asked.path)
        self._hashed(form, form["key"], form["command"], form["var1"])
        match form["command"]:
            case "verify_payment":
                return 200, self._verified(form["var1"])
            case "cancel_refund_transaction":
                return 200, self._refund(form)
            case "check_action_status":
                return 200, self._action(form["var1"])
        raise ValueError(form["command"])

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://docs.payu.in/docs/webhook-events-and-sample-payloads."""
        self.check(kind == "taken", "only what is signed")
        said = {"mihpayid": payment.reference, "mode": "UPI", "status": "success", "unmappedstatus": "captured", "key": KEY}
        sums = {"amount": f"{payment.amount / 100:.2f}", "discount": "0.00", "net_amount_debit": f"{payment.amount / 100:.2f}"}
        payer = {"productinfo": "Payment", "firstname": "Asha", "lastname": "", "email": "asha@shop.example", "phone": "9190000900"}
        more = {
            **dict.fromkeys((f"udf{number}" for number in range(1, 11)), ""),
            "txnid": payment.ours,
            "error": "E000",
            "PG_TYPE": "UPI-PG",
        }
        form = {**said, **sums, **payer, **more}
        salt = SALT if self.webhook_secret == WEBHOOK_SECRET else self.webhook_secret
        names = ("udf5", "udf4", "udf3", "udf2", "udf1", "email", "firstname", "productinfo", "amount", "txnid", "key")
        signed = [salt, form["status"], *[""] * 5, *(form[name] for name in names)]
        form["hash"] = hashlib.sha512("|".join(signed).encode()).hexdigest()
        return [("Content-Type", "application/x-www-form-urlencoded")], urlencode(form).encode()

    def refund_callback(self, payment: Taken, status: str, *, form: bool = False, key: str = KEY) -> tuple[list[tuple[str, str]], bytes]:
        """https://docs.payu.in/reference-link/refund-status-callback: without a signature, and with spaces around a number."""
        ((request_id, amount),) = payment.refunds.items()
        names = {"key": key, "token": "DG0036362", "mihpayid": f" {payment.reference} ", "request_id": request_id}
        names["merchantTxnId"] = payment.ours
        more = {"additionalValue1": None, "bank_arn": None, "refund_mode": "Instant Credit through UPI", "remark": None}
        said = {**names, **more, "amt": f"{amount / 100:.2f}", "bank_ref_num": "308239782136", "status": status, "action": "refund"}
        if form:
            return [("Content-Type", "application/x-www-form-urlencoded")], urlencode(said).encode()
        return [("Content-Type", "application/json")], json.dumps(said).encode()

    def signed_parts(self, body: bytes) -> list[bytes]:
        signed = {b"status", b"key", b"amount", b"productinfo", b"firstname", b"email", b"txnid", b"hash"}
        return [part for part in body.split(b"&") if part.partition(b"=")[0] in signed]

    def _hashed(self, form: dict[str, Any], *fields: str) -> None:
        self.check(form["hash"] == hashlib.sha512("|".join((*fields, SALT)).encode()).hexdigest(), "hash")

    def _pay(self, form: dict[str, Any]) -> Answer:
        names = ("key", "txnid", "amount", "productinfo", "firstname", "email")
        self._hashed(form, *(form[name] for name in names), *(form.get(f"udf{number}", "") for number in range(1, 6)), *[""] * 5)
        # https://docs.payu.in/reference/addl_info-payment-apis.
        self.check(len(form["txnid"]) <= 25 and len(form["productinfo"]) <= 100, "lengths")
        self.check(all(len(form[name]) <= longest for name, longest in (("firstname", 60), ("email", 50), ("phone", 50))), "lengths")
        # https://docs.payu.in/docs/upi-collection-s2s: by the payer's address, or by a link.
        collects = form["bankcode"] == "UPI"
        self.check((form["pg"], form["txn_s2s_flow"]) == ("UPI", "4"), "UPI by S2S")
        self.check(form.get("vpa") == "asha@okbank" if collects else form["bankcode"] == "INTENT", f"{form['bankcode']} {form.get('vpa')}")
        self.check(form["phone"] == "9190000900" and form["email"] == "asha@shop.example" and not form.get("udf1"), "payer, as given")
        self.check(bool(form["s2s_client_ip"]) and bool(form["surl"]) and bool(form["furl"]), "addresses")
        reference = str(403993715521937565 + len(self.payments))
        made = self.take(reference, form["txnid"], round(float(form["amount"]) * 100), "INR", number="", later=True)
        data = f"pa=payu@axisbank&pn=PayU&tr={reference}&tid=PPPL{reference}&am={form['amount']}&cu=INR&tn=UPI"
        meta = {"message": None, "referenceId": "14ec0d6b", "statusCode": None, "txnId": made.ours}
        result = {"paymentId": reference, "merchantName": "PAYU", "merchantVpa": "payu@axisbank", "amount": form["amount"]}
        states = {"txnStatus": "pending", "unmappedStatus": "pending"}
        link = {} if collects else {"intentURIData": data}
        return 200, {"metaData": meta | states, "result": {**result, **link, "acsTemplate": "PGh0bWw+"}}

    def _verified(self, ours: str) -> dict[str, Any]:
        made = next((made for made in self.payments.values() if made.ours == ours), None)
        if made is None:
            unknown = {"mihpayid": "Not Found", "status": "Not Found"}
            return {"status": 0, "msg": "0 out of 1 Transactions Fetched Successfully", "transaction_details": {ours: unknown}}
        return {"status": 1, "msg": FETCHED, "transaction_details": {ours: _details(made)}}

    def _refund(self, form: dict[str, Any]) -> dict[str, Any]:
        made = self.payments[form["var1"]]
        self.check(made.status == "taken" and len(form["var3"]) <= 23, "a payment that was taken; a token of 23 characters")
        made.refunds["7800456"] = round(float(form["var2"]) * 100)
        queued = {"status": 1, "msg": "Refund Request Queued", "request_id": "7800456", "bank_ref_num": None}
        return {**queued, "mihpayid": int(made.reference), "error_code": 102}

    def _action(self, request_id: str) -> dict[str, Any]:
        made = next(made for made in self.payments.values() if request_id in made.refunds)
        names = {"mihpayid": made.reference, "bank_ref_num": "527013524405", "request_id": request_id, "action": "refund", "mode": "UPI"}
        action = {**names, "amt": f"{made.refunds[request_id] / 100:.2f}", "token": "t", "status": "success", "bank_arn": None}
        return {"status": 1, "msg": FETCHED, "transaction_details": {request_id: {request_id: action}}}


def _details(made: Taken) -> dict[str, Any]:
    status, unmapped, code = {
        "held": ("pending", "pending", "E000"),
        "taken": ("success", "captured", "E000"),
        "refused": ("failure", "failed", "E500"),
    }[made.status]
    amount = f"{made.amount / 100:.2f}"
    names = {"mihpayid": made.reference, "request_id": "", "bank_ref_num": "527013524405", "txnid": made.ours, "firstname": "Asha"}
    sums = {"amt": amount, "transaction_amount": amount, "net_amount_debit": amount, "disc": "0.00", "additional_charges": "0.00"}
    more = {"productinfo": "Payment", "bankcode": "INTENT", "mode": "UPI", "PG_TYPE": "UPI-PG", "card_no": "", "card_type": None}
    said = {"status": status, "unmappedstatus": unmapped, "error_code": code, "error_Message": "said", "addedon": "2026-01-01 10:00:00"}
    nothing = dict.fromkeys(("udf1", "udf2", "udf3", "udf4", "udf5", "field2", "field9", "name_on_card", "Merchant_UTR"))
    return {**names, **sums, **more, **said, **nothing, "payment_source": "payuPureS2S", "Settled_At": "0000-00-00 00:00:00"}
