"""Airwallex, as https://www.airwallex.com/docs/api#/Payment_Acceptance documents intents, their confirmation and capture, and refunds."""

from typing import Any, ClassVar

from tests.integration.payments.processors.fake import Answer, Asked, FakeProcessor, Taken

STATUS = {
    "taken": "SUCCEEDED",
    "held": "REQUIRES_CAPTURE",
    "released": "CANCELLED",
    "redirected": "REQUIRES_CUSTOMER_ACTION",
    "refused": "REQUIRES_PAYMENT_METHOD",
}
ATTEMPT = {"taken": "CAPTURE_REQUESTED", "held": "AUTHORIZED", "released": "CANCELLED", "redirected": "AUTHENTICATION_REDIRECTED"}
WHEN = {"created_at": "2026-01-01T00:00:00+0000", "updated_at": "2026-01-01T00:00:00+0000"}
DECLINED = {"code": "issuer_declined", "message": "The card issuer declined this transaction.", "provider_original_response_code": "51"}


class Fake(FakeProcessor):
    """An intent is asked for by its id, which is known before the card is sent. The library reads none of its callbacks."""

    name = "airwallex"
    host = "api-demo.airwallex.com"
    credentials: ClassVar = {"api_key": "d4b0e1", "client_id": "u_1WdBQ"}
    certifies = frozenset({"authorize", "decline", "timeout", "lookup", "capture", "void", "refund", "redirect"})
    decline_code = "issuer_declined"
    charges_at = "/confirm"

    def __init__(self) -> None:
        super().__init__()
        self.intents: dict[str, dict[str, Any]] = {}
        self.request_ids: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        if asked.path.endswith("/authentication/login"):
            self.check((asked.headers["x-api-key"], asked.headers["x-client-id"]) == ("d4b0e1", "u_1WdBQ"), "credentials")
            return 201, {"token": "eyJhbGciOiJIUzI1NiJ9", "expires_at": "2026-11-28T19:20:46+0000"}
        self.check(asked.headers["authorization"] == "Bearer eyJhbGciOiJIUzI1NiJ9", "authorization")
        if asked.method == "POST":
            self.check(asked.content["request_id"] not in self.request_ids, f"{asked.content['request_id']} twice")
            self.request_ids.add(asked.content["request_id"])
        match asked.path.split("/")[4:]:
            case ["payment_intents", "create"]:
                return self._intend(asked.content)
            case ["payment_intents", reference, "confirm"]:
                return self._confirm(reference, asked.content)
            case ["payment_intents", reference, *action]:
                return self._act(self.payments[reference], "".join(action), asked.content)
            case ["refunds", "create"]:
                return self._refund(asked.content)
            case ["refunds", reference]:
                (made,) = [one for one in self.payments.values() if reference in one.refunds]
                return 200, self._refund_document(made, reference, "SETTLED")
        raise ValueError(asked.path)

    def _intend(self, wanted: dict[str, Any]) -> Answer:
        self.check(not isinstance(wanted["amount"], str), "amount is a number")
        reference = f"int_hkdm{len(self.intents):020d}"
        self.intents[reference] = wanted
        status = {"status": "REQUIRES_PAYMENT_METHOD", "captured_amount": 0, "client_secret": "eyJ"}
        return 201, {"id": reference, **wanted, **status, **WHEN}

    def _confirm(self, reference: str, wanted: dict[str, Any]) -> Answer:
        card, intent = wanted["payment_method"]["card"], self.intents[reference]
        self.check(card["cvc"] == "737" and len(card["expiry_year"]) == 4, "card")
        later = wanted["payment_method_options"]["card"]["auto_capture"] is False
        minor, ours = round(intent["amount"] * 100), intent["merchant_order_id"]
        made = self.take(reference, ours, minor, intent["currency"], number=card["number"], later=later)
        if made.status == "refused":
            return 400, {**DECLINED, "trace_id": "5d5a", "details": {}}
        return 200, self._document(made)

    def _document(self, made: Taken) -> dict[str, Any]:
        sums = {"amount": made.amount / 100, "currency": made.currency, "captured_amount": made.captured / 100}
        names = {"id": made.reference, "request_id": f"create_{made.ours}", "merchant_order_id": made.ours}
        attempt = {
            "id": "att_hkdm",
            **sums,
            "refunded_amount": sum(made.refunds.values()) / 100,
            "status": ATTEMPT.get(made.status, "FAILED"),
        }
        attempt |= {"authorization_code": "803478", "payment_method": {"type": "card", "card": {"brand": "visa", "last4": "4242"}}}
        to = {"type": "redirect", "method": "GET", "url": "https://api-demo.airwallex.com/3ds/redirect", "stage": "WAITING_USER_INFO_INPUT"}
        action = {"next_action": to} if made.status == "redirected" else {}
        return {**names, **sums, "status": STATUS[made.status], "latest_payment_attempt": attempt, **action, **WHEN}

    def _act(self, made: Taken, action: str, wanted: dict[str, Any]) -> Answer:
        match action:
            case "capture":
                made.status, made.captured = "taken", round(wanted["amount"] * 100)
            case "cancel":
                made.status = "released"
            case other:
                self.check(other == "", other)
        return 200, self._document(made)

    def _refund(self, wanted: dict[str, Any]) -> Answer:
        made = self.payments[wanted["payment_intent_id"]]
        reference = f"rfd_hkdm{len(made.refunds):04d}"
        made.refunds[reference] = round(wanted["amount"] * 100)
        return 201, {**self._refund_document(made, reference, "RECEIVED"), "request_id": wanted["request_id"]}

    def _refund_document(self, made: Taken, reference: str, status: str) -> dict[str, Any]:
        names = {"id": reference, "payment_intent_id": made.reference, "payment_attempt_id": "att_hkdm"}
        return {**names, "amount": made.refunds[reference] / 100, "currency": made.currency, "reason": "", "status": status, **WHEN}
