"""Statistics of a period: what was paid, given back and refused, by method and by day. Money is the ledger's, to the last minor unit."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashboard.statistics import ledger_rollup, payment_rollup, period_counts, ways
from dashboard.statistics.period_counts import PeriodCounts
from dashboard.statistics.periods import Period, period_of
from dashboard.statistics.request import StatsQuery
from dashboard.statistics.views import Counts, DayView, DecidedView, FeeSums, MethodView, ReasonView, RefundSums, StatsView
from paycorex import clock
from paycorex.credentials import Caller
from paycorex.money import exponent_of, format_minor

_RATE_DIGITS = 4


@dataclass(slots=True)
class Sums:
    """Successes, volume, refunds and what is held in minor units, and payments without money by status."""

    success: int = 0
    volume: int = 0
    refunds: int = 0
    refunded: int = 0
    authorized: int = 0
    by_status: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    costs: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def rate(self) -> str | None:
        """success / (success + failed) with four places, rounded half up; None when nothing was decided."""
        decided = self.success + self.by_status["failed"]
        if decided == 0:
            return None
        scale = 10**_RATE_DIGITS
        return format_rate((2 * self.success * scale + decided) // (2 * decided), scale)


def format_rate(parts: int, scale: int) -> str:
    """A rate given in parts of a scale."""
    return f"{parts // scale}.{parts % scale:0{_RATE_DIGITS}d}"


def stats(caller: Caller, query: StatsQuery) -> StatsView:
    """The statistics of a merchant. Raises InvalidRequest, UnsupportedCurrency, storage.Unavailable."""
    currency = query.currency or caller.currency
    exponent_of(currency)
    period = period_of(query.from_, query.to, query.timezone)
    counted = period_counts.count(caller, currency, period)
    return _view(counted, currency, query.timezone)


@dataclass(slots=True)
class Parts:
    """Sums by what payments are split by."""

    methods: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    processors: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    reasons: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add_way(self, name: str, count: int, minor: int) -> None:
        """Count a name of `ways`."""
        kind, what, status = ways.read(name)
        if kind == ways.WHY:
            self.reasons[what][0] += count
            self.reasons[what][1] += minor
        elif status == payment_rollup.SUCCESS:
            self.processors[what].success += count
            self.processors[what].volume += minor
        else:
            self.processors[what].by_status[status] += count

    def shown(self, currency: str) -> dict[str, Any]:
        """As they are answered."""
        return {
            "by_method": {
                method: MethodView(count=sums.success, volume=format_minor(sums.volume, currency))
                for method, sums in sorted(self.methods.items())
            },
            "by_processor": {
                name: DecidedView(
                    success=sums.success,
                    failed=sums.by_status["failed"],
                    volume=format_minor(sums.volume, currency),
                    success_rate=sums.rate(),
                )
                for name, sums in sorted(self.processors.items())
            },
            "by_reason": {
                reason: ReasonView(count=count, amount=format_minor(minor, currency))
                for reason, (count, minor) in sorted(self.reasons.items())
                if count
            },
        }


def _view(counted: PeriodCounts, currency: str, timezone: str) -> StatsView:
    whole, days, parts = Sums(), _days(counted.period), Parts()
    for day, names in counted.money.days.items():
        for name, (count, minor) in names.items():
            kind, _, method = name.partition(":")
            for sums in [whole, days[day], *([parts.methods[method]] if method else [])]:
                _add_money(sums, kind, count, minor)
    for day, names in counted.open.days.items():
        for name, (count, minor) in names.items():
            if ways.is_way(name):
                parts.add_way(name, count, minor)
            else:
                _add_open(whole, days[day], name, count, minor)
    counts = {status: whole.by_status[status] for status in ("failed", "pending", "processing", "authorized")}
    return StatsView(
        **{"from": clock.rfc3339(counted.period.from_ms)},
        to=clock.rfc3339(counted.period.to_ms),
        timezone=timezone,
        currency=currency,
        volume=format_minor(whole.volume, currency),
        count=Counts(total=whole.success + sum(counts.values()), success=whole.success, **counts),
        authorized=format_minor(whole.authorized, currency),
        success_rate=whole.rate(),
        refunds=RefundSums(count=whole.refunds, amount=format_minor(whole.refunded, currency)),
        net=format_minor(whole.volume - whole.refunded, currency),
        fees=_fees(whole, currency),
        balance=format_minor(counted.balance, currency),
        by_day=[_day_view(day, sums, currency) for day, sums in sorted(days.items())],
        **parts.shown(currency),
    )


def _add_open(whole: Sums, day: Sums, name: str, count: int, minor: int) -> None:
    """What is not the ledger's: a cost, or payments by their status."""
    if name in payment_rollup.COSTS:
        whole.costs[name] += minor
        day.costs[name] += minor
        return
    whole.authorized += minor if name == payment_rollup.AUTHORIZED else 0
    whole.by_status[name] += count
    day.by_status[name] += count


def _fees(sums: Sums, currency: str) -> FeeSums:
    costs = {name: format_minor(sums.costs[name], currency) for name in payment_rollup.COSTS}
    net = sums.volume - sums.refunded - sum(sums.costs.values())
    return FeeSums(gross=format_minor(sums.volume, currency), net=format_minor(net, currency), **costs)


def _days(period: Period) -> dict[date, Sums]:
    days: dict[date, Sums] = defaultdict(Sums)
    for day in period.days():
        days[day] = Sums()
    return days


def _add_money(sums: Sums, kind: str, count: int, minor: int) -> None:
    if kind == ledger_rollup.REFUND:
        sums.refunds += count
        sums.refunded += minor
    else:
        sums.success += count
        sums.volume += minor


def _day_view(day: date, sums: Sums, currency: str) -> DayView:
    return DayView(
        date=day.isoformat(),
        count=sums.success,
        volume=format_minor(sums.volume, currency),
        refunds=format_minor(sums.refunded, currency),
        fees=format_minor(sum(sums.costs.values()), currency),
        failed=sums.by_status["failed"],
        success_rate=sums.rate(),
    )
