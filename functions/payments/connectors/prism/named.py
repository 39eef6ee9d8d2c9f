"""A card by the name that a processor's own fields gave in the payer's browser: what the browser gets first, and the charge afterwards.

The name was claimed for its payment before it is charged here (`methods.named_cards`).
"""

from collections.abc import Mapping
from typing import Any, Final

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.documents import Malformed
from payments.connectors.one_time import ProcessorToken
from payments.connectors.prism import charges, errors, witness
from payments.connectors.prism.desk import Desk, commands
from payments.connectors.prism.exchange import Answered
from payments.connectors.prism.facts import ORDER
from payments.connectors.prism.message_parts import Known
from payments.connectors.prism.names import ORDER_FLOW, Names
from payments.connectors.prism.translation import Refused
from payments.connectors.requests import Attempt
from payments.connectors.results import Begun, Charged, Declined, Fault, NotFound, Released, Unavailable, Unknown

# What one value may be that the payer's browser gets: some are signed documents.
_MOST_CHARACTERS: Final = 8192


def begin(desk: Desk, attempt: Attempt, names: Names, publishable_key: str | None) -> Begun | Declined | Unavailable:
    """What the payer's browser needs. Nothing can be paid yet, so whatever goes wrong, another processor may be asked."""
    if names.wants_key and publishable_key is None:
        return Declined("missing_setting", "Set the connector's publishable_key first.", retryable=True, fault=Fault.SETUP)
    key = {"publishable_key": publishable_key} if names.wants_key and publishable_key is not None else {}
    if attempt.must_confirm:
        # To the script alone this is a request: that it was done is demanded of the processor with the charge.
        key |= {"three_ds": "required"}
    made: Begun | Declined | Unavailable = calls.no_money_moves(calls.refusable(commands(_made)))(desk, attempt, names, key)
    return made


def charge(desk: Desk, attempt: Attempt, name: str) -> Charged:
    """Charge, or hold. An order is paid by its own call, under one key; everything else is charged like any name of a card."""
    if desk.known.names is not None and desk.known.names.is_order:
        found = charges.lookup(desk, attempt)
        return Unknown("The processor did not decide it.") if isinstance(found, NotFound | Released) else found
    return charges.charge(desk, attempt, ProcessorToken(name))


def _made(desk: Desk, attempt: Attempt, names: Names, key: Mapping[str, str]) -> Begun | Declined:
    if names.flow is None:
        return Begun(None, key, awaits_name=True, wants=names.wants)
    known = desk.ready(desk.start(attempt.payment_id), names.flow, is_manual=attempt.is_manual)
    answer = _asked(desk, attempt, known, names.flow, reads_itself=names.reads_itself)
    if isinstance(answer, Declined):
        return answer
    if isinstance(answer.message, Refused):
        return errors.refusal(answer.message, desk.known, desk.hidden)
    said = witness.hear(desk.known, names.flow, answer.http.body, ours=known.ours, asked=attempt.amount) if names.is_order else None
    if said is not None and said.amount not in {None, attempt.amount}:
        raise documents.Contradiction("amount_differs", said.amount)
    given = {name: _checked(name, text) for name, text in names.parameters(answer.message, answer.http.body).items()}
    if not given:
        raise Malformed("nothing for the payer's browser")
    reference = ORDER + given[names.own] if names.is_order and names.own is not None else None
    return Begun(reference, {**key, **given}, awaits_name=True, own_name=names.own, wants=names.wants)


def _asked(desk: Desk, attempt: Attempt, known: Known, flow: str, *, reads_itself: bool) -> Answered | Declined:
    """Under a key of its own: the charge has the attempt's."""
    key = f"{attempt.attempt_id}-fields"
    if flow == ORDER_FLOW:
        message, kind = desk.messages.order(attempt, known), "PaymentServiceCreateOrderResponse"
    else:
        message, kind = desk.messages.fields(attempt, known), "MerchantAuthenticationServiceCreateClientAuthenticationTokenResponse"
    if not reads_itself:
        return desk.ask(flow, message, kind, key=key, timeout_seconds=calls.LOOKUP_SECONDS)
    http = desk.exchange.send(flow, message, key=key, timeout_seconds=calls.LOOKUP_SECONDS)
    if not 200 <= http.status < 300:
        return Declined("refused", f"The processor answered {http.status}.", retryable=True, fault=Fault.SETUP)
    return Answered(None, http)


def _checked(name: str, text: Any) -> str:
    if not isinstance(text, str) or not 0 < len(text) <= _MOST_CHARACTERS or not text.isprintable():
        raise Malformed(f"no {name}")
    return text
