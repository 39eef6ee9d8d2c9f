"""The writes of some lines: rows that are new, rows that get their settlement or their kind, and what that adds to each settlement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pynamodb.expressions.update import Action

from paycorex import clock, storage
from paycorex.records.order import order_key
from paycorex.records.settlement import SettlementItem
from paycorex.records.settlement_line import IN_CLEARING, SettlementLineItem
from payments.connectors.settling import LineKind
from settlements.stores import lines as store
from settlements.stores import settlements


@dataclass(slots=True)
class Sums:
    """What lines add to a settlement."""

    lines: int = 0
    gross: int = 0
    fee: int = 0
    tax: int = 0
    clearing: int = 0
    suspense: int = 0
    unknown_lines: int = 0

    def add(self, row: SettlementLineItem) -> None:
        """A line that comes to the settlement."""
        gross = int(row.gross)
        self.lines, self.gross = self.lines + 1, self.gross + gross
        self.fee, self.tax = self.fee + int(row.fee), self.tax + int(row.tax)
        self.place(row.placed, gross)
        self.unknown_lines += row.kind == LineKind.UNKNOWN

    def place(self, placed: str, gross: int) -> None:
        """Where the gross of a line is booked."""
        if placed == IN_CLEARING:
            self.clearing += gross
        else:
            self.suspense += gross


@dataclass(slots=True)
class Plan:
    """Writes that belong together. A settlement gets one, whatever lines come to it."""

    import_id: str | None
    rows: list[storage.Write] = field(default_factory=list)
    sums: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))

    def store(self, row: SettlementLineItem) -> None:
        """A line that is not there yet."""
        self.rows.append(store.new(row))
        if row.settlement_id is not None:
            self.sums[row.settlement_id].add(row)

    def correct(self, known: SettlementLineItem, row: SettlementLineItem) -> bool:
        """A stored line that is in a payout now, or whose kind has a rule now; False when nothing changes."""
        after = storage.copy_of(known)
        after.settlement_id = known.settlement_id or row.settlement_id
        if known.kind == LineKind.UNKNOWN != row.kind:
            after.kind, after.record, after.placed = row.kind, row.record, row.placed
        actions = storage.difference(known, after)
        if not actions:
            return False
        key = SettlementLineItem.wire_key(known.subject, known.line)
        is_as_read = SettlementLineItem.kind == known.kind
        if known.settlement_id is None:
            is_as_read &= SettlementLineItem.settlement_id.does_not_exist()
        self.rows.append(storage.update(SettlementLineItem, key, actions, is_as_read))
        if after.settlement_id is not None:
            self._count_corrected(known, after)
        return True

    def writes(self) -> list[storage.Write]:
        """All of them: the rows first, in the order in which they were planned."""
        return [*self.rows, *(_added(found_id, each, self.import_id) for found_id, each in self.sums.items())]

    def _count_corrected(self, known: SettlementLineItem, after: SettlementLineItem) -> None:
        sums = self.sums[str(after.settlement_id)]
        if known.settlement_id is None:
            sums.add(after)
            return
        gross = int(known.gross)
        sums.place(known.placed, -gross)
        sums.place(after.placed, gross)
        sums.unknown_lines -= 1


def _added(found_id: str, sums: Sums, import_id: str | None) -> storage.Write:
    now = clock.now_ms()
    item = SettlementItem
    actions: list[Action] = [
        item.lines.set(item.lines + sums.lines),
        item.gross.set(item.gross + sums.gross),
        item.fee.set(item.fee + sums.fee),
        item.tax.set(item.tax + sums.tax),
        item.clearing.set(item.clearing + sums.clearing),
        item.suspense.set(item.suspense + sums.suspense),
        item.unknown_lines.set(item.unknown_lines + sums.unknown_lines),
        item.version.set(item.version + 1),
        item.updated_at.set(now),
        item.due_shard.set(settlements.DUE),
        item.due_at.set(order_key(now, found_id)),
    ]
    if import_id is not None:
        actions.append(item.import_id.set(import_id))
    return storage.update(item, item.wire_key(found_id), actions, item.settlement_id.exists())


def keys_of(rows: Sequence[SettlementLineItem]) -> list[storage.reads.Attributes]:
    """The keys of rows, each once."""
    return [SettlementLineItem.wire_key(subject, line) for subject, line in dict.fromkeys((row.subject, row.line) for row in rows)]
