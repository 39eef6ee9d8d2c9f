"""Charges at a processor, and questions about them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.one_time import OneTime, ProcessorToken
from payments.connectors.prism import errors, increments, own_calls, preludes, readings, witness
from payments.connectors.prism.desk import Desk, commands, questions
from payments.connectors.prism.exchange import Answered, Change
from payments.connectors.prism.facts import ORDER, Step
from payments.connectors.prism.message_parts import Known, Paying
from payments.connectors.prism.names import Pay
from payments.connectors.prism.translation import Refused
from payments.connectors.prism.witness import Said
from payments.connectors.requests import Attempt
from payments.connectors.results import (
    Authorized,
    Charged,
    Collecting,
    Declined,
    Fault,
    Found,
    NotFound,
    Pending,
    Redirect,
    Released,
    Unavailable,
    Unknown,
)
from tokens.instruments import Card, ProviderToken, Upi

_UPI: Final = "upi://"
# An error in place of an answer.
_UNSTATED: Final = "PAYMENT_STATUS_UNSPECIFIED"
_NOT_FOUND_BY_OURS: Final = "The processor finds nothing by our reference: its callback or an operator decides."


def charge(desk: Desk, attempt: Attempt, instrument: Card | Upi | OneTime | ProviderToken) -> Charged:
    """Steps that move no money, then the charge. Once that was sent, no other processor is asked."""
    before = calls.no_money_moves(calls.refusable(commands(_before)))(desk, attempt, instrument)
    if not isinstance(before, Known):
        return before
    result = _charge(desk, attempt, instrument, before)
    is_kept = isinstance(instrument, ProviderToken)
    if isinstance(result, Declined) and attempt.customer_initiated and not is_kept and result.code in desk.known.confirms_after:
        result = _confirmed_by_payer(desk, attempt, instrument, before, result)
    if isinstance(result, NotFound | Released):
        return Unknown("The processor did not decide it.", before.order)
    return replace(result, provider_reference=before.order) if isinstance(result, Unknown) and before.order else result


def _confirmed_by_payer(desk: Desk, attempt: Attempt, instrument: Paying, known: Known, refused: Declined) -> Found:
    """The payer's bank wants to ask its customer. What is shown to no payer is not paid, so whatever goes wrong, it stays refused."""
    shown = _charge(desk, attempt, instrument, known, confirms=True)
    return refused if isinstance(shown, Declined | Unavailable | Unknown) else shown


def _before(desk: Desk, attempt: Attempt, instrument: Paying) -> Known | Declined:
    known = preludes.with_access(desk.exchange, desk.messages, desk.start(attempt.payment_id))
    return known if isinstance(known, Declined) else preludes.before_charge(desk.exchange, desk.messages, attempt, instrument, known)


@calls.errors_as_results
@calls.refusable
@commands
def _charge(desk: Desk, attempt: Attempt, instrument: Paying, known: Known, *, confirms: bool = False) -> Found:
    must_confirm = attempt.must_confirm and isinstance(instrument, Card | OneTime)
    asks = _demand_of_a_name(desk, instrument) if must_confirm else None
    flow, known_here = _flow(desk, attempt, instrument), replace(known, notes=desk.known.notes.get(_flow(desk, attempt, instrument)))
    if flow == "authorize":
        message = desk.messages.authorize(attempt, instrument, known_here, confirms=confirms or must_confirm)
        kind = "PaymentServiceAuthorizeResponse"
    else:
        message, kind = desk.messages.charge(attempt, instrument, known_here), "RecurringPaymentServiceChargeResponse"
    key = f"{attempt.attempt_id}-confirm" if confirms else attempt.attempt_id
    answer = desk.ask(flow, message, kind, key=key, must_confirm=must_confirm and asks is None, change=asks)
    hidden = (*desk.hidden, preludes.secret_of(instrument), attempt.security_code or "")
    return read(desk, flow, answer, attempt, known, hidden)


def _demand_of_a_name(desk: Desk, instrument: Paying) -> Change | None:
    """Of a name of a card: that the payer's bank asked before the processor's own script gave it."""
    names = desk.known.names
    return names.asks if isinstance(instrument, ProcessorToken) and names is not None else None


def _flow(desk: Desk, attempt: Attempt, instrument: Paying) -> str:
    """`charge` for what the processor keeps, and for a merchant's own charge that refers to the payer's first payment."""
    is_merchants = not attempt.customer_initiated and attempt.network_transaction_id is not None and isinstance(instrument, Card)
    is_kept = isinstance(instrument, ProviderToken)
    return "charge" if Step.TOKENIZE in desk.known.before or is_merchants or is_kept else "authorize"


@calls.no_money_moves
def collect(desk: Desk, attempt: Attempt) -> Collecting | Declined:
    """A link that a payer's app pays. What is shown to no payer is not paid, so whatever goes wrong, another processor may be asked."""
    before = calls.refusable(commands(_before))(desk, attempt, None)
    if not isinstance(before, Known):
        return before
    match _charge(desk, attempt, None, before):
        case Redirect(url=url, provider_reference=reference) if url.startswith(_UPI):
            return Collecting(reference, url)
        case Declined() as declined:
            return declined
        case Unavailable(reason=reason) | Unknown(reason=reason):
            raise calls.NotSent(reason)
        case _:
            # Without a link of the processor's the payer would pay past it.
            return Declined("no_link", "The processor gave no UPI link.", retryable=True, fault=Fault.SETUP)


def lookup(desk: Desk, attempt: Attempt) -> Found:
    """Ask by the processor's name of it, or by ours where it finds it by that."""
    known = desk.start(attempt.payment_id, attempt.provider_reference)
    pay = _payer_of_orders(desk)
    if pay is not None and known.reference.startswith(ORDER):
        return _confirmed(desk, attempt, known, pay)
    if not known.reference and "get" not in desk.known.finds:
        return Unavailable(_NOT_FOUND_BY_OURS, is_theirs=False)
    return _lookup(desk, attempt, known)


def _payer_of_orders(desk: Desk) -> Pay | None:
    """What pays an order that a payer confirmed, or whose card was typed in the payer's browser."""
    names = desk.known.names
    return desk.known.confirmed or (None if names is None else names.pays)


@calls.errors_as_results
@questions
def _confirmed(desk: Desk, attempt: Attempt, known: Known, pay: Pay) -> Found:
    """The payer's own confirmation moves no money: the order is paid by a call, under one key, for as long as the payment is wanted."""
    return pay(partial(own_calls.ask, desk), known.reference.removeprefix(ORDER), attempt, known.ours)


@calls.errors_as_results
@questions
def _lookup(desk: Desk, attempt: Attempt, known: Known) -> Found:
    answer = desk.get(attempt, desk.ready(known, "get", is_manual=attempt.is_manual))
    if isinstance(answer.message, Refused):
        return _unanswered(desk, answer, known)
    return read(desk, "get", answer, attempt, known, desk.hidden)


def _unanswered(desk: Desk, answer: Answered, known: Known) -> NotFound:
    """To refuse to tell is not to say that nothing happened, unless that is said. Raises OutcomeUnknown."""
    if not known.reference and answer.message.error.connector_details.code in desk.known.unknown:
        return NotFound()
    raise calls.OutcomeUnknown(f"The processor answered {answer.http.status} and nothing about the payment.")


@calls.errors_as_results
@questions
def complete(desk: Desk, attempt: Attempt, brought: Mapping[str, str]) -> Found:
    """Hand on what a payer's browser brought. The processor names what it is about, by our reference, or nothing is believed."""
    known = desk.start(attempt.payment_id)
    message = desk.messages.get(attempt, desk.ready(known, "get", is_manual=attempt.is_manual), urlencode(brought))
    answer = desk.ask("get", message, "PaymentServiceGetResponse", key=f"{attempt.attempt_id}-complete")
    if isinstance(answer.message, Refused):
        raise calls.OutcomeUnknown(f"The processor answered {answer.message.status}.")
    if witness.stated(desk.known, "get", answer.http.body).ours != known.ours:
        raise documents.Contradiction("another_object", "not the payment that was confirmed")
    return read(desk, "get", answer, attempt, known, desk.hidden)


def read(desk: Desk, flow: str, answer: Answered, attempt: Attempt, known: Known, hidden: tuple[str, ...]) -> Found:
    """What an answer about a charge says. Raises Malformed, Contradiction, OutcomeUnknown."""
    if isinstance(answer.message, Refused):
        return errors.refusal(answer.message, desk.known, hidden, known.reference or known.order)
    said = witness.hear(desk.known, flow, answer.http.body, ours=known.ours, asked=attempt.amount, reference=known.reference or None)
    named = said.reference or answer.message.connector_transaction_id
    if known.reference and named and named not in {known.reference, known.ours}:
        raise documents.Contradiction("another_object", named, known.reference)
    form = None if desk.known.forms is None else desk.known.forms.shown(documents.parse(answer.http.body))
    if form is not None:
        return readings.form(form, attempt.page_url, known.ours)
    return _read(desk, flow, answer, attempt, known, hidden, said)


def _read(desk: Desk, flow: str, answer: Answered, attempt: Attempt, known: Known, hidden: tuple[str, ...], said: Said) -> Found:
    """The same of an answer that was compared with what was asked, and asks for no form."""
    named = said.reference or answer.message.connector_transaction_id
    status, taken = desk.judged(answer, attempt.amount.currency)
    if taken is not None:
        said = replace(said, amount=taken)
    is_refused = status in readings.REFUSED or (status == _UNSTATED and answer.message.error.connector_details.code)
    if flow == "get" and is_refused and not witness.names(desk.known, flow, answer.http.body, known.reference, known.ours):
        # An error in place of an answer, whatever the status of the HTTP answer.
        return _unanswered(desk, answer, known)
    fields = desk.known.fields
    if flow == "get" and status in readings.REFUSED and fields is not None and fields.is_open(documents.parse(answer.http.body)):
        return Pending(readings.reference_of(known.reference, named))
    if is_refused:
        return errors.declined(answer.message.error, desk.known, hidden, named or None)
    reference = readings.reference_of(known.reference, named, known.order, known.ours)
    found = readings.charge(status, answer.message, reference, said, attempt.amount, is_manual=attempt.is_manual)
    if found is None:
        raise documents.Malformed(f"status {status}")
    if isinstance(found, Authorized):
        return increments.with_terms(desk.known, found, answer)
    return _named(desk, found, reference, known) if isinstance(found, Redirect) else found


def _named(desk: Desk, found: Redirect, reference: str, known: Known) -> Redirect:
    """What its payer has to confirm, by the name under which it is asked for afterwards."""
    if desk.known.confirmed is not None:
        return replace(found, provider_reference=f"{ORDER}{reference}")
    # What goes on by a request of its own gets its name there: this one is the name of the request that was answered.
    return replace(found, provider_reference=known.ours) if desk.known.completes_by else found
