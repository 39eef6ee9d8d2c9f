"""Count and sums of the payments that a filter finds, up to as many as one answer reads."""

from typing import Final

from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.money import format_minor
from paycorex.records.payment_amounts import credited
from paycorex.storage.merging import MAX_ROWS_READ
from payments.routes import lists
from payments.routes.list_requests import PaymentsFilter, PaymentsQuery

MAX_PAYMENTS: Final = MAX_ROWS_READ


class CurrencySum(View):
    """The payments in one currency: their amounts, what was captured of them, and what was given back."""

    currency: str
    count: int
    amount: str
    captured: str
    refunded: str


class PaymentSums(View):
    """Numbers of a filtered list. complete: false when there are more payments than were read, so that these are the least."""

    count: int
    complete: bool
    sums: list[CurrencySum]


def sums(caller: Caller, wanted: PaymentsFilter) -> PaymentSums:
    """Sums over what the list shows for this filter. Raises as the list does."""
    query = PaymentsQuery.model_validate(wanted.model_dump(by_alias=True)).model_copy(update={"limit": MAX_PAYMENTS})
    page = lists.payments(caller, query, None)
    found: dict[str, list[int]] = {}
    for item in page.items:
        numbers = found.setdefault(item.currency, [0, 0, 0, 0])
        for place, number in enumerate((1, int(item.amount), credited(item), int(item.amount_refunded))):
            numbers[place] += number
    return PaymentSums(
        count=len(page.items),
        complete=page.position is None,
        sums=[
            CurrencySum(
                currency=currency,
                count=count,
                amount=format_minor(amount, currency),
                captured=format_minor(taken, currency),
                refunded=format_minor(refunded, currency),
            )
            for currency, (count, amount, taken, refunded) in sorted(found.items())
        ],
    )
