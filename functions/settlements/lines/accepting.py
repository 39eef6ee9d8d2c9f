"""Accepting lines: those that are not stored yet are, each with what it adds to its settlement, in transactions of a few dozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Final

from paycorex import backoff, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.settlement_line import SettlementLineItem
from payments.connectors.settling import LineKind, ReportLine
from settlements.lines import rows as making
from settlements.lines import writes as planning
from settlements.lines.writes import Plan
from settlements.matching import identification
from settlements.settling import payouts

# Lines of a transaction: with a settlement for each, it stays within DynamoDB's hundred writes.
PER_TRANSACTION: Final = 48
MAX_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was not stored: its index among those that were given, and why."""

    index: int
    reason: str


@dataclass(slots=True)
class Accepted:
    """What became of lines. new: were not known; known: were stored before and say the same."""

    new: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)


Numbered = tuple[int, ReportLine]


def accept(
    merchant_id: str,
    connector: str,
    lines: Sequence[ReportLine],
    *,
    import_id: str | None = None,
    numbers: Sequence[int] | None = None,
) -> Accepted:
    """Store lines of a provider's report, each once; settlements that they name come into being.

    numbers: of the lines in their file, by which a run that follows a killed one knows its own. A line that is the payout itself is left
    out: it is no line of it. Raises TemporarilyUnavailable, storage's failures; what was stored then stays, and is known the next time.
    """
    result = Accepted()
    fit: list[tuple[int, ReportLine]] = []
    for index, line in enumerate(lines):
        if line.kind is LineKind.PAYOUT:
            continue
        problem = making.problem_of(line)
        if problem is None:
            fit.append((index, line))
        else:
            result.refused.append(Refused(index, problem))
    batch = _Batch(merchant_id, connector, import_id, numbers)
    for part in batched(fit, PER_TRANSACTION, strict=False):
        batch.store(part, result)
    return result


@dataclass(slots=True)
class _Batch:
    merchant_id: str
    connector: str
    import_id: str | None
    numbers: Sequence[int] | None
    opened: set[tuple[str, str]] = field(default_factory=set)

    def store(self, part: Sequence[Numbered], result: Accepted) -> None:
        """One transaction, tried again while others are faster."""
        self._open_settlements(part)
        made = [(index, self._row(index, line)) for index, line in part]
        identified = identification.identify(self.merchant_id, self.connector, [line for _index, line in part])
        for (_index, row), match in zip(made, identified, strict=True):
            making.place(row, match.record)
        for attempt in range(MAX_TRIES):
            outcome, plan = self._planned(made)
            try:
                writes = plan.writes()
                if writes:
                    storage.transact(writes)
            except storage.TransactionRefused as refused:
                if not refused.is_passing:
                    raise
                backoff.back_off(attempt)
            except storage.OutcomeUnknown:
                backoff.back_off(attempt)
            else:
                result.new, result.known = result.new + outcome.new, result.known + outcome.known
                result.refused += outcome.refused
                return
        raise TemporarilyUnavailable

    def _planned(self, made: Sequence[tuple[int, SettlementLineItem]]) -> tuple[Accepted, Plan]:
        stored = storage.get_many(SettlementLineItem, planning.keys_of([row for _index, row in made]))
        known = {(row.subject, row.line): row for row in stored}
        here = set(known)
        outcome, plan = Accepted(), Plan(self.import_id)
        for index, row in made:
            before = known.setdefault((row.subject, row.line), row)
            if before is row:
                plan.store(row)
                outcome.new += 1
            elif not making.says_the_same(before, row):
                outcome.refused.append(Refused(index, "it was reported before, and said something else"))
            elif making.is_unnamed_twin(before, row):
                outcome.refused.append(Refused(index, "an equal line stands before it in the file, and neither has a name of its own"))
            elif before.settlement_id not in {None, row.settlement_id} and row.settlement_id is not None:
                outcome.refused.append(Refused(index, "it was reported before, in another payout"))
            else:
                # A line that comes a second time within one part changes nothing more.
                if (row.subject, row.line) in here:
                    here.discard((row.subject, row.line))
                    plan.correct(before, row)
                is_own = making.is_of(before, row)
                outcome.new, outcome.known = outcome.new + is_own, outcome.known + (not is_own)
        return outcome, plan

    def _row(self, index: int, line: ReportLine) -> SettlementLineItem:
        number = None if self.numbers is None else self.numbers[index]
        return making.row_of(self.merchant_id, self.connector, line, self.import_id, number)

    def _open_settlements(self, part: Sequence[Numbered]) -> None:
        for _index, line in part:
            name = (line.settlement_reference or "", line.currency)
            if line.settlement_reference is not None and name not in self.opened:
                payouts.opened(self.merchant_id, self.connector, *name)
                self.opened.add(name)
