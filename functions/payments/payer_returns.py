"""A payer comes back from a provider's fields. What the browser says proves nothing: it wakes a look-up, and its answer counts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from paycorex.errors import InvalidRequest
from paycorex.rate_limits import Limit
from paycorex.records.payment import PaymentItem
from payments import questions
from payments.connectors.fields import CompletesByReturn, TakesCardsItself
from payments.connectors.model import CallbackRefused, Connector
from payments.connectors.results import Found
from payments.payment import asking, attempts
from payments.payment.states import OPEN

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
# Look-ups that payers may wake for one payment; the page asks for its status besides, which asks no provider.
LOOKS: Final = Limit("payer_look", 12)


class NotSigned(InvalidRequest):
    """What the browser brought is not signed by the provider for this payment."""

    def __init__(self) -> None:
        super().__init__("The provider did not sign this for this payment.", details={"field": "signature"})


def look(payment: PaymentItem, said: Mapping[str, str], brought: Mapping[str, str] = _NOTHING) -> PaymentItem:
    """Ask the payment's provider now, when it is still open; the payment as it then stands.

    said: what the provider's script handed to the page. brought: what the address has, to which the provider's page sent the payer.
    Raises NotSigned, RateLimited, storage.Unavailable, TemporarilyUnavailable.
    """
    latest = attempts.last(payment)
    if payment.status not in OPEN or latest is None or not latest.is_open:
        return payment
    LOOKS.take(payment.payment_id)
    attempt = asking.attempt_of(payment, latest.number)

    def ask(connector: Connector) -> Found:
        if said and isinstance(connector, TakesCardsItself):
            connector.check_return(attempt, said)
        if brought and isinstance(connector, CompletesByReturn):
            return connector.complete(attempt, brought)
        return connector.lookup(attempt)

    try:
        return questions.put(payment, latest, ask)
    except CallbackRefused as refused:
        raise NotSigned from refused
