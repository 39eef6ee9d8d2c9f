"""The one capture of what Razorpay holds (https://razorpay.com/docs/api/payments/capture): in full, and once, which protects a repeat."""

from typing import Any
from urllib.parse import quote

from payments.connectors import captures, documents
from payments.connectors import http_calls as calls
from payments.connectors.razorpay import documents as reading
from payments.connectors.razorpay import errors
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.requests import CaptureRequest
from payments.connectors.results import Approved, CaptureResult, Contradicts, Declined, Fault, NotFound, Released, VoidResult


@calls.errors_as_results
def capture(api: RazorpayApi, request: CaptureRequest) -> CaptureResult:
    """Capture a payment."""
    body = {"amount": reading.units(request.amount), "currency": request.amount.currency}
    response = api.post(f"/v1/payments/{quote(request.authorization_reference)}/capture", body)
    if response.is_success:
        return _made(response.document, request)
    refused = errors.refusal(response.document, api.hidden)
    # What was captured before is refused too, and so is what is no longer held.
    found = look_up(api, request)
    return Declined(refused.code, refused.reason, fault=refused.fault) if isinstance(found, NotFound) else found


@calls.errors_as_results
def look_up(api: RazorpayApi, request: CaptureRequest) -> CaptureResult:
    """Whether the payment is captured."""
    return _made(api.get(f"/v1/payments/{quote(request.authorization_reference)}").body(), request)


def _made(payment: Any, request: CaptureRequest) -> Approved | Declined | NotFound | Contradicts:
    """Raises Malformed, Contradiction."""
    documents.expect(payment, request.authorization_reference, "id")
    match reading.payment_of(payment, is_manual=True):
        case Approved() as taken:
            return captures.checked(request, taken)
        case Released():
            return Declined("authorization_expired", "Razorpay has given it back.", provider_reference=request.authorization_reference)
        case Declined() | Contradicts() as other:
            return other
        case _:
            return NotFound()


def no_void() -> VoidResult:
    """Nothing is sent: there is no such call."""
    reason = "Razorpay releases a payment only by itself, three days after it was made."
    return Declined("void_unavailable", reason, fault=Fault.SETUP)
