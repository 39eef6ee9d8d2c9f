"""Verification: does the money add up? Walks every chain and compares every journal with the record it belongs to.

Checked per chain: sequence numbers without gaps from 1, each balance and running total from the entry before, links and hashes, times in
order, no wallet below zero. Checked against the checkpoints: every sealed entry is there as it was. Checked across chains: every journal's
debits equal its credits per currency, its id follows from its reference. Checked against records: the money of a record has exactly one
journal of that amount, and every journal has a record.

Tables are read while others write to them. Records are read before the ledger, so the money of each is there; a journal that was posted
meanwhile may be seen in half, or without its record: what is younger than a moment is left to the next run.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from paycorex import clock, settings, storage
from paycorex.ledger import store
from paycorex.ledger.account import Account
from paycorex.ledger.entry import Entry
from paycorex.ledger.journal import MAX_POSTING, Reference
from paycorex.ledger.links import UNREADABLE, Finding, check_link, location_of
from paycorex.ledger.money_records import MoneyRecord, RecordSource
from paycorex.ledger.proof.sealed_history import SealedHistory

DEFAULT_SEGMENTS = 4
# From making an entry until its transaction is carried out, and between the clocks of two machines, less than this passes.
COMMITTED_WITHIN_MS = 60_000


Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found."""

    accounts: int = 0
    entries: int = 0
    journals: int = 0
    records: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """True when the money adds up."""
        return not self.findings


@dataclass(slots=True)
class _Journal:
    reference: Reference
    made_at: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    credited: int = 0
    slots: set[tuple[str, int]] = field(default_factory=set)


class Verifier:
    """One run. Reads the whole `ledgers` table in parallel segments; memory grows with the number of journals."""

    def __init__(
        self,
        *,
        segments: int = DEFAULT_SEGMENTS,
        progress: Progress | None = None,
        sealed: SealedHistory | None = None,
        at_rest: bool = True,
    ) -> None:
        """sealed: what the checkpoints say, read before the ledger is; None leaves them out. at_rest: no process writes meanwhile."""
        self._segments = segments
        self._sealed = sealed
        # Journals that were made from then on are not judged.
        self._young_from = None if at_rest else clock.now_ms() - COMMITTED_WITHIN_MS
        self._progress = progress or (lambda _count: None)
        self._report = Report()
        self._journals: dict[str, _Journal] = {}

    def run(self, sources: Iterable[RecordSource] = ()) -> Report:
        """Verify chains, journals and the records of all sources. Raises storage.Unavailable."""
        records = [[*source()] for source in sources]
        chains: dict[Account, list[Entry]] = defaultdict(list)
        with ThreadPoolExecutor(max_workers=self._segments) as pool:
            for entries, unreadable in pool.map(self._read_segment, range(self._segments)):
                self._report.findings += unreadable
                for entry in entries:
                    chains[entry.account].append(entry)
        for account, chain in chains.items():
            self._walk(account, sorted(chain, key=lambda entry: entry.seq))
        if self._sealed is not None:
            self._report.findings += self._sealed.rest()
        self._report.accounts = len(chains)
        self._check_journals()
        self._check_records(records)
        return self._report

    def _read_segment(self, segment: int) -> tuple[list[Entry], list[Finding]]:
        table = settings.current().table(store.TABLE)
        entries: list[Entry] = []
        unreadable: list[Finding] = []
        start: Any = None
        while True:
            page = storage.scan_segment(table, segment=segment, segments=self._segments, start=start)
            for item in page.items:
                try:
                    entries.append(store.from_wire(item))
                except UNREADABLE as error:
                    where = f"{item.get('account', {}).get('S')} seq {item.get('seq', {}).get('N')}"
                    unreadable.append(Finding(where, f"cannot be read: {type(error).__name__}"))
            self._progress(len(page.items))
            start = page.next_start
            if start is None:
                return entries, unreadable

    def _walk(self, account: Account, chain: list[Entry]) -> None:
        """One chain, in its own order: a scan promises none that all implementations keep."""
        if self._sealed is not None:
            self._report.findings += self._sealed.compare(account.key, chain)
        previous: Entry | None = None
        for entry in chain:
            self._report.findings += check_link(previous, entry)
            self._note(entry)
            previous = entry

    def _note(self, entry: Entry) -> None:
        self._report.entries += 1
        journal = self._journals.setdefault(entry.journal_id, _Journal(entry.reference))
        if journal.reference != entry.reference or entry.reference.journal_id != entry.journal_id:
            self._found(location_of(entry), "its journal id does not follow from its reference")
        if max(entry.credit, entry.debit) > MAX_POSTING:
            self._found(location_of(entry), f"moves {max(entry.credit, entry.debit)} minor units, which is no amount that is booked")
        journal.sums[entry.account.currency] += entry.credit - entry.debit
        journal.credited += entry.credit
        journal.made_at = max(journal.made_at, entry.created_at)
        journal.slots.add((entry.account.key, entry.seq))

    def _check_journals(self) -> None:
        self._report.journals = len(self._journals)
        for journal_id, journal in self._journals.items():
            if any(journal.sums.values()) and not self._is_young(journal):
                where = ", ".join(f"{account} seq {seq}" for account, seq in sorted(journal.slots))
                self._found(f"journal {journal_id} ({where})", f"debits and credits differ by {dict(journal.sums)}")

    def _is_young(self, journal: _Journal) -> bool:
        """Made while tables were read. An entry dated in the future was not made by this platform."""
        return self._young_from is not None and self._young_from <= journal.made_at <= clock.now_ms() + COMMITTED_WITHIN_MS

    def _check_records(self, sources: list[list[MoneyRecord | Finding]]) -> None:
        known: set[str] = set()
        for record in itertools.chain.from_iterable(sources):
            self._report.records += 1
            if isinstance(record, Finding):
                self._report.findings.append(record)
                continue
            known.add(record.reference.journal_id)
            self._check_record(record)
        if sources:
            for journal_id, journal in self._journals.items():
                if journal_id not in known and not self._is_young(journal):
                    self._found(f"journal {journal_id}", f"no record for its reference {journal.reference.type} {journal.reference.id}")

    def _check_record(self, record: MoneyRecord) -> None:
        for problem in record.problems():
            self._found(record.name, problem)
        journal = self._journals.get(record.reference.journal_id)
        if journal is not None and self._is_young(journal):
            return
        moved = journal.credited if journal else 0
        if moved != record.amount:
            self._found(record.name, f"says {record.amount} minor units moved, the ledger says {moved}")
        try:
            slots = list(record.accounts())
        except ValueError:
            self._found(record.name, f"says that its entries are where none can be: {record.entries}")
            return
        for account, seq in slots:
            if journal is None or (account.key, seq) not in journal.slots:
                self._found(f"{account.key} seq {seq}", f"missing, though {record.name} refers to it")

    def _found(self, where: str, problem: str) -> None:
        self._report.findings.append(Finding(where, problem))
