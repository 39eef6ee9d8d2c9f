"""One run of the importer: imports by turns, a few slices each; then settlements that there is something to do with.

Every slice is stored with the import's next version, on the condition of the one before. An import is taken by putting off when others may
look at it, so two runs at once do not read the same part; if one is killed, the next goes on at the last slice that was stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from paycorex import clock, set_aside, storage
from paycorex.records.settlement_import import READING, UPLOADING, SettlementImportItem
from paycorex.set_aside import SHARED_TROUBLE, AsideItem, Subject, guarded
from settlements import settling
from settlements.bank import looking
from settlements.imports import clock_moves, files, sandbox_bank
from settlements.sources import daily, pulling
from settlements.stores import imports as store
from settlements.stores import settlements

IMPORTS: Final = "settlements.imports"
SETTLEMENTS: Final = "settlements.settling"
# After this long an import whose run was killed is taken up again; longer than any slice.
LEASE_MS: Final = 120_000
# An import gives way to the others after so many slices.
SLICES_PER_TURN: Final = 8
MAX_PER_RUN: Final = 100
ASIDE_MS: Final = 24 * 3600 * 1000
RETRY_MS: Final = 30_000

MayGoOn = Callable[[], bool]


@dataclass(slots=True)
class Run:
    """What one run did. begun: imports of the day, by the providers' APIs.

    failed: met trouble that was not their own; set_aside: could not be handled, for a reason of their own.
    """

    begun: int = 0
    slices: int = 0
    imports: int = 0
    settlements: int = 0
    failed: int = 0
    set_aside: int = 0


def run(may_go_on: MayGoOn) -> Run:
    """Go on with what is due, until the time is up. Raises storage.Unavailable when nothing can be listed."""
    done = Run(begun=clock_moves.run(may_go_on) + daily.tick(may_go_on))
    while may_go_on():
        due = store.due(clock.now_ms(), MAX_PER_RUN)
        before = done.slices
        for import_id, due_at in due:
            if not may_go_on():
                return done
            _take(done, import_id, due_at, may_go_on)
        if done.slices == before:
            break
    for settlement_id in settlements.due(clock.now_ms(), MAX_PER_RUN):
        if not may_go_on():
            return done
        _settle(done, settlement_id, may_go_on)
    set_aside.retry_due(IMPORTS, lambda row: _again(row, may_go_on), may_go_on)
    set_aside.retry_due(SETTLEMENTS, lambda row: _settled(row.item_id, may_go_on), may_go_on)
    return done


def _take(done: Run, import_id: str, due_at: str, may_go_on: MayGoOn) -> None:
    """A turn of one import."""
    done.imports += 1
    try:
        with guarded(Subject(IMPORTS, import_id)) as guard:
            done.slices += read(import_id, may_go_on, due_at, guard)
        if guard.is_aside:
            done.set_aside += 1
            store.put_off(import_id, clock.now_ms() + ASIDE_MS)
    except SHARED_TROUBLE:
        done.failed += 1


def read(import_id: str, may_go_on: MayGoOn, due_at: str | None = None, guard: guarded | None = None) -> int:
    """Read some slices of an import; how many. due_at: as it was listed; another run has taken it when it differs.

    Raises storage's failures, TemporarilyUnavailable, and what a slice cannot handle.
    """
    item = store.find(import_id)
    if item is None or item.status not in {UPLOADING, READING} or (due_at is not None and item.due_at != due_at):
        return 0
    if guard is not None:
        guard.merchant_id = item.merchant_id
    lease = storage.copy_of(item)
    store.set_due(lease, clock.now_ms() + LEASE_MS)
    kept = _stored(item, lease)
    for number in range(1, SLICES_PER_TURN + 1):
        if kept is None:
            return number - 1
        is_fetched = kept.format is None
        after = pulling.read_slice(storage.copy_of(kept), may_go_on) if is_fetched else files.read_slice(kept)
        is_last = is_fetched or number == SLICES_PER_TURN or not may_go_on()
        if after.status == READING:
            # A provider that does not answer is asked again later; a file waits for nothing but its turn.
            store.set_due(after, clock.now_ms() + (RETRY_MS if is_fetched else 0 if is_last else LEASE_MS))
        elif is_fetched:
            store.set_due(after, None)
        kept = _stored(kept, after)
        if is_last or after.status != READING:
            return number
    raise AssertionError


def _stored(before: SettlementImportItem, after: SettlementImportItem) -> SettlementImportItem | None:
    """The next version, stored; None when another run was faster."""
    after.version, after.updated_at = int(before.version) + 1, clock.now_ms()
    try:
        storage.run(store.change(before, after))
    except storage.ConditionRefused:
        return None
    return after


def _settled(settlement_id: str, may_go_on: MayGoOn) -> None:
    """A settlement is judged, and then held against what the bank reports."""
    item = settling.close(settlement_id, may_go_on)
    looking.at_settlement(settlement_id, may_go_on)
    if item is not None and sandbox_bank.is_to_bring(item):
        sandbox_bank.bring(item)


def _settle(done: Run, settlement_id: str, may_go_on: MayGoOn) -> None:
    done.settlements += 1
    try:
        with guarded(Subject(SETTLEMENTS, settlement_id)) as guard:
            _settled(settlement_id, may_go_on)
        if guard.is_aside:
            done.set_aside += 1
            settlements.put_off(settlement_id, clock.now_ms() + ASIDE_MS)
    except SHARED_TROUBLE:
        done.failed += 1


def _again(row: AsideItem, may_go_on: MayGoOn) -> None:
    read(row.item_id, may_go_on)
