"""What providers paid out against what the bank shows: each payout and each bank line is an item, and what they are to each other is read
from the lines as `settlements.bank` has judged them.

The items of an account always come to its balance: journals change them as they are read. Here amounts are only moved from one item to
another, all of a group in one transaction, so that a payout and the lines that bring it are closed together or not at all.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from paycorex import clock, storage
from paycorex.records.bank_line import DUPLICATE, UNEXPECTED, BankLineItem
from paycorex.records.reconciliation_item import BANK_LINE, ReconciliationItem
from paycorex.records.reconciliation_position import BANK, TRANSIT
from paycorex.records.settlement import SettlementItem
from settlements.matching import clearing, due_dates, items
from settlements.stores import bank_lines, settlements
from settlements.stores import reconciliation as store

# What one run looks at of an account: the rest is the next run's.
MAX_ITEMS: Final = 2_000
# Lines that bring one payout, as many as are judged together; with their payouts they stay within one transaction.
MAX_LINES: Final = 50
MAX_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Group:
    """Payouts and the lines that bring them, each with its item. Lines that came back leave their payouts where they were."""

    lines: Sequence[BankLineItem]
    payouts: Sequence[SettlementItem]
    items: dict[str, ReconciliationItem]

    @property
    def is_known(self) -> bool:
        """True when all of it is booked and judged, and read into items."""
        is_judged = all(line.entries and (line.open_key is None or line.difference is not None) for line in self.lines)
        return is_judged and all(_is_read(self.items.get(name), minor) for name, minor in self._booked())

    def _booked(self) -> list[tuple[str, int]]:
        """What each record's journals come to, + for what the bank owes."""
        of_lines = [(_name(line), -int(line.amount) + _decided(line)) for line in self.lines]
        return of_lines + [(_payout(item), _sent(item)) for item in self.payouts]

    def reported(self) -> dict[str, int]:
        """What of each record the others explain; nothing in all."""
        differences = {_name(line): int(line.difference or 0) for line in self.lines}
        sent = {_payout(item): _sent(item) for item in self.payouts}
        came = {_name(line): -int(line.amount) + _decided(line) + differences[_name(line)] for line in self.lines}
        if sum(came.values()) == 0 != sum(sent.values()):
            # All of it went back: it is on its way again.
            sent = dict.fromkeys(sent, 0)
        return sent | came


def settle(merchant_id: str, source: str, currency: str, may_go_on: Callable[[], bool]) -> bool:
    """Close what belongs together of an account's open items; False when there was no time for all of them. Raises storage.Unavailable."""
    done: set[str] = set()
    for item in islice(list(store.open_items(merchant_id, source, currency)), MAX_ITEMS):
        if not may_go_on():
            return False
        if item.item_id not in done:
            done |= _settle(item)
    return True


def _settle(item: ReconciliationItem) -> set[str]:
    """Try to close an item's group; the ids of all items of it."""
    for _attempt in range(MAX_TRIES):
        group = _group_of(item)
        if group is None:
            _put_off(item)
            break
        wanted = group.reported() if group.is_known else {}
        writes = [write for name, minor in wanted.items() if (write := _reported(group, name, minor)) is not None]
        if not writes or sum(wanted.values()) != 0:
            return {found.item_id for found in group.items.values()} | {item.item_id}
        try:
            storage.transact(writes)
        except storage.TransactionRefused as refused:
            if not refused.is_passing:
                raise
        except storage.OutcomeUnknown:
            continue
    return {item.item_id}


def settle_line(line: BankLineItem) -> None:
    """Close a line's group, whatever else is open, and have its item say what was decided. Raises storage.Unavailable."""
    item = store.find(items.id_of(line.merchant_id, source_of(line), line.currency, _name(line)))
    if item is not None:
        _settle(item)


def source_of(line: BankLineItem) -> str:
    """The source of the account that a booked line is an item of."""
    return f"{TRANSIT}{line.connector}"


def _put_off(item: ReconciliationItem) -> None:
    """A payout is due some days after its provider says that it arrives, which may be later than it was booked."""
    payout = settlements.find(str(item.settlement_id)) if item.settlement_id is not None else None
    if payout is None or payout.arrival_at is None or item.due_at is None:
        return
    due_at = due_dates.due_ms(item.merchant_id, item.source, int(payout.arrival_at))
    if due_at is not None and due_at > int(item.due_at):
        after = storage.copy_of(item)
        after.due_at = due_at
        with suppress(storage.ConditionRefused, storage.OutcomeUnknown):
            storage.run(store.change(item, items.restated(item, after, clock.now_ms())))


def _reported(group: Group, name: str, minor: int) -> storage.Write | None:
    """The write of what the others of a group explain of one item; None where it is as it should be."""
    before = group.items.get(name)
    if before is None:
        return None
    after = storage.copy_of(before)
    after.reported = minor
    line = next((each for each in group.lines if _name(each) == name), None)
    if line is not None:
        after.reason = DUPLICATE if line.state == DUPLICATE else None
        after.settlement_id, after.decisions = line.settlement_id, decisions_of(line)
    after = items.restated(before, after, clock.now_ms())
    said = ("reported", "reason", "settlement_id", "decisions", "state", "open_key")
    return None if all(getattr(before, name) == getattr(after, name) for name in said) else store.change(before, after)


def _group_of(item: ReconciliationItem) -> Group | None:
    """All lines and payouts of an item's group; None for a payout that no line brings."""
    line = bank_lines.find(item.record.partition(":")[2]) if item.side == BANK_LINE else _line_of_payout(item)
    if line is None or line.settlement_id is None:
        return None
    others = bank_lines.of_settlement(line.settlement_id, MAX_LINES)
    lines = {each.bank_line_id: each for each in [*others, line]}
    payout_ids = sorted({str(each) for each in lines.values() for each in each.settlements or ()})
    payouts = [found for each in payout_ids if (found := settlements.find(each)) is not None]
    names = [*(_name(each) for each in lines.values()), *(_payout(each) for each in payouts)]
    ids = {name: items.id_of(item.merchant_id, item.source, item.currency, name) for name in names}
    known = store.find_many(list(ids.values()))
    found_items = {name: known[item_id] for name, item_id in ids.items() if item_id in known}
    return Group([lines[key] for key in sorted(lines)], payouts, found_items)


def _line_of_payout(item: ReconciliationItem) -> BankLineItem | None:
    payout = settlements.find(str(item.settlement_id)) if item.settlement_id is not None else None
    return None if payout is None or payout.bank_line_id is None else bank_lines.find(payout.bank_line_id)


def _is_read(item: ReconciliationItem | None, booked: int) -> bool:
    """What moved nothing has no entry, and need not have an item."""
    return booked == 0 if item is None else int(item.booked) == booked


def _name(line: BankLineItem) -> str:
    return f"{clearing.BANK_LINE}:{line.bank_line_id}"


def _payout(item: SettlementItem) -> str:
    return f"{clearing.PAYOUT}:{item.settlement_id}"


def _sent(item: SettlementItem) -> int:
    """What its journals brought on its way."""
    if not item.bookings:
        return 0
    _lines, gross, fee, tax = (int(each) for each in item.bookings[-1][:4])
    return gross - fee - tax


def _decided(line: BankLineItem) -> int:
    return sum(int(made.get("difference") or 0) for made in line.decisions or ())


def decisions_of(line: BankLineItem) -> list[dict[str, object]] | None:
    """What was decided about a line, as its item has it."""
    found: list[dict[str, object]] = []
    for number, made in enumerate(line.decisions or (), start=1):
        said: dict[str, object] = {name: made[name] for name in ("action", "reason", "who")} | {"at": clock.rfc3339(int(made["at"]))}
        found.append(said | ({"journal": number, "of": line.bank_line_id} if made.get("difference") else {}))
    return found or None


def note_unexpected(merchant_id: str, currency: str, may_go_on: Callable[[], bool]) -> bool:
    """Keep an item of each bank line that brings nothing of ours; False when there was no time for all of them."""
    for line in islice(bank_lines.open_lines(merchant_id, currency), MAX_ITEMS):
        if not may_go_on():
            return False
        if line.state == UNEXPECTED:
            reflect(line)
    for item in islice(list(store.open_items(merchant_id, BANK, currency)), MAX_ITEMS):
        if not may_go_on():
            return False
        found = bank_lines.find(item.record.partition(":")[2])
        if found is not None:
            reflect(found)
    return True


def reflect(line: BankLineItem) -> None:
    """Have the item of a line that is not booked say what the line says. Once it is booked, journals and groups do."""
    for _attempt in range(MAX_TRIES):
        name = _name(line)
        before = store.find(items.id_of(line.merchant_id, BANK, line.currency, name))
        draft = before or items.of_record(line.merchant_id, BANK, line.currency, name)
        if draft.source != BANK or line.entries:
            return
        after = storage.copy_of(draft)
        after.reported, after.decisions = int(line.amount), decisions_of(line)
        after.decided = 0 if line.state == UNEXPECTED else -int(line.amount)
        after.provider_reference = line.bank_reference or next(iter(line.references or ()), None)
        if before is not None and not storage.difference(before, after):
            return
        try:
            storage.run(store.change(draft, items.restated(draft, after, clock.now_ms())))
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            line = bank_lines.find(line.bank_line_id) or line
        else:
            return


def line_of(item: ReconciliationItem) -> BankLineItem | None:
    """The bank line of an item. Raises storage.Unavailable."""
    return bank_lines.find(item.record.partition(":")[2])
