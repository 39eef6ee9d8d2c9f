"""Posting: one journal and the record it belongs to, in one transaction, while other writers append to the same chains."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from paycorex import backoff, clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import lanes as lanes_module
from paycorex.ledger import store
from paycorex.ledger.entry import Entry, InsufficientFunds, chain
from paycorex.ledger.journal import Journal
from paycorex.storage.failures import TransactionInProgress

# A posting waits for its turn this long, however often others are faster, and ends before the Lambda's time limit.
BUDGET_SECONDS: Final = 10
# Waits are drawn up to a ceiling that begins with the duration of a try (or this, if it was shorter) and grows with each. A refused
# transaction costs write units: a store that stays busy gets some thirty of them, not hundreds.
FIRST_CEILING_SECONDS: Final = 0.02
LAST_CEILING_SECONDS: Final = 1.0
GROWTH: Final = 1.4
MAX_GROWTHS: Final = 20
# Of the ceiling, for a posting whose time is nearly over.
LEAST_PATIENCE: Final = 0.7
# Where others were faster on its chains the store is well, and all wait for the same: the older a posting, the sooner it tries again.
OVERTAKEN_CEILING_SECONDS: Final = 0.6
OVERTAKEN_PATIENCE: Final = 0.15
IN_PROGRESS_SECONDS: Final = 1.0
# A posting that the merchant's lanes refused so often asks for more of them. Below a lane's ceiling that hardly happens.
REFUSALS_PER_LANE_ASKED: Final = 5
# The next lane is another chain, which is probably free: only each second one that refused lets the ceiling of waits grow.
LANES_PER_GROWTH: Final = 2

RecordWrites = Callable[[tuple[Entry, ...]], Sequence[storage.Write]]


class RecordRefused(storage.WriteRefused):
    """One of the record's own writes was refused; nothing was posted.

    index: which of the record's writes. item: what is stored there instead, in wire shape, if anything.
    """

    def __init__(self, index: int, item: Any) -> None:
        super().__init__(f"record write {index} refused")
        self.index = index
        self.item = item


def post(journal: Journal, record: RecordWrites, *, lanes: int = 1) -> tuple[Entry, ...]:
    """Write the journal's entries and the record's writes in one transaction; the entries as written.

    record: makes the record's writes once the entries are known; each must carry the condition that makes it happen once.
    lanes: how many lanes the merchant's accounts have, as far as the caller knows; more are opened where they refuse again and again.
    Raises InsufficientFunds (after a consistent read), OutOfBounds, RecordRefused, or TemporarilyUnavailable. After a timeout the
    same transaction is tried again: the condition of the record shows whether the first try was carried out.
    """
    attempt = _Attempt(journal, lanes)
    while True:
        placed = attempt.placed()
        try:
            entries = attempt.entries(placed)
            if entries is None:
                continue
            writes = record(entries)
            storage.transact([*writes, *(store.append(entry) for entry in entries)])
        except storage.TransactionRefused as refused:
            attempt.refused(refused.reasons, len(writes), placed)
        except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
            attempt.troubled(trouble, placed)
        else:
            lanes_module.remember(entries)
            return entries


@dataclass(slots=True)
class _Attempt:
    """The state of one posting between its tries: which lane is next, and when to give up.

    tries: of which the ceiling of waits grows. is_overtaken: others were faster, the last time. refusals: those that a lane caused.
    """

    journal: Journal
    lanes: int
    fresh: bool = False
    tries: int = 0
    is_overtaken: bool = False
    refusals: int = 0
    lane: int = field(init=False)
    started: float = field(default_factory=clock.now_seconds)
    tried_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = lanes_module.known_lanes(self._merchant_id, self.lanes)
        self.lane = lanes_module.choose(self._merchant_id, self.lanes)
        self.tried_at = self.started

    @property
    def _merchant_id(self) -> str:
        return self.journal.postings[0].account.merchant_id

    def placed(self) -> Journal:
        """The journal on the lane of the next try, which begins."""
        self.tried_at = clock.now_seconds()
        return self.journal.on_lane(self.lane)

    def entries(self, placed: Journal) -> tuple[Entry, ...] | None:
        """The entries to append, or None when the heads must be read again first."""
        heads = {account.key: lanes_module.head(account, fresh=self.fresh) for account in placed.accounts()}
        try:
            return chain(placed, heads, clock.now_ms())
        except InsufficientFunds:
            if self.fresh:
                raise
            self.fresh = True
            return None

    def refused(self, reasons: tuple[storage.Reason, ...], record_writes: int, placed: Journal) -> None:
        """Another writer was faster, or a condition of the record failed."""
        for index, reason in enumerate(reasons[:record_writes]):
            if reason.is_condition:
                raise RecordRefused(index, reason.item)
        self._forget(placed)
        if not any(reason.is_condition or reason.is_busy for reason in reasons):
            msg = f"a transaction was refused for an unhandled reason: {[reason.code for reason in reasons]}"
            raise AssertionError(msg)
        causes = [(account, why) for account, why in zip(placed.accounts(), reasons[record_writes:], strict=True) if why.code != "None"]
        self.is_overtaken = any(why.is_condition or why.is_conflict for _account, why in causes)
        self._wait()
        if any(account.is_laned for account, _why in causes):
            self._leave_lane()

    def troubled(self, trouble: Exception, placed: Journal) -> None:
        """The store is busy, or did not answer."""
        self._forget(placed)
        self.is_overtaken = False
        if isinstance(trouble, TransactionInProgress):
            self._demand_time()
            clock.sleep(IN_PROGRESS_SECONDS)
        else:
            self._wait()
            self.lane = lanes_module.switch_lane(self._merchant_id, self.lane, self.lanes)

    def _ceiling(self) -> float:
        """Seconds up to which to wait: shorter for postings that have waited long, so that they are not overtaken for ever."""
        now = clock.now_seconds()
        shortest = max(FIRST_CEILING_SECONDS, now - self.tried_at)
        grown = shortest * GROWTH ** min(self.tries, MAX_GROWTHS)
        last, least = (OVERTAKEN_CEILING_SECONDS, OVERTAKEN_PATIENCE) if self.is_overtaken else (LAST_CEILING_SECONDS, LEAST_PATIENCE)
        patience = 1 - (1 - least) * min(1, (now - self.started) / BUDGET_SECONDS)
        return max(shortest, min(grown, last * patience)) if self.is_overtaken else min(grown, last) * patience

    def _wait(self) -> None:
        self._demand_time()
        ceiling, self.tries = self._ceiling(), self.tries + 1
        backoff.wait(ceiling)

    def _leave_lane(self) -> None:
        """Another posting was faster on this lane: go to another one, and ask for more where none is free."""
        self.refusals += 1
        if self.lanes > 1 and self.refusals % LANES_PER_GROWTH:
            self.tries -= 1
        if self.refusals % REFUSALS_PER_LANE_ASKED == 0:
            self.lanes = lanes_module.ask_for_more(self._merchant_id, self.lanes)
        self.lane = lanes_module.switch_lane(self._merchant_id, self.lane, self.lanes)

    def _forget(self, placed: Journal) -> None:
        lanes_module.forget(tuple(placed.accounts()))
        self.fresh = True

    def _demand_time(self) -> None:
        if clock.now_seconds() - self.started > BUDGET_SECONDS:
            raise TemporarilyUnavailable
