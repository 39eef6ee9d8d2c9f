"""Holds that can be made larger: what an answer says of this very hold, and the request for more of it."""

from dataclasses import replace
from typing import Final

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.prism import errors, readings, witness
from payments.connectors.prism.desk import Desk, commands
from payments.connectors.prism.exchange import Answered
from payments.connectors.prism.facts import Processor
from payments.connectors.prism.translation import Refused
from payments.connectors.requests import IncrementRequest
from payments.connectors.results import Authorized, IncrementResult

FLOW: Final = "incremental_authorization"
_DONE: Final = "AUTHORIZATION_SUCCESS"
_REFUSED: Final = "AUTHORIZATION_FAILURE"


def with_terms(known: Processor, held: Authorized, answer: Answered) -> Authorized:
    """With until when it is held and what can be done with it, where the answer says that. Raises Malformed, Contradiction."""
    if known.terms is None:
        return held
    said = known.terms(documents.parse(answer.http.body))
    return replace(held, expires_ms=said.expires_ms, ability=said.ability)


@calls.errors_as_results
@calls.refusable
@commands
def increment(desk: Desk, request: IncrementRequest) -> IncrementResult:
    """Ask for more. A second time under the same id is the same increment: only processors with a key for it are asked.

    The answer has to name this hold and the sum that is held in all; it is compared with what was asked.
    """
    reference = request.authorization_reference
    known = desk.ready(desk.start(request.payment_id, reference), FLOW, is_manual=True, amount=request.total)
    kind = "PaymentServiceIncrementalAuthorizationResponse"
    answer = desk.ask(FLOW, desk.messages.increment(request, known), kind, key=request.increment_id)
    if isinstance(answer.message, Refused):
        return errors.refusal(answer.message, desk.known, desk.hidden)
    status = desk.messages.library.payment.AuthorizationStatus.Name(answer.message.status)
    if status == _REFUSED:
        return errors.declined(answer.message.error, desk.known, desk.hidden)
    said = witness.hear(desk.known, FLOW, answer.http.body, ours=known.ours, asked=request.total, reference=reference)
    if said.reference != reference:
        raise documents.Contradiction("another_object", said.reference, reference)
    if status != _DONE or answer.is_accepted_only or said.amount is None:
        raise calls.OutcomeUnknown("The processor did not say how much it holds now.")
    if said.amount != request.total:
        raise documents.Contradiction("amount_differs", f"held {said.amount}, asked {request.total}", reference)
    return with_terms(desk.known, Authorized(readings.reference_of(reference), said.amount), answer)
