"""What Razorpay refuses (https://razorpay.com/docs/errors): whose fault it is follows from `source`, `reason` and `field`."""

from collections.abc import Collection
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.http_calls import shown
from payments.connectors.results import Declined, Fault

# What another acquirer may see differently (`error.reason`).
_RETRYABLE: Final = frozenset({"gateway_technical_error", "bank_technical_error", "server_error", "issuer_technical_error"})
# Who refused. The rest (`business`, `internal`, none) is about the request or the account.
_PAYERS: Final = frozenset(
    {"customer", "bank", "issuer", "issuer_bank", "beneficiary_bank", "gateway", "network", "customer_psp", "provider"}
)
_NOT_THE_PAYERS: Final = frozenset({"business", "internal"})
_AMOUNT_FIELDS: Final = frozenset({"amount", "payment_amount"})
_INVALID_INPUT: Final = "input_validation_failed"
_DECLINED: Final = "The payment failed."
_REFUSED: Final = "Razorpay refused the request."


def failed(payment: Any) -> Declined:
    """A payment whose status is `failed`, by its own `error_*` fields. Raises documents.Malformed."""
    code = documents.code_or(payment, documents.code_or(payment, "failed", "error_code"), "error_reason")
    words = shown(documents.text_or(payment, _DECLINED, "error_description"))
    if documents.find(payment, "error_source") in _NOT_THE_PAYERS:
        return Declined(code, words, retryable=True, provider_reference=documents.reference(payment, "id"), fault=Fault.SETUP)
    return Declined(code, words, code in _RETRYABLE, documents.reference(payment, "id"))


def refusal(document: Any, hidden: Collection[str] = ()) -> Declined:
    """A request that was refused: a payment that failed when there is one in it, unless its business or its input is at fault."""
    error = documents.find(document, "error")
    reference = documents.reference_or_none(error, "metadata", "payment_id")
    code = shown(documents.code_or(error, documents.code_or(error, "request_refused", "code"), "reason"), hidden)
    words = documents.text_or(error, "", "description")
    fault = _fault(error, has_payment=reference is not None)
    if fault is Fault.PAYER:
        return Declined(code, shown(words or _DECLINED, hidden), code in _RETRYABLE, reference)
    return Declined(code, shown(words or _REFUSED, hidden), retryable=True, provider_reference=reference, fault=fault)


def _fault(error: Any, *, has_payment: bool) -> Fault:
    source = documents.find(error, "source")
    if documents.find(error, "field") in _AMOUNT_FIELDS:
        return Fault.AMOUNT
    if source in _NOT_THE_PAYERS or documents.find(error, "reason") == _INVALID_INPUT:
        return Fault.SETUP
    return Fault.PAYER if has_payment or source in _PAYERS else Fault.SETUP
