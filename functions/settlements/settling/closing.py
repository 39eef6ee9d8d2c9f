"""Closing: what is known of a settlement is judged, and booked when it is whole. Safe beside itself and at every kill: a booking is written
with the settlement's next version, in one transaction.
"""

from collections.abc import Callable
from typing import Any, Final

from paycorex import clock, ledger, redaction, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Entry, OutOfBounds
from paycorex.records.settlement import MAX_BOOKINGS, SettlementItem
from paycorex.records.settlement_import import READING, UPLOADING
from paycorex.records.stamps import stamp
from settlements.settling import journals, roots, states
from settlements.settling.states import Judgement, State
from settlements.stores import imports
from settlements.stores import settlements as store

MAX_TRIES: Final = 8
# Until a list of lines shows what was stored a moment ago, and between two looks at a settlement whose report is being read.
AGAIN_MS: Final = 60_000
# What the alarm looks for.
EXCEPTION: Final = "a settlement cannot be booked"

logger: Final = redaction.logger("settlements")


def close(settlement_id: str, may_go_on: Callable[[], bool] = lambda: True, *, is_whole: bool = False) -> SettlementItem | None:
    """Judge a settlement, and book what is whole; as it is then, None where there is none.

    is_whole: its report was read to the end, whatever the import says. Raises TemporarilyUnavailable, storage's failures.
    """
    for _attempt in range(MAX_TRIES):
        item = store.find(settlement_id)
        if item is None:
            return None
        judgement = states.judge(item, is_whole=is_whole or not _is_being_read(item))
        try:
            return _booked(item, judgement, may_go_on) if judgement.is_to_book else _judged(item, judgement)
        except (storage.WriteRefused, storage.OutcomeUnknown):
            continue
    raise TemporarilyUnavailable


def reconsider(settlement_id: str) -> SettlementItem | None:
    """Judge it again after something beside its lines changed: what its lines left open, a bank line. Raises as `close` does."""
    return close(settlement_id)


def with_bank_line(before: SettlementItem, bank_line_id: str | None, *, is_open: bool) -> storage.Write:
    """The write by which a settlement knows its bank line, for the transaction that books the line.

    is_open: the lines are not compared with it yet, or bring another amount.
    """
    after = storage.copy_of(before)
    after.bank_line_id, after.is_bank_open = bank_line_id, is_open
    return store.change(before, _next(before, after, states.judge(after, is_whole=not _is_being_read(after))))


def _is_being_read(item: SettlementItem) -> bool:
    found = imports.find(item.import_id) if item.import_id is not None else None
    return found is not None and found.status in {UPLOADING, READING} and not found.is_preview


def _judged(before: SettlementItem, judgement: Judgement) -> SettlementItem:
    """Nothing is booked: the state alone. Raises storage.ConditionRefused when another writer was faster."""
    after = storage.copy_of(before)
    is_waiting = judgement.state is State.READING and _is_being_read(before)
    is_to_absorb = judgement.state is not State.RECONCILED and states.is_booked(before) and before.absorbed_to != states.ABSORBED
    store.set_due(after, clock.now_ms() + AGAIN_MS if is_waiting or is_to_absorb else None)
    after = _next(before, after, judgement)
    storage.run(store.change(before, after))
    return after


def _booked(before: SettlementItem, judgement: Judgement, may_go_on: Callable[[], bool]) -> SettlementItem:
    draft = storage.copy_of(before)
    try:
        root = roots.advance(draft, may_go_on)
        made = None if root is None else journals.journal(draft, root)
    except roots.Behind:
        return _put_off(before, draft)
    except OutOfBounds:
        return _judged(before, Judgement(State.EXCEPTION, "It moves more than can be booked."))
    if root is None:
        return _put_off(before, draft)
    if len(draft.bookings or ()) >= MAX_BOOKINGS:
        return _judged(before, Judgement(State.EXCEPTION, "It was reported in too many parts."))

    def after(entries: tuple[Entry, ...]) -> SettlementItem:
        known = storage.copy_of(draft)
        known.bookings = [*(draft.bookings or ()), [*states.sums(draft), root, journals.moved(made)]]
        known.entries = [_place(entry) for entry in entries]
        known.returned = states.came_back(draft) or None
        known.lines_root, known.folding, known.absorbed_to = root, None, None
        store.set_due(known, clock.now_ms())
        return _next(before, known, judgement)

    if made is None:
        storage.run(store.change(before, after(())))
        return after(())
    entries = ledger.post(made, lambda placed: [store.change(before, after(placed))])
    return after(entries)


def _put_off(before: SettlementItem, draft: SettlementItem) -> SettlementItem:
    """The root is not made yet: how far it came."""
    store.set_due(draft, clock.now_ms() + (0 if draft.folding else AGAIN_MS))
    after = _next(before, draft, Judgement(State(before.state), before.problem))
    storage.run(store.change(before, after))
    return after


def _next(before: SettlementItem, after: SettlementItem, judgement: Judgement) -> SettlementItem:
    now = clock.now_ms()
    after.state, after.problem = judgement.state.value, judgement.problem
    after.version, after.updated_at = int(before.version) + 1, now
    if judgement.state is State.EXCEPTION and before.state != State.EXCEPTION:
        logger.warning(EXCEPTION, extra={"settlement_id": before.settlement_id, "merchant_id": before.merchant_id})
    if judgement.state is State.RECONCILED and before.state != State.RECONCILED:
        for name, value in stamp("settlement.reconciled", now, before if before.event is not None else None).items():
            setattr(after, name, value)
    return after


def _place(entry: Entry) -> list[Any]:
    return [entry.account.entity.value, entry.account.entity_id, entry.account.lane, entry.seq]
