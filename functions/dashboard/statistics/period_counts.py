"""All counts of a period: the rollups' whole days, the ledger's entries after them, and the partial quarters at the edges."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from dashboard.statistics import ledger_rollup, payment_rollup, rollup_store, ways
from dashboard.statistics.day_sums import DaySums
from dashboard.statistics.ledger_rollup import LedgerAccount
from dashboard.statistics.packed_days import Day
from dashboard.statistics.periods import Period
from dashboard.statistics.rollup_store import MONEY, OPEN
from dashboard.statistics.tallies import DAY_MS, QUARTERS_PER_DAY, Count, Tally
from paycorex import clock, ledger
from paycorex.credentials import Caller
from paycorex.ledger import Account, Entry
from paycorex.ledger import store as ledger_store
from payments.payment import store as payments_store

# Entries that the stream has not delivered yet are counted here, up to this many; beyond that, statistics are late.
MAX_UNCOUNTED: Final = 400
# A partial quarter with more rows than this is widened to a whole one.
MAX_EDGE_ROWS: Final = 1_000
MAX_SNAPSHOTS: Final = 4
SETTLED_DAYS: Final = 3
_READERS: Final = 8


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """Sums by day of money and of payments without money, for a period that may have been widened to whole quarters."""

    period: Period
    money: DaySums
    open: DaySums
    balance: int


class _TooMany(Exception):
    """A partial quarter holds more rows than are read one by one."""


def count(caller: Caller, currency: str, period: Period) -> PeriodCounts:
    """Count a period. Independent reads run in parallel. Raises storage.Unavailable."""
    ledger_account, account = LedgerAccount(caller.merchant_id, currency), Account.of_merchant(caller.merchant_id, currency)
    lanes = ledger.lanes_to_read(caller.merchant_id)
    with ThreadPoolExecutor(_READERS) as pool:
        found = pool.map(lambda lane: ledger_store.head(account.on_lane(lane), consistent=True), range(lanes))
        try:
            edge_money, edge_open = _edges(ledger_account, lanes, period)
        except _TooMany:
            period, edge_money, edge_open = period.widened(), Tally(), Tally()
        first, last = _days(period)
        # Days that ended long ago do not change, so they need no consistent read.
        settled = min(max(clock.now_ms() // DAY_MS - SETTLED_DAYS, first), last + 1)
        long_over = pool.submit(_stored, MONEY, ledger_account, first, settled - 1)
        not_money = pool.submit(_stored, OPEN, ledger_account, first, last)
        heads = [entry for entry in found if entry is not None]
        money, unsettled = DaySums(period), DaySums(period)
        if period.quarters:
            _include_recent(money, ledger_account, heads, settled, last)
        for day in long_over.result():
            money.include_day(day)
        for day in not_money.result():
            unsettled.include_day(day)
    money.include_all(edge_money.quarters)
    unsettled.include_all(edge_open.quarters)
    return PeriodCounts(period, money, unsettled, sum(head.balance for head in heads))


def _days(period: Period) -> tuple[int, int]:
    """The first and the last UTC day of its whole quarters; the last before the first when it has none."""
    if not period.quarters:
        return 0, -1
    return period.quarters[0] // QUARTERS_PER_DAY, period.quarters[-1] // QUARTERS_PER_DAY


def _stored(kind: str, ledger_account: LedgerAccount, first: int, last: int) -> list[Day]:
    return list(rollup_store.days_between(kind, ledger_account.merchant_id, ledger_account.currency, first, last, consistent=False))


def _include_recent(money: DaySums, ledger_account: LedgerAccount, heads: list[Entry], first: int, last: int) -> None:
    """Days that may still change, and entries that are not counted yet. Sums and cursors are two reads: repeat until the cursors rest."""
    before = rollup_store.lanes_counted(ledger_account.merchant_id, ledger_account.currency)
    for _try in range(MAX_SNAPSHOTS):
        recent = list(rollup_store.days_between(MONEY, ledger_account.merchant_id, ledger_account.currency, first, last, consistent=True))
        after = rollup_store.lanes_counted(ledger_account.merchant_id, ledger_account.currency)
        if after == before:
            break
        before = after
    for day in recent:
        money.include_day(day)
    missing = {head.account.lane: (before.get(head.account.lane, 0), head.seq) for head in heads}
    if sum(max(seq - counted, 0) for counted, seq in missing.values()) <= MAX_UNCOUNTED:
        for lane, (counted, seq) in missing.items():
            money.include_whole(ledger_rollup.tally_of(ledger_rollup.uncounted(ledger_account, lane, counted, seq)).quarters)


def _edges(ledger_account: LedgerAccount, lanes: int, period: Period) -> tuple[Tally, Tally]:
    money, unsettled = Tally(), Tally()
    for low, high in period.edges:
        money.include(ledger_rollup.tally_of(_entries(ledger_account, lanes, low, high)))
        for added in _unsettled(ledger_account, lanes, low, high):
            unsettled.add(added)
    return money, unsettled


def _entries(ledger_account: LedgerAccount, lanes: int, low: int, high: int) -> Iterator[Entry]:
    """The ledger's entries of a partial quarter, found by binary search. Raises _TooMany."""
    account, seen = Account.of_merchant(ledger_account.merchant_id, ledger_account.currency), 0
    for lane in range(lanes):
        for entry in ledger.entries_between(account.on_lane(lane), from_ms=low, to_ms=high):
            seen += 1
            if seen > MAX_EDGE_ROWS:
                raise _TooMany
            yield entry


def _unsettled(ledger_account: LedgerAccount, lanes: int, low: int, high: int) -> Iterator[Count]:
    page = payments_store.list_payments(
        merchant_id=ledger_account.merchant_id,
        lanes=lanes,
        from_ms=low,
        to_ms=high,
        keep=lambda item: (
            item.currency == ledger_account.currency
            and (item.status != payment_rollup.SUCCESS or item.fee is not None or item.provider is not None)
        ),
        limit=MAX_EDGE_ROWS,
        position=None,
    )
    if page.position is not None:
        raise _TooMany
    for item in page.items:
        name = payment_rollup.counted_as(item.status, int(item.amount_captured or 0))
        others = ways.of(item.status, item.provider, item.timeline, item.failure_code)
        for each in (name, *others) if name else others:
            yield Count(int(item.created_at), each, 1, int(item.amount))
        yield from payment_rollup.cost_counts(int(item.created_at), payment_rollup.costs_of(item.fee, item.currency))
