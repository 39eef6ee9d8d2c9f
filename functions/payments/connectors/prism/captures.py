"""Captures and releases of what a processor holds."""

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.prism import errors, readings, witness
from payments.connectors.prism.desk import Desk, commands, questions
from payments.connectors.prism.exchange import Answered
from payments.connectors.prism.message_parts import Known
from payments.connectors.prism.translation import Refused
from payments.connectors.requests import Attempt, CaptureRequest, Captures, Rest, VoidRequest
from payments.connectors.results import Approved, CaptureResult, Declined, NotFound, Pending, Released, Unavailable, VoidResult


@calls.errors_as_results
@calls.refusable
@commands
def capture(desk: Desk, request: CaptureRequest) -> CaptureResult:
    """Take the amount. A second time under the same id is the same capture, where the processor has a key for it."""
    known = desk.ready(desk.start(request.payment_id, request.authorization_reference), "capture", is_manual=True, amount=request.amount)
    answer = desk.ask("capture", desk.messages.capture(request, known), "PaymentServiceCaptureResponse", key=request.capture_id)
    if isinstance(answer.message, Refused):
        return errors.refusal(answer.message, desk.known, desk.hidden)
    said = witness.hear(desk.known, "capture", answer.http.body, ours=_ours(desk, request, answer), asked=request.amount)
    status, _ = desk.judged(answer, request.amount.currency)
    reference = readings.reference_of(said.reference, answer.message.connector_transaction_id, request.authorization_reference)
    result = readings.capture(status, reference, said, request.amount, is_done=not answer.is_accepted_only)
    return result or errors.declined(answer.message.error, desk.known, desk.hidden)


def _ours(desk: Desk, request: CaptureRequest, answer: Answered) -> str:
    """Which of our ids an answer to a capture repeats: the capture's, or that of the payment, where a capture has no name of its own."""
    payment = desk.start(request.payment_id).ours
    return payment if payment.encode() in answer.http.body else request.capture_id


def lookup(desk: Desk, request: CaptureRequest) -> CaptureResult:
    """By the state of the hold, where it can be captured once: then what was taken of it is this capture. Where that state does not say it
    (`shows_captures`), by the processor's name of the capture.
    """
    if desk.known.holds.captures == Captures.MANY:
        return Unavailable("The processor does not say which of several captures was made.", is_theirs=False)
    reference = request.authorization_reference if desk.known.shows_captures else request.provider_reference
    if reference is None:
        # Asked for again it could be made again.
        return Unavailable("The processor does not say whether a hold was captured: an operator decides.", is_theirs=False)
    return _lookup(desk, request, reference)


@calls.errors_as_results
@questions
def _lookup(desk: Desk, request: CaptureRequest, reference: str) -> CaptureResult:
    attempt = Attempt("", request.payment_id, request.merchant_id, "tokenized", request.amount, is_manual=True)
    known = desk.start(request.payment_id, reference)
    answer = desk.get(attempt, desk.ready(known, "get", is_manual=True))
    if isinstance(answer.message, Refused):
        raise calls.OutcomeUnknown(f"The processor answered {answer.message.status}.")
    said = _identified(desk, answer, known, _ours(desk, request, answer), request.amount)
    status, taken = desk.judged(answer, request.amount.currency)
    if status in {"CHARGED", "PARTIAL_CHARGED"}:
        captured = int(answer.message.captured_amount)
        # What is asked for by the capture's own name says the capture's amount.
        whole = request.amount if desk.known.shows_captures else said.amount or request.amount
        taken = taken or (Money(captured, request.amount.currency) if captured else whole)
        return Approved(readings.reference_of(request.provider_reference, known.reference), taken)
    if status == "AUTHORIZED" and desk.known.shows_captures:
        return NotFound()
    if status in readings.ENDED:
        return Declined("voided", "The hold has ended at the processor.")
    return Pending(known.reference)


def _identified(desk: Desk, answer: Answered, known: Known, ours: str, asked: Money) -> witness.Said:
    """What it says of itself. Raises Contradiction for what is about another payment."""
    said = witness.hear(desk.known, "get", answer.http.body, ours=ours, asked=asked, reference=known.reference)
    if said.reference not in {None, known.reference, known.ours}:
        raise documents.Contradiction("another_object", said.reference, known.reference)
    return said


@calls.errors_as_results
@calls.refusable
@commands
def void(desk: Desk, request: VoidRequest) -> VoidResult:
    """Release the hold. One that is released already is Released."""
    if request.captured_minor and (desk.known.mandates is not None or desk.known.holds.rest is Rest.BY_CAPTURE):
        # With the one debit of a mandate, or a capture that says that it is the last, the rest is the payer's again.
        return Released(readings.reference_of(request.authorization_reference), request.captured_minor)
    known = desk.ready(desk.start(request.payment_id, request.authorization_reference), "void", is_manual=True, amount=request.left)
    answer = desk.ask("void", desk.messages.void(request, known), "PaymentServiceVoidResponse", key=request.void_id)
    if isinstance(answer.message, Refused):
        return _refused(desk, request, answer.message)
    ours = desk.start(request.payment_id).ours
    witness.hear(desk.known, "void", answer.http.body, ours=ours, asked=request.left, reference=request.authorization_reference)
    reference = readings.reference_of(request.authorization_reference)
    status, _ = desk.judged(answer, request.left.currency)
    result = readings.void(status, reference, request.captured_minor, is_done=not answer.is_accepted_only)
    return result or _refused(desk, request, Refused(answer.message.error, answer.http.status))


def _refused(desk: Desk, request: VoidRequest, refused: Refused) -> VoidResult:
    """A release that was refused, unless the processor says that the hold has ended already."""
    known = desk.start(request.payment_id, request.authorization_reference)
    if refused.error.connector_details.code in desk.known.released:
        return Released(known.reference, request.captured_minor)
    attempt = Attempt("", request.payment_id, request.merchant_id, "tokenized", request.left, is_manual=True)
    found = questions(calls.errors_as_results(desk.get))(attempt, desk.ready(known, "get", is_manual=True))
    if isinstance(found, Answered) and not isinstance(found.message, Refused):
        _identified(desk, found, known, known.ours, request.left)
        if desk.judged(found, request.left.currency)[0] in readings.ENDED:
            return Released(known.reference, request.captured_minor)
    return errors.refusal(refused, desk.known, desk.hidden)
