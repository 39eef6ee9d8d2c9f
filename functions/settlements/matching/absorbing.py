"""Takes the lines of a booked settlement into items: each about a record of ours counts there, every other one has an item of its own.

In slices, by the settlement's own cursor; a slice that is done twice changes nothing, because an item knows its lines.
"""

from collections.abc import Callable, Sequence
from typing import Final

from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records import reconciliation_item as record
from paycorex.records.reconciliation_item import OURS, PROVIDER, ReconciliationItem
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import SettlementLineItem
from settlements.matching import clearing, due_dates, fees, identification, items, placing
from settlements.matching.assignment import Part, Share
from settlements.matching.judging import CLEARING, SUSPENSE
from settlements.matching.rules import FAMILIES, Family
from settlements.stores import lines as line_store
from settlements.stores import reconciliation as store

SLICE: Final = 100
MAX_TRIES: Final = 8
DONE: Final = "done"


def absorb(settlement: SettlementItem, may_go_on: Callable[[], bool] = lambda: True) -> bool:
    """Take in what is new of a booked settlement; False when it is not at its end yet. Raises TemporarilyUnavailable, Unavailable.

    The list of lines may lag behind their writes. So they are counted, and with fewer than were booked it begins anew the next time.
    """
    if settlement.absorbed_to == DONE or not settlement.bookings:
        return settlement.absorbed_to == DONE
    read, after = _place(settlement.absorbed_to)
    while may_go_on():
        lines = line_store.page_of_settlement(settlement.settlement_id, after, SLICE)
        take_in(lines)
        read, after = read + len(lines), lines[-1].order_key if lines else after
        is_end = len(lines) < SLICE
        is_all = read >= int(settlement.bookings[-1][0])
        position = DONE if is_end and is_all else None if is_end else f"{read}:{after}"
        if position == DONE:
            _note_return(settlement)
        left = _left_open(settlement) if position == DONE else None
        is_noted = store.set_absorbed(settlement, position, left)
        if not is_noted or is_end:
            return is_noted and position == DONE
    return False


def _note_return(settlement: SettlementItem) -> None:
    """What the journals of a payout that failed left with its provider is owed again: an item of its own."""
    merchant_id, source, currency = settlement.merchant_id, settlement.connector, settlement.currency
    name, minor = f"{clearing.PAYOUT}:{settlement.settlement_id}", int(settlement.returned or 0)
    for _attempt in range(MAX_TRIES):
        found = store.find(items.id_of(merchant_id, source, currency, name))
        if minor == (0 if found is None else int(found.booked)):
            return
        before = found or items.of_record(merchant_id, source, currency, name)
        after = storage.copy_of(before)
        after.booked, after.provider_reference = minor, settlement.provider_reference
        after.due_at = due_dates.due_ms(merchant_id, source, clock.now_ms())
        if _is_stored(before, items.restated(before, after, clock.now_ms())):
            return
    raise TemporarilyUnavailable


def _left_open(settlement: SettlementItem) -> int:
    """How many items its lines left open: while there is one, the settlement is not reconciled."""
    found = store.open_items(settlement.merchant_id, settlement.connector, settlement.currency)
    return sum(item.settlement_id == settlement.settlement_id for item in found)


def _place(absorbed_to: str | None) -> tuple[int, str | None]:
    """How many lines were taken in, and the order key of the last one."""
    read, _, after = (absorbed_to or "0:").partition(":")
    return int(read), after or None


def take_in(lines: Sequence[SettlementLineItem]) -> None:
    """Some lines of booked settlements."""
    money = [line for line in lines if int(line.gross)]
    known = store.find_many([_item_id(line) for line in money])
    for line in money:
        _take_in(line, known.get(_item_id(line)))


def share_of(line: SettlementLineItem) -> Share:
    """A stored line as items know it."""
    return Share(int(line.occurred_at or 0), line.order_key, line.kind, int(line.gross), line.currency, line.settlement_id or "")


def _item_id(line: SettlementLineItem) -> str:
    side, name = (OURS, line.record) if line.record and line.placed == CLEARING else (PROVIDER, line.order_key)
    return record.item_id(line.merchant_id, side, line.connector, line.currency, name or "")


def _take_in(line: SettlementLineItem, found: ReconciliationItem | None) -> None:
    for attempt in range(MAX_TRIES):
        before = found if attempt == 0 else store.find(_item_id(line))
        if line.record and line.placed == CLEARING:
            before = before or items.of_record(line.merchant_id, line.connector, line.currency, line.record)
            if counted(before, line):
                return
        elif before is not None or _is_new(line):
            return
    raise TemporarilyUnavailable


def counted(before: ReconciliationItem, line: SettlementLineItem, *, is_in_suspense: bool = False) -> bool:
    """Note a line at the record that it is about; False when another writer was faster. Its money follows, where it is elsewhere."""
    share = share_of(line)
    draft = items.with_share(before, share)
    if share not in items.shares_of(draft):
        placing.place(before, share, Part.EXCESS)
        return True
    after = before
    if draft is not before:
        draft.provider_reference = draft.provider_reference or line.charge_reference or line.object_reference
        draft.fees = fees.booked(before, line) or draft.fees
        draft.pending = True if is_in_suspense else draft.pending
        after = items.restated(before, draft, clock.now_ms())
        if not _is_stored(before, after):
            return False
    if after.pending or is_in_suspense:
        placing.settle(after)
    return True


def move(line: SettlementLineItem, from_id: str, name: str) -> None:
    """A line that counts for one record of ours is about another one. Its money is in clearing and stays there, so both items and the line
    change in one transaction. Raises TemporarilyUnavailable, Unavailable.
    """
    item_id = items.id_of(line.merchant_id, line.connector, line.currency, name)
    for _attempt in range(MAX_TRIES):
        before, found = store.find(from_id), store.find(item_id)
        other = found or items.of_record(line.merchant_id, line.connector, line.currency, name)
        kept, more = items.without_share(before, line.order_key) if before else None, items.with_share(other, share_of(line))
        if before is None or kept is None or more is other:
            return
        now = clock.now_ms()
        more.provider_reference = more.provider_reference or line.charge_reference
        changes = [store.change(before, items.restated(before, kept, now)), store.change(other, items.restated(other, more, now))]
        try:
            storage.transact([*changes, store.record_of(line, name)])
        except storage.TransactionRefused as refused:
            if not refused.is_passing:
                raise
        except storage.OutcomeUnknown:
            continue
        else:
            return
    raise TemporarilyUnavailable


def match_later(line: SettlementLineItem, name: str) -> None:
    """A line that was about nothing of ours is about this record: its money leaves suspense. Raises TemporarilyUnavailable, Unavailable."""
    item_id = record.item_id(line.merchant_id, OURS, line.connector, line.currency, name)
    for _attempt in range(MAX_TRIES):
        before = store.find(item_id) or items.of_record(line.merchant_id, line.connector, line.currency, name)
        if counted(before, line, is_in_suspense=True):
            store.set_record(line, name)
            return
    raise TemporarilyUnavailable


def _is_new(line: SettlementLineItem) -> bool:
    draft = items.of_line(line.merchant_id, line.connector, share_of(line), SUSPENSE, line.charge_reference or line.line_reference)
    draft.reason = _why_unknown(line)
    store.note_account(line.merchant_id, line.connector, line.currency)
    return _is_stored(draft, items.restated(draft, draft, clock.now_ms()))


def _why_unknown(line: SettlementLineItem) -> str | None:
    """Why it is about no record of ours, where that can be said."""
    if FAMILIES.get(line.kind, Family.OTHER) is Family.OTHER:
        return line.kind
    return identification.identify(line.merchant_id, line.connector, [identification.report_line(line)])[0].rule


def _is_stored(before: ReconciliationItem, after: ReconciliationItem) -> bool:
    try:
        storage.run(store.change(before, after))
    except (storage.ConditionRefused, storage.OutcomeUnknown):
        return False
    return True
