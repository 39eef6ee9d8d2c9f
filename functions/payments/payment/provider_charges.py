"""Which payment, and which money of it, a provider means when it names one of its own objects."""

from paycorex import ids
from paycorex.records.payment import PaymentItem
from paycorex.records.payment_amounts import captured
from payments.payment import attempts, late_money, references, store
from payments.payment.late_money import LateMoney
from payments.payment.states import Status

# The payment's own money; late money beside it; or none that is known here.
Holding = PaymentItem | LateMoney | None


def find(merchant_id: str, connector: str, reference: str, payment_id: str | None = None) -> PaymentItem | None:
    """The merchant's payment with this name of the connector's; payment_id: what the object itself says, when no name is known.

    Raises storage.Unavailable.
    """
    named = references.find(merchant_id, reference, connector=connector) if reference else []
    said = [payment_id] if payment_id is not None and ids.is_id("pay", payment_id) else []
    for found in map(store.find, [*named, *said]):
        if found is not None and found.merchant_id == merchant_id and _deals_with(found, connector):
            return found
    return None


def money_of(payment: PaymentItem, connector: str, reference: str) -> Holding:
    """What of the payment this name stands for: exactly, or as the only money of that connector, which may have more names for it."""
    is_taken = payment.status == Status.SUCCESS or (payment.status == Status.AUTHORIZED and captured(payment) > 0)
    settled = payment if is_taken and payment.provider == connector else None
    if settled is not None and payment.provider_reference == reference:
        return settled
    exact = late_money.same(payment, connector, reference)
    if exact is not None:
        return settled if exact.status == late_money.SETTLED else exact
    beside = [money for money in late_money.of(payment) if money.connector == connector and money.status != late_money.SETTLED]
    if late_money.has_rows(payment):
        # There is more of it than is in sight here, so no money is the only one.
        return None
    if settled is not None:
        return None if beside else settled
    return beside[0] if len(beside) == 1 else None


def _deals_with(payment: PaymentItem, connector: str) -> bool:
    return connector in {payment.provider, *(attempt.connector for attempt in attempts.of(payment))}
