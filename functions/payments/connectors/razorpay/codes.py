"""Razorpay's QR codes for many payments (https://razorpay.com/docs/api/qr-codes): made, closed, and what was paid by one.

Our id is in the code's notes, which no payer writes; a payment of it is known by Razorpay's name of it.
"""

from typing import Any, Final
from urllib.parse import quote, urlencode

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.notices import CodeCredit
from payments.connectors.razorpay import documents as reading
from payments.connectors.razorpay import errors
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.results import Approved, Contradicts, Declined, Fault
from payments.connectors.static_codes import ClosedCode, CodePayments, KnownCode, NewCode, OpenedCode

# Payments that one request lists, and requests for one answer.
PAGE: Final = 100
PAGES: Final = 5
CREATE_SECONDS: Final = 4
_NAME_CHARACTERS: Final = 40
_PATH: Final = "/v1/payments/qr_codes"


class RazorpayCodes:
    """Razorpay's part that is `payments.connectors.static_codes.StaticCodes`."""

    _api: RazorpayApi

    @calls.no_money_moves
    @calls.refusable
    def open_code(self, code: NewCode) -> OpenedCode | Declined:
        """A code for as many payments as come, until it is closed."""
        content: dict[str, Any] = {
            "type": "upi_qr",
            "name": code.payee_name[:_NAME_CHARACTERS],
            "usage": "multiple_use",
            "fixed_amount": code.amount is not None,
            "description": code.name,
            "notes": {"qr_code_id": code.qr_code_id},
        }
        if code.amount is not None:
            content["payment_amount"] = reading.units(code.amount)
        response = self._api.post(_PATH, content, timeout_seconds=CREATE_SECONDS)
        if not response.is_success:
            return errors.refusal(response.document, self._api.hidden)
        reference, link = documents.reference(response.document, "id"), documents.find(response.document, "image_content")
        if not isinstance(link, str) or not link.startswith("upi://"):
            reason = "Razorpay has to enable image_content for this account."
            return Declined("no_link", reason, retryable=True, provider_reference=reference, fault=Fault.SETUP)
        return OpenedCode(reference, documents.url(response.document, "image_content", schemes=("upi://",)))

    @calls.errors_as_results
    def close_code(self, code: KnownCode) -> ClosedCode | Declined:
        """Close it. One that is closed already is refused, so it is looked at before that means anything."""
        path = f"{_PATH}/{quote(code.reference)}"
        response = self._api.post(f"{path}/close", {}, timeout_seconds=CREATE_SECONDS)
        if response.is_success:
            return ClosedCode()
        found = self._api.get(path).body()
        documents.expect(found, code.reference, "id")
        return ClosedCode() if documents.find(found, "status") == "closed" else errors.refusal(response.document, self._api.hidden)

    @calls.errors_as_results
    def payments_of_code(self, code: KnownCode, from_ms: int, to_ms: int) -> CodePayments:
        """List its payments."""
        # Both ends are included, in seconds.
        wanted = {"from": from_ms // 1000, "to": max(to_ms - 1, 0) // 1000, "count": PAGE}
        found: list[CodeCredit] = []
        unreadable: list[str] = []
        for page in range(PAGES):
            path = f"{_PATH}/{quote(code.reference)}/payments?{urlencode(wanted | {'skip': page * PAGE})}"
            payments = documents.objects(self._api.get(path).body(), "items")
            for payment in payments:
                credit = credit_of(payment, code.qr_code_id, code.reference)
                if isinstance(credit, str):
                    unreadable.append(credit)
                elif credit is not None:
                    found.append(credit)
            if len(payments) < PAGE:
                return CodePayments(tuple(found), unreadable=tuple(unreadable))
        return CodePayments(tuple(found), is_whole=False, unreadable=tuple(unreadable))


def credit_of(payment: Any, qr_code_id: str, code_reference: str) -> CodeCredit | str | None:
    """What a payment by a code brought; None while, or when, it brought nothing; its name where its amount is none. Raises Malformed."""
    result = reading.payment_of(payment)
    if isinstance(result, Contradicts):
        return documents.reference(payment, "id")
    if not isinstance(result, Approved) or result.amount is None:
        return None
    return CodeCredit(qr_code_id, code_reference, result, result.amount, documents.moment_ms(payment, "created_at"))


def notice_of(event: Any) -> CodeCredit | None:
    """The credit of an event `qr_code.credited`; None for one of a code that is for one payment. Raises Malformed, Contradiction."""
    code, payment = (documents.find(event, "payload", name, "entity") for name in ("qr_code", "payment"))
    ours = documents.reference_or_none(code, "notes", "qr_code_id") if documents.text(event, "event") == "qr_code.credited" else None
    if ours is None:
        return None
    credit = credit_of(payment, ours, documents.reference(code, "id"))
    if isinstance(credit, str):
        raise documents.Contradiction("unreadable_amount", credit, credit)
    return credit
