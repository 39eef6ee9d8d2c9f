"""Refunds at a processor, and questions about them."""

from typing import Final

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.prism import errors, readings, witness
from payments.connectors.prism.desk import Desk, commands, questions
from payments.connectors.prism.exchange import Answered
from payments.connectors.prism.translation import Refused
from payments.connectors.requests import RefundRequest
from payments.connectors.results import Declined, NotFound, Pending, RefundResult, Unavailable

_NOT_FOUND_BY_OURS: Final = "The processor finds no refund by our id: its callback or an operator decides."


@calls.errors_as_results
@commands
def refund(desk: Desk, request: RefundRequest) -> RefundResult:
    """Give back, once per refund id."""
    known = desk.ready(desk.start(request.payment_id, request.charge_reference), "refund", amount=request.amount)
    answer = desk.ask("refund", desk.messages.refund(request, known), "RefundResponse", key=request.refund_id)
    if isinstance(answer.message, Refused):
        refused = errors.refusal(answer.message, desk.known, desk.hidden)
        return Declined(refused.code, refused.reason, fault=refused.fault)
    return _read(desk, "refund", answer, request)


def lookup(desk: Desk, request: RefundRequest) -> RefundResult:
    """By the processor's name of it, or by ours where it finds it by that."""
    if request.provider_reference is None and "refund_get" not in desk.known.finds:
        return Unavailable(_NOT_FOUND_BY_OURS, is_theirs=False)
    return _lookup(desk, request)


@calls.errors_as_results
@questions
def _lookup(desk: Desk, request: RefundRequest) -> RefundResult:
    known = desk.ready(desk.start(request.payment_id, request.charge_reference), "refund_get", amount=request.amount)
    answer = desk.ask("refund_get", desk.messages.refund_get(request, known), "RefundResponse", timeout_seconds=calls.LOOKUP_SECONDS)
    if isinstance(answer.message, Refused):
        if request.provider_reference is None and answer.message.error.connector_details.code in desk.known.unknown:
            return NotFound()
        raise calls.OutcomeUnknown(f"The processor answered {answer.message.status}.")
    return _read(desk, "refund_get", answer, request)


def _read(desk: Desk, flow: str, answer: Answered, request: RefundRequest) -> RefundResult:
    """Raises Malformed, Contradiction, OutcomeUnknown."""
    charge = request.charge_reference
    said = witness.hear(desk.known, flow, answer.http.body, ours=request.refund_id, asked=request.amount, charge=charge)
    named = said.reference or answer.message.connector_refund_id
    if request.provider_reference and named and named not in {request.provider_reference, request.refund_id}:
        raise documents.Contradiction("another_object", named, request.provider_reference)
    reference = readings.reference_of(request.provider_reference, named, request.refund_id)
    status = desk.messages.library.payment.RefundStatus.Name(answer.message.status)
    result = readings.refund(status, reference, said, is_done=not answer.is_accepted_only)
    if isinstance(result, Pending) and said.amount not in {None, request.amount}:
        # Once it is made it is booked as it was made; until then it is not what was asked for.
        raise documents.Contradiction("refund_differs", f"{said.amount} {said.amount.currency}" if said.amount else "", reference)
    if result is not None:
        return result
    if flow == "refund_get" and not witness.names(desk.known, flow, answer.http.body, request.provider_reference, request.refund_id):
        raise calls.OutcomeUnknown(f"The processor answered {answer.http.status} and nothing about the refund.")
    declined = errors.declined(answer.message.error, desk.known, desk.hidden)
    return Declined(declined.code, declined.reason, fault=declined.fault)
