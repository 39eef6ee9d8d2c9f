"""Commit: a record's next version, its journal and the rows that belong to them, in one transaction, exactly once.

A step is made from the record as it was read, and is written on the condition that the record is still that version. When another writer
was faster, or when it is not known whether the write happened, the record is read again and the rule makes the next step from it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from paycorex import backoff, clock, credentials, ledger, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Entity, Entry, Journal
from paycorex.records.capture import CaptureItem
from paycorex.records.dispute import DisputeItem
from paycorex.records.payment import PaymentItem, entry_references
from paycorex.records.refund import RefundItem
from paycorex.storage import Write

# A record that others change all the time is read again for this long, and so often at least, however slow each try is.
BUDGET_SECONDS: Final = 3
LEAST_TRIES: Final = 8
# Waits are drawn up to a ceiling that doubles with each try.
FIRST_CEILING_SECONDS: Final = 0.05
LAST_CEILING_SECONDS: Final = 0.5
MAX_DOUBLINGS: Final = 4
# Steps of one call, each stored. What is left then is for the caller's next try.
MAX_STEPS: Final = 24


class Lost(Exception):
    """A step was not written, or that is not known: the record must be read again."""


@dataclass(frozen=True, slots=True)
class Step[R: (PaymentItem, RefundItem, CaptureItem, DisputeItem)]:
    """What a rule makes of a record as it was read. Pure: nothing is written yet.

    before: the version that was read; None for a new record. after: the next one; `before` itself when there is nothing to do.
    writes: makes the transaction's writes once `after` is complete; each carries the condition that makes it happen once.
    journal: None when no money moves. keeps_entries: the record refers to the journal's entries.
    is_last: False when the rule must be asked again after this step.
    """

    before: R | None
    after: R
    writes: Callable[[], Sequence[Write]] = tuple
    journal: Journal | None = None
    keeps_entries: bool = False
    is_last: bool = True


AnyStep = Step[PaymentItem] | Step[RefundItem] | Step[CaptureItem] | Step[DisputeItem]


def commit[S, T: AnyStep](
    rule: Callable[[S], T], read: Callable[[], S], found: S | None = None, *, claim: Sequence[Write] = (), lanes: int | None = None
) -> T:
    """Write what a rule makes of a record, read again as often as another write is faster; the last step.

    read: the record, and what the rule must see beside it. found: the same, when it was read already. claim: writes of the request that
    asks for it, carried out with the first step. lanes: of the merchant; None looks them up.
    Raises what the rule and `read` raise, TemporarilyUnavailable when the time is over, and ledger.RecordRefused or
    storage.TransactionRefused when a write of the claim was refused.
    """
    patience = _Patience()
    for _step in range(MAX_STEPS):
        step, found = rule(read() if found is None else found), None
        while not _is_written(step, claim, lanes, patience):
            step = rule(read())
        if step.is_last:
            return step
        claim = ()
    raise TemporarilyUnavailable


def _is_written(step: AnyStep, claim: Sequence[Write], lanes: int | None, patience: "_Patience") -> bool:
    """False when the record must be read again; by then the wait is over."""
    try:
        write_once(step, claim=claim, lanes=lanes)
    except Lost as lost:
        patience.wait(lost)
        return False
    return True


def write_once(step: AnyStep, *, claim: Sequence[Write] = (), lanes: int | None = None) -> None:
    """Write a step for the record exactly as it was read. Raises Lost, and what `commit` raises."""
    if step.after is step.before:
        return
    if step.journal is None:
        _store([*claim, *step.writes()], len(claim))
    else:
        _post(step, step.journal, claim, credentials.lanes_of(step.after.merchant_id) if lanes is None else lanes)


@dataclass(slots=True)
class _Patience:
    """How long one commit has tried."""

    tries: int = 0
    started_ms: int = field(default_factory=clock.now_ms)

    def wait(self, lost: Lost) -> None:
        """Wait before the next try; raises TemporarilyUnavailable instead when the time is over."""
        self.tries += 1
        if self.tries >= LEAST_TRIES and clock.now_ms() - self.started_ms > BUDGET_SECONDS * 1000:
            raise TemporarilyUnavailable from lost
        backoff.wait(min(LAST_CEILING_SECONDS, FIRST_CEILING_SECONDS * (1 << min(self.tries - 1, MAX_DOUBLINGS))))


def _post(step: AnyStep, journal: Journal, claim: Sequence[Write], lanes: int) -> None:
    def record(entries: tuple[Entry, ...]) -> list[Write]:
        if step.keeps_entries and not isinstance(step.after, DisputeItem):
            step.after.entries = entry_references(entries)
        # The claim first: when both are refused, it tells that this very request was carried out already.
        return [*claim, *step.writes()]

    try:
        ledger.post(journal, record, lanes=lanes)
    except ledger.InsufficientFunds as refusal:
        if refusal.account.entity is not Entity.HOLD:
            raise
        # The payment was ruled upon as it is no more: its hold is read later than itself, and is used up by now.
        raise Lost from refusal
    except ledger.RecordRefused as refused:
        if refused.index < len(claim):
            raise
        raise Lost from refused


def _store(writes: Sequence[Write], claimed: int) -> None:
    """Without a journal. An unknown outcome is like a lost race: what is stored now decides, and a claim among the writes is met again."""
    try:
        if len(writes) > 1 or claimed:
            storage.transact(writes)
        else:
            storage.run(writes[0])
    except storage.TransactionRefused as refused:
        if any(reason.is_condition for reason in refused.reasons[:claimed]):
            raise
        raise Lost from refused
    except (storage.ConditionRefused, storage.Unavailable, storage.OutcomeUnknown) as trouble:
        raise Lost from trouble
