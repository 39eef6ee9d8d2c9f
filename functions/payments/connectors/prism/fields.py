"""Card fields of a processor's own: what the payer's browser pays by is made here, and the number goes to the processor alone."""

from typing import Any

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.documents import Malformed
from payments.connectors.prism import errors, witness
from payments.connectors.prism.desk import Desk, commands
from payments.connectors.prism.translation import Refused
from payments.connectors.requests import Attempt
from payments.connectors.results import Begun, Declined, Fault, Unavailable


def begin(desk: Desk, attempt: Attempt, publishable_key: str | None) -> Begun | Declined | Unavailable:
    """Make it. Until the payer has it nothing can be paid, so whatever goes wrong, another processor may be asked."""
    if publishable_key is None:
        return Declined("missing_setting", "Set the connector's publishable_key first.", retryable=True, fault=Fault.SETUP)
    if attempt.is_manual:
        return Declined("unsupported", "The processor's fields hold no money here.", retryable=True, fault=Fault.SETUP)
    made: Begun | Declined | Unavailable = calls.no_money_moves(calls.refusable(commands(_made)))(desk, attempt, publishable_key)
    return made


def _made(desk: Desk, attempt: Attempt, publishable_key: str) -> Begun | Declined:
    flow, kind = "create_client_authentication_token", "MerchantAuthenticationServiceCreateClientAuthenticationTokenResponse"
    known = desk.ready(desk.start(attempt.payment_id), flow)
    answer = desk.ask(flow, desk.messages.fields(attempt, known), kind, key=attempt.attempt_id, timeout_seconds=calls.LOOKUP_SECONDS)
    if isinstance(answer.message, Refused):
        return errors.refusal(answer.message, desk.known, desk.hidden)
    said = witness.hear(desk.known, flow, answer.http.body, ours=known.ours, asked=attempt.amount)
    if said.amount not in {None, attempt.amount}:
        raise documents.Contradiction("amount_differs", said.amount)
    parameters = _parameters(answer.message)
    fields = desk.known.fields
    if fields is None or not parameters:
        raise Malformed("nothing for the payer's browser")
    reference = documents.reference({"id": fields.reference(parameters)}, "id")
    if said.reference not in {None, reference}:
        # Another's would be paid for this one.
        raise documents.Contradiction("another_object", said.reference)
    return Begun(reference, {"publishable_key": publishable_key, **parameters})


def _parameters(message: Any) -> dict[str, str]:
    """What the processor's script in the browser wants, by the library's names."""
    specific = message.session_data.connector_specific
    chosen = specific.WhichOneof("connector")
    if chosen is None:
        return {}
    found = getattr(specific, chosen)
    values = ((field.name, getattr(found, field.name)) for field in found.DESCRIPTOR.fields)
    return {name: text for name, value in values if (text := value if isinstance(value, str) else getattr(value, "value", ""))}
