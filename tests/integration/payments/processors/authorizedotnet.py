"""Authorize.Net, as https://developer.authorize.net/api/reference/ documents transactions and their details; answers begin with a BOM."""

import hashlib
import hmac
import json
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import Answer, Asked, FakeProcessor, Taken

OK = {"resultCode": "Ok", "message": [{"code": "I00001", "text": "Successful."}]}
FAILED = {"resultCode": "Error", "message": [{"code": "E00027", "text": "The transaction was unsuccessful."}]}
EVENTS = {"taken": "authcapture", "captured": "priorAuthCapture", "released": "void", "refunded": "refund", "refused": "fraud.declined"}
STATUS = {"held": "authorizedPendingCapture", "taken": "capturedPendingSettlement", "released": "voided", "refused": "declined"}


class Fake(FakeProcessor):
    """It finds nothing by our reference; its callbacks have that, no currency, and all that is asked for besides."""

    name = "authorizedotnet"
    host = "apitest.authorize.net"
    credentials: ClassVar = {"name": "5KP3u95bQpv", "transaction_key": "346HZ32z3fP4hTG2"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "callback"})
    decline_code = "2"
    begins_with = b"\xef\xbb\xbf"
    charges_at = "/xml/v1/request.api"
    one_time = frozenset({"apple_pay", "google_pay"})

    def answer(self, asked: Asked) -> Answer:
        ((kind, wanted),) = asked.content.items()
        self.check(wanted["merchantAuthentication"] == {"name": "5KP3u95bQpv", "transactionKey": "346HZ32z3fP4hTG2"}, "credentials")
        if kind == "getTransactionDetailsRequest":
            return 200, {"transaction": self._details(wanted["transId"]), "messages": OK}
        return 200, self._act(wanted["transactionRequest"], wanted.get("refId"))

    def callback(self, payment: Taken, kind: str) -> tuple[list[tuple[str, str]], bytes]:
        """https://developer.authorize.net/api/reference/features/webhooks.html; the key is used as the text that it is."""
        names = {"notificationId": "d0e8e7fe-c3e7-4add-a480-27bc5ce28a18", "eventType": f"net.authorize.payment.{EVENTS[kind]}.created"}
        more = {"eventDate": "2026-01-01T00:00:00.0000000Z", "webhookId": "63d6fea2-aa13-4b1d-a204-f5fbc15942b7"}
        sums = {"responseCode": 1, "authCode": "LZ6I19", "avsResponse": "Y", "authAmount": payment.amount / 100}
        about = {"entityName": "transaction", "id": payment.reference, "merchantReferenceId": payment.ours, "invoiceNumber": payment.ours}
        body = json.dumps({**names, **more, "payload": {**sums, **about}}).encode()
        signature = hmac.new(self.webhook_secret.encode(), body, hashlib.sha512).hexdigest().upper()
        return [("X-ANET-Signature", f"sha512={signature}")], body

    def _number(self, paying: dict[str, Any]) -> str:
        if "creditCard" in paying:
            number: str = paying["creditCard"]["cardNumber"]
            return number
        opaque = paying["opaqueData"]
        names = {"COMMON.APPLE.INAPP.PAYMENT", "COMMON.GOOGLE.INAPP.PAYMENT"}
        self.check(opaque["dataDescriptor"] in names, "dataDescriptor")
        return self.number_of(opaque["dataValue"], encoded=True)

    def _act(self, wanted: dict[str, Any], ours: str | None) -> dict[str, Any]:
        match wanted["transactionType"]:
            case "authCaptureTransaction" | "authOnlyTransaction" as kind:
                number = self._number(wanted["payment"])
                self.check(wanted["order"]["invoiceNumber"] == ours and len(ours or "") <= 20, "invoice")
                reference = f"{2157047189 + len(self.payments)}"
                minor = round(wanted["amount"] * 100)
                later = kind == "authOnlyTransaction"
                made = self.take(reference, ours or "", minor, wanted["currencyCode"], number=number, later=later)
            case "priorAuthCaptureTransaction":
                made = self._named(wanted["refTransId"])
                made.status, made.captured = "taken", round(wanted["amount"] * 100)
            case "voidTransaction":
                made = self._named(wanted["refTransId"])
                made.status = "released"
            case "refundTransaction":
                made = self._named(wanted["refTransId"])
                self.check(wanted["payment"]["creditCard"] == {"cardNumber": "XXXX4242", "expirationDate": "XXXX"}, "card")
                made.refunds[f"R{len(made.refunds)}"] = round(wanted["amount"] * 100)
                return self._said(made, "60" + made.reference, ours)
            case other:
                raise ValueError(other)
        return self._said(made, made.reference, ours)

    def _said(self, made: Taken, reference: str, ours: str | None) -> dict[str, Any]:
        refused = made.status == "refused"
        errors = {"errors": [{"errorCode": "2", "errorText": "This transaction has been declined."}]} if refused else {}
        code = {"responseCode": "2" if refused else "1", "authCode": "HW617E", "avsResultCode": "Y", "cvvResultCode": "", "refTransID": ""}
        card = {
            "accountNumber": "XXXX4242",
            "accountType": "Visa",
            "transHash": "",
            "testRequest": "0",
            "networkTransId": "123456789KLNLN9H",
        }
        messages = {"messages": [{"code": "1", "description": "This transaction has been approved."}]} if not refused else {}
        said = {"transactionResponse": {**code, **card, **errors, **messages, "transId": reference}, "messages": OK}
        return said if ours is None else {**said, "refId": ours}

    def _details(self, reference: str) -> dict[str, Any]:
        is_refund = reference not in self.payments
        made = self.payments[reference.removeprefix("60")] if is_refund else self.payments[reference]
        status = "refundSettledSuccessfully" if is_refund else STATUS[made.status]
        kind = "refundTransaction" if is_refund else "authCaptureTransaction"
        names = {"transId": reference, "transactionStatus": status, "transactionType": kind}
        sums = {"authAmount": made.amount / 100, "settleAmount": made.captured / 100, "responseCode": 1, "responseReasonCode": 1}
        card = {"payment": {"creditCard": {"cardNumber": "XXXX4242", "expirationDate": "XXXX", "cardType": "Visa"}}}
        when = {"submitTimeUTC": "2026-01-01T00:00:00Z", "submitTimeLocal": "2026-01-01T00:00:00"}
        more = {"responseReasonDescription": "Approval", "authCode": "x", "AVSResponse": "Y"}
        return {**names, **sums, **card, **when, **more, "order": {"invoiceNumber": made.ours, "description": made.ours}}

    def _named(self, reference: str) -> Taken:
        return self.payments[reference]
