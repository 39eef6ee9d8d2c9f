"""What a provider says of a refund, compared with what was asked: another amount is booked as it was made, the rest is for an operator.

Decided in `docs/decisions/a-refund-is-booked-as-the-provider-made-it.md`.
"""

from paycorex.money import Money
from paycorex.records.refund import RefundItem
from payments.connectors.model import Approved, Contradicts, GivenBack
from payments.payment import outcomes
from payments.payment import settlement as settle
from payments.refunds import bookings


def judged(refund: RefundItem, result: GivenBack) -> GivenBack:
    """The answer; or that it contradicts: another refund than the one known, another currency, or more than there is to give back."""
    if not isinstance(result, Approved):
        return result
    if refund.provider_reference not in {None, result.provider_reference}:
        return Contradicts("another_object", f"refund {result.provider_reference}", result.provider_reference)
    if result.amount is None or result.amount == _asked(refund):
        return result
    if result.amount.currency != refund.currency:
        return _differs("currency_differs", result)
    more = result.amount.minor - int(refund.amount)
    return _differs("refund_exceeds", result) if more > bookings.room_of(refund) else result


def compare(before: RefundItem, after: RefundItem) -> None:
    """Tell the merchant and the operator of a refund that was made with another amount than was asked."""
    if int(after.amount) != int(before.amount):
        tell(after, Contradicts("refund_differs", f"{_asked(after)} for {_asked(before)}", after.provider_reference))


def compare_again(refund: RefundItem, result: GivenBack) -> None:
    """A refund that is made is told again: with another amount, nothing is booked, and an operator must look."""
    if not isinstance(result, Approved) or refund.status != bookings.MADE:
        return
    if result.provider_reference == refund.provider_reference and result.amount not in {None, _asked(refund)}:
        tell(refund, _differs("refund_differs", result))


def tell(refund: RefundItem, result: Contradicts) -> None:
    """Put the refund's payment into review."""
    payment = bookings.payment_of(refund)
    connector = bookings.giveback_of(refund, payment)[0]
    settle.apply(payment, outcomes.contradicted(connector, result))


def _asked(refund: RefundItem) -> Money:
    return Money(int(refund.amount), refund.currency)


def _differs(code: str, result: Approved) -> Contradicts:
    said = "" if result.amount is None else f"{result.amount} {result.amount.currency}"
    return Contradicts(code, said, result.provider_reference)
