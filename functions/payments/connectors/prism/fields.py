"""Card fields of a processor's own: what the payer's browser pays by is made here, and the number goes to the processor alone."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlencode

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.documents import Malformed
from payments.connectors.prism import errors, exchange, witness
from payments.connectors.prism.desk import Desk, commands, questions
from payments.connectors.prism.facts import Fields, Processor
from payments.connectors.prism.translation import Refused
from payments.connectors.requests import Attempt
from payments.connectors.results import Begun, Declined, Fault, Found, Unavailable

_FLOW: Final = "create_client_authentication_token"


def begin(desk: Desk, attempt: Attempt, publishable_key: str | None) -> Begun | Declined | Unavailable:
    """Make it. Until the payer has it nothing can be paid, so whatever goes wrong, another processor may be asked."""
    if publishable_key is None:
        return Declined("missing_setting", "Set the connector's publishable_key first.", retryable=True, fault=Fault.SETUP)
    made: Begun | Declined | Unavailable = calls.no_money_moves(calls.refusable(commands(_made)))(desk, attempt, publishable_key)
    return made


def _made(desk: Desk, attempt: Attempt, publishable_key: str) -> Begun | Declined:
    fields = _of(desk)
    kind = "MerchantAuthenticationServiceCreateClientAuthenticationTokenResponse"
    known = desk.ready(desk.start(attempt.payment_id), _FLOW)
    message, seconds = desk.messages.fields(attempt, known), calls.LOOKUP_SECONDS
    change = partial(_asked_for, fields, attempt, desk.exchange.credentials)
    answer = desk.ask(_FLOW, message, kind, key=attempt.attempt_id, timeout_seconds=seconds, change=change)
    if isinstance(answer.message, Refused):
        return errors.refusal(answer.message, desk.known, desk.hidden)
    said = witness.hear(desk.known, _FLOW, answer.http.body, ours=known.ours, asked=attempt.amount)
    if said.amount not in {None, attempt.amount}:
        raise documents.Contradiction("amount_differs", said.amount)
    parameters = _parameters(answer.message)
    if not parameters:
        raise Malformed("nothing for the payer's browser")
    reference = documents.reference({"id": fields.reference(parameters)}, "id")
    if said.reference not in {None, reference}:
        # Another's would be paid for this one.
        raise documents.Contradiction("another_object", said.reference)
    return Begun(reference, {"publishable_key": publishable_key, **parameters})


def is_session(known: Processor, reference: str | None) -> bool:
    """True for the name of what was begun for a browser, where that is no payment yet."""
    return known.fields is not None and known.fields.session is not None and known.fields.session.is_one(reference or "")


@calls.errors_as_results
@questions
def result(desk: Desk, attempt: Attempt, brought: Mapping[str, str]) -> Found:
    """What the processor says became of a session, to what its script gave the payer's browser. Without that it cannot be asked."""
    session = _of(desk).session
    said = None if session is None else brought.get(session.brings)
    if session is None or not said:
        return Unavailable("Its callback says what became of it.", is_theirs=False)
    known = desk.ready(desk.start(attempt.payment_id), _FLOW)
    # Beside the address at which the library begins them, with its credentials.
    begun = desk.exchange.translator.request(_FLOW, desk.messages.fields(attempt, known))
    query = urlencode({session.brings: said})
    url = exchange.address(f"{begun.url}/{quote(attempt.provider_reference or '', safe='')}?{query}")
    return session.read(calls.ask("GET", url, begun.headers).body(), attempt, known.ours)


def _of(desk: Desk) -> Fields:
    fields = desk.known.fields
    if fields is None:
        raise AssertionError("a processor without fields")
    return fields


def _asked_for(fields: Fields, attempt: Attempt, credentials: Mapping[str, str], body: bytes) -> bytes:
    return fields.asks(body, attempt, credentials)


def _parameters(message: Any) -> dict[str, str]:
    """What the processor's script in the browser wants, by the library's names."""
    specific = message.session_data.connector_specific
    chosen = specific.WhichOneof("connector")
    if chosen is None:
        return {}
    found = getattr(specific, chosen)
    values = ((field.name, getattr(found, field.name)) for field in found.DESCRIPTOR.fields)
    return {name: text for name, value in values if (text := value if isinstance(value, str) else getattr(value, "value", ""))}
