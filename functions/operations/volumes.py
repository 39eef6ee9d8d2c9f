"""What all merchants were paid, day by day: sums that are stored already, of one page of merchants at a time and of few days."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Final

from dashboard.statistics import ledger_rollup, rollup_store
from dashboard.statistics.tallies import DAY_MS
from operations import store
from operations.running_views import DayVolume, Volumes
from paycorex import clock, modes
from paycorex.currencies import EXPONENTS
from paycorex.money import format_minor
from paycorex.records.merchant import MerchantItem

MAX_DAYS: Final = 31


def page(days: int, limit: int, after: str | None) -> tuple[Volumes, str | None]:
    """The last `days` UTC days of the next `limit` merchants, each in its own currency, and the position of those that follow.

    Where live money moves, and beside a live merchant, what was paid in test mode is left out.

    One small read a merchant, not consistent: what was paid in the last minute may be missing. Raises storage.Unavailable.
    """
    items, more = store.merchants(limit, after)
    last = clock.now_ms() // DAY_MS
    # Payments, their minor units, and minor units given back.
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    counted = [item for item in items if not isinstance(item, str) and item.currency in EXPONENTS and _is_counted(item)]
    for item in counted:
        stored = rollup_store.days_between(rollup_store.MONEY, item.merchant_id, item.currency, last - days + 1, last, consistent=False)
        for day in stored:
            total = sums[day.number, item.currency]
            for _quarter, name, count, minor in day.lines():
                if name == ledger_rollup.REFUND:
                    total[2] += minor
                else:
                    total[0] += count
                    total[1] += minor
    data = [
        DayVolume(
            date=f"{datetime.fromtimestamp(day * DAY_MS // 1000, UTC):%Y-%m-%d}",
            currency=currency,
            count=count,
            volume=format_minor(volume, currency),
            refunds=format_minor(refunded, currency),
        )
        for (day, currency), (count, volume, refunded) in sorted(sums.items(), key=lambda each: (-each[0][0], each[0][1]))
    ]
    return Volumes(data=data, merchants=len(items), next_cursor=None), more


def _is_counted(item: MerchantItem) -> bool:
    return item.live_merchant_id is None and modes.of(item.merchant_id) in {modes.LIVE, modes.of_stage()}
