"""Provider callbacks: verified with the provider's signature, then learnt like any other answer, so that the same one twice is one."""

from collections.abc import Mapping

from paycorex import ids
from paycorex.errors import InvalidRequest, Unauthorized
from payments import attempts, outcomes, provider_refunds, settle, store
from payments.connectors import registry
from payments.connectors.documents import Malformed
from payments.connectors.model import CallbackRefused, Contradicts, Declined, Notice

Headers = Mapping[str, tuple[str, ...]]


def receive(name: str, merchant_id: str, headers: Headers, body: bytes) -> bool:
    """Apply a callback; False when it is about nothing that we know.

    Raises Unauthorized for a wrong signature, and all the same for an unknown merchant or connector, so that nobody learns which are used;
    InvalidRequest for a signed body that is not the provider's documented one.
    """
    try:
        notice = registry.connect_for(merchant_id, name).read_callback(headers, body)
    except registry.NotConfigured as error:
        raise Unauthorized("callback for a connector that is not configured") from error
    except CallbackRefused as refused:
        raise Unauthorized(f"callback: {refused}") from refused
    except Malformed as error:
        raise InvalidRequest("The callback could not be read.") from error
    if notice is None:
        return False
    if notice.refund_id is not None:
        applied = provider_refunds.learn(merchant_id, name, notice.refund_id, notice.result)
    else:
        applied = _learn(merchant_id, name, notice)
    if isinstance(notice.result, Contradicts) and notice.result.is_malformed:
        # The payment is marked for review already: what cannot be an amount is never booked, and never taken as read.
        raise InvalidRequest("The callback's amount could not be read.", details={"field": "amount"})
    return applied


def _learn(merchant_id: str, name: str, notice: Notice) -> bool:
    payment = store.find(notice.payment_id) if ids.is_id("pay", notice.payment_id) else None
    if payment is None or payment.merchant_id != merchant_id:
        return False
    number = attempts.number_of(payment, notice.attempt_id)
    if number is None or (payment.attempts or ())[number]["connector"] != name:
        return False
    if isinstance(notice.result, Declined) and attempts.is_running(payment, number):
        # The request that made the attempt is told the same, and may go on to another connector; should it have died, the janitor asks.
        return False
    settle.apply(payment, outcomes.change_of(payment, number, name, notice.result))
    return True
