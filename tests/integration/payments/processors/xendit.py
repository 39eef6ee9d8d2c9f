"""Xendit, cards, as https://developers.xendit.co/api-reference documents payment requests, captures and refunds."""

import base64
from typing import Any, ClassVar

from tests.integration.payments.processors.fake import APPROVED, DECLINED, REDIRECTED, Answer, Asked, FakeProcessor, Taken

KEY = "xnd_development_1"
WHEN = "2026-01-01T00:00:00.000Z"


class Fake(FakeProcessor):
    """Amounts are in major units; a declined card is a request that failed, not an error."""

    name = "xendit"
    host = "api.xendit.co"
    credentials: ClassVar = {"api_key": KEY}
    certifies = frozenset({"authorize", "decline", "timeout", "redirect", "lookup", "capture", "refund"})
    currency = "PHP"
    decline_code = "CARD_DECLINED"
    charges_at = "/payment_requests"

    def __init__(self) -> None:
        # Payment requests that wait for their capture when they are made.
        self.held: set[str] = set()
        super().__init__()

    def answer(self, asked: Asked) -> Answer:
        self.check(asked.headers["authorization"] == f"Basic {base64.b64encode(f'{KEY}:'.encode()).decode()}", "credentials")
        match asked.path.split("/")[1:]:
            case ["payment_requests"]:
                return self._pay(asked.content)
            case ["payment_requests", reference]:
                made = self.payments.get(reference)
                unknown = {"error_code": "DATA_NOT_FOUND", "message": "Could not find payment request by id"}
                return (404, unknown) if made is None else (200, self._request(made))
            case ["payment_requests", reference, "captures"]:
                return self._capture(self.payments[reference], asked.content)
            case ["refunds"]:
                return self._refund(asked.content)
            case ["refunds", reference]:
                made, refund_id = next((made, ours) for made in self.payments.values() for ours in made.refunds if _name(ours) == reference)
                return 200, _refunded(made, refund_id)
        raise ValueError(asked.path)

    def _pay(self, wanted: dict[str, Any]) -> Answer:
        method = wanted["payment_method"]
        card = method["card"]["card_information"]
        self.check(method["type"] == "CARD" and method["reusability"] == "ONE_TIME_USE", "a card for one payment")
        self.check((card["expiry_month"], card["expiry_year"], card["cvv"]) == ("12", "2031", "737"), "card")
        self.check(card["cardholder_email"] == "asha@shop.example" and card["cardholder_phone_number"] == "9190000900", "payer, as given")
        self.check("/pay/pay_" in method["card"]["channel_properties"]["success_return_url"], "where the payer comes back")
        self.check(card["card_number"] in {APPROVED, DECLINED, REDIRECTED}, "card number")
        minor, ours = round(wanted["amount"] * 100), wanted["reference_id"]
        self.check(wanted["capture_method"] in {"AUTOMATIC", "MANUAL"}, "when it is captured")
        later, reference = wanted["capture_method"] == "MANUAL", f"pr-{len(self.payments)}1102feed"
        if later:
            self.held.add(reference)
        made = self.take(reference, ours, minor, wanted["currency"], number=card["card_number"], later=later)
        return 201, self._request(made)

    def _capture(self, made: Taken, wanted: dict[str, Any]) -> Answer:
        """https://developers.xendit.co/api-reference/#create-capture: one capture, of what is held at most."""
        if made.status != "held":
            return 409, {"error_code": "INVALID_PAYMENT_STATE", "message": "The payment request is not awaiting capture."}
        minor = round(wanted["capture_amount"] * 100)
        self.check(0 < minor <= made.amount, "what is held, at most")
        made.status, made.captured = "taken", minor
        names = {"id": f"cptr-{made.reference[3:]}", "payment_request_id": made.reference, "payment_id": f"py-{made.reference[3:]}"}
        sums = {"authorized_amount": made.amount / 100, "captured_amount": minor / 100, "currency": made.currency}
        nothing = dict.fromkeys(("failure_code", "customer_id", "metadata", "channel_properties"))
        said = {"reference_id": made.ours, "status": "SUCCEEDED", "payment_method": _method(made)}
        return 200, {**names, **sums, **said, **nothing, "created": WHEN, "updated": WHEN}

    def _request(self, made: Taken) -> dict[str, Any]:
        return _request(made, is_manual=made.reference in self.held)

    def _refund(self, wanted: dict[str, Any]) -> Answer:
        made = self.payments[wanted["payment_request_id"]]
        self.check(made.status == "taken" and wanted["reason"] == "REQUESTED_BY_CUSTOMER", "a payment that was taken, a documented reason")
        made.refunds[wanted["reference_id"]] = round(wanted["amount"] * 100)
        return 200, _refunded(made, wanted["reference_id"])


def _name(refund_id: str) -> str:
    return f"rfd-{refund_id[-8:]}"


def _request(made: Taken, *, is_manual: bool) -> dict[str, Any]:
    status = {"taken": "SUCCEEDED", "refused": "FAILED", "redirected": "REQUIRES_ACTION", "held": "AWAITING_CAPTURE"}[made.status]
    auth = {"action": "AUTH", "url_type": "WEB", "url": "https://redirect.xendit.co/callbacks/3ds", "method": "GET", "qr_code": None}
    names = {"id": made.reference, "reference_id": made.ours, "business_id": "5f27a14a9bf05c73dd040bc8", "customer_id": None}
    sums = {"amount": made.amount / 100, "currency": made.currency, "country": "PH", "initiator": "CUSTOMER"}
    sums["capture_method"] = "MANUAL" if is_manual else "AUTOMATIC"
    said = {"status": status, "actions": [auth] if made.status == "redirected" else [], "failure_code": None}
    if made.status == "refused":
        said["failure_code"] = "CARD_DECLINED"
    nothing = dict.fromkeys(("description", "metadata", "items", "shipping_information", "channel_properties", "card_verification_results"))
    return {**names, **sums, **said, **nothing, "payment_method": _method(made), "created": WHEN, "updated": WHEN}


def _method(made: Taken) -> dict[str, Any]:
    masked = {"token_id": "66f3", "masked_card_number": "424242XXXXXX4242", "expiry_month": "12", "expiry_year": "2031"}
    card = {
        **masked,
        "cardholder_name": "A Rao",
        "fingerprint": "61f6",
        "type": "CREDIT",
        "network": "VISA",
        "country": "US",
        "issuer": "BANK",
    }
    back = {"success_return_url": "https://a.example", "failure_return_url": "https://b.example", "skip_three_d_secure": False}
    names = {"id": "pm-6ff0b6f2", "type": "CARD", "reference_id": made.ours, "reusability": "ONE_TIME_USE", "status": "ACTIVE"}
    others = dict.fromkeys(("description", "ewallet", "direct_debit", "over_the_counter", "virtual_account", "qr_code", "metadata"))
    details = {"currency": made.currency, "channel_properties": back, "card_information": card, "card_verification_results": None}
    return {**names, **others, "card": details, "billing_information": None, "created": WHEN, "updated": WHEN}


def _refunded(made: Taken, refund_id: str) -> dict[str, Any]:
    names = {"id": _name(refund_id), "payment_request_id": made.reference, "reference_id": refund_id, "payment_method_type": "CARD"}
    sums = {"amount": made.refunds[refund_id] / 100, "currency": made.currency, "country": "PH", "channel_code": "VISA"}
    more = {"status": "SUCCEEDED", "reason": "REQUESTED_BY_CUSTOMER", "failure_code": None, "refund_fee_amount": None}
    nothing = dict.fromkeys(("payment_id", "invoice_id", "metadata"))
    return {**names, **sums, **more, **nothing, "created": WHEN, "updated": WHEN}
