"""What a connector still holds when it is removed: payments that are undecided or held, and refunds that were not made yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from merchants import store
from paycorex import connectors
from paycorex.records.hold import hold_of
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem

# The newest payments that are looked at: what is older is decided, or on the operators' list of stuck payments.
MAX_ROWS: Final = 1000
_UNDECIDED: Final = frozenset({"pending", "processing"})


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How many payments and refunds; looked_back_to: when the oldest was made that was looked at (milliseconds), None when all were."""

    connector: str
    payments: int
    refunds: int
    looked_back_to: int | None


def at_removed(merchant: MerchantItem, names: Sequence[str]) -> list[UnderWay]:
    """What each of these connectors that are not configured any more still holds. Raises storage.Unavailable."""
    found = [_at(merchant, name) for name in names if not connectors.is_there(merchant, name)]
    return [money for money in found if money is not None]


def _at(merchant: MerchantItem, connector: str) -> UnderWay | None:
    """The payments that are undecided or held, and the refunds, at a connector; None without any."""
    rows, is_all = store.newest_payments(merchant.merchant_id, merchant.settings.open_ledger_lanes, MAX_ROWS)
    payments = sum(1 for row in rows if (row.status in _UNDECIDED or _is_held(row)) and _is_at(row, connector))
    refunds = sum(1 for row in rows if row.provider == connector and int(row.amount_reserved) > int(row.amount_refunded))
    if not payments and not refunds:
        return None
    return UnderWay(connector, payments, refunds, None if is_all else min(int(row.created_at) for row in rows))


def _is_held(row: PaymentItem) -> bool:
    """True while what is left of a hold is still being given back."""
    hold = hold_of(row)
    return hold is not None and not hold.is_over


def _is_at(row: PaymentItem, connector: str) -> bool:
    return row.provider == connector or any(attempt["connector"] == connector for attempt in row.attempts or ())
