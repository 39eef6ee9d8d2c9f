"""When to give back money that came late or beside a payment is a dangerous act, as a large refund is."""

from collections.abc import Collection, Mapping
from typing import Any

from paycorex.approvals.second import Danger, Second
from paycorex.audit import contents
from paycorex.contract import Body
from paycorex.credentials import find_merchant
from paycorex.errors import InvalidState
from paycorex.idempotency.items import Overtaken
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from payments.payment import late_money, lookup, overflow_store, suspense
from payments.payment.late_money import ACCEPTED, HELD, REFUNDED, REFUNDING, LateMoney
from payments.refunds.large import REFUNDS


def kinds(merchant_id: str, payment_id: str, late_id: str | None, body: Body) -> Collection[str]:
    """`refunds` where it brings what went back of the payment, and beside it, above the merchant's amount; else nothing.

    Also in another currency than the merchant's, where so much came that it is not read as a whole, and where no such money is held: it is
    on its way already, by this very request sent again or by another. An approval is of the amount that is held then. Raises NotFound.
    """
    merchant = find_merchant(merchant_id)
    above = None if merchant is None else merchant.settings.refund_above
    if merchant is None or above is None:
        return ()
    paid = overflow_store.with_late(lookup.find(merchant_id, payment_id), [late_id] if late_id else [])
    if _is_small(paid, late_id, Money.stored(above, merchant.currency)):
        return ()
    return Danger({REFUNDS}, lambda: Second({**contents.plain(body), "of": _shown(_found(paid, late_id))}))


def refuse_beyond(most: Money | None, paid: PaymentItem, money: LateMoney) -> None:
    """Raises Overtaken when giving this back leads above the bound of a request that was let through as no dangerous act (`large.unasked`).

    What went back since that request passed its door counts: the payment's version, which this is a change of, has it.
    """
    if most is not None and not _is_within(paid, money, most):
        raise Overtaken


def _found(paid: PaymentItem, late_id: str | None) -> LateMoney:
    """The money that is asked for. Raises NotFound, InvalidState."""
    return suspense.find(paid, late_id, (HELD, ACCEPTED))


def _is_small(paid: PaymentItem, late_id: str | None, above: Money) -> bool:
    try:
        money = _found(paid, late_id)
    except InvalidState:
        return False
    return _is_within(paid, money, above)


def _is_within(paid: PaymentItem, money: LateMoney, most: Money) -> bool:
    """Whether all that went back stays within the amount; never where amounts cannot be compared, or are not read as a whole."""
    if {money.currency, paid.currency} != {most.currency} or late_money.has_rows(paid):
        return False
    return _gone(paid) + money.left.minor <= most.minor


def _gone(paid: PaymentItem) -> int:
    """What went back already, or is on its way: of the payment, and of what came beside it."""
    beside = (each.money if each.status in {REFUNDING, REFUNDED} else each.returned_money for each in late_money.of(paid))
    return int(paid.amount_reserved) + sum(each.minor for each in beside)


def _shown(money: LateMoney) -> Mapping[str, Any]:
    return {"late_id": money.late_id, "amount": str(money.left), "currency": money.currency, "received_at": money.received_at}
