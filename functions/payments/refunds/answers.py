"""What a provider says of a refund, compared with what was asked: another amount is booked as it was made, the rest is for an operator.

Decided in `docs/decisions/0028-a-refund-is-booked-as-the-provider-made-it.md`.
"""

from paycorex.money import Money
from paycorex.records.refund import RefundItem
from payments.connectors.results import Approved, Contradicts, RefundResult
from payments.payment import outcomes
from payments.payment import settlement as settle
from payments.refunds import bookings
from payments.refunds.bookings import RefundContext


def judged(context: RefundContext, result: RefundResult) -> RefundResult:
    """The answer; or that it contradicts: another refund than the one known, another currency, or more than there is to give back."""
    refund = context.refund
    if not isinstance(result, Approved):
        return result
    if refund.provider_reference not in {None, result.provider_reference}:
        return Contradicts("another_object", f"refund {result.provider_reference}", result.provider_reference)
    if result.amount is None or result.amount == context.asked:
        return result
    if result.amount.currency != refund.currency:
        return _differs("currency_differs", result)
    return _differs("refund_exceeds", result) if result.amount.minor - context.asked.minor > context.room else result


def difference(before: RefundItem, after: RefundItem) -> Contradicts | None:
    """That a refund was made with another amount than was asked; None when it was not."""
    if int(after.amount) == int(before.amount):
        return None
    return Contradicts("refund_differs", f"{_amount(after)} for {_amount(before)}", after.provider_reference)


def later_difference(refund: RefundItem, result: RefundResult) -> Contradicts | None:
    """That the provider reports a refund that is made again, with another amount: nothing is booked, and an operator must look."""
    if not isinstance(result, Approved) or refund.status != bookings.MADE or result.provider_reference != refund.provider_reference:
        return None
    return None if result.amount in {None, _amount(refund)} else _differs("refund_differs", result)


def review(refund: RefundItem, result: Contradicts) -> None:
    """Put the refund's payment into review. Raises TemporarilyUnavailable, storage.Unavailable."""
    context = bookings.context_of(refund)
    settle.apply(context.payment, outcomes.contradicted(context.connector, result))


def _amount(refund: RefundItem) -> Money:
    return Money(int(refund.amount), refund.currency)


def _differs(code: str, result: Approved) -> Contradicts:
    said = "" if result.amount is None else f"{result.amount} {result.amount.currency}"
    return Contradicts(code, said, result.provider_reference)
