"""Makes an audit pack: a month of sealed entries with their ways to signed roots, the records that they belong to, and a trial balance."""

from base64 import b64encode
from collections import defaultdict
from dataclasses import dataclass, field

from paycorex.ledger import Account, Entry, ReferenceType, store
from paycorex.ledger.proof import sealing_work
from paycorex.ledger.proof.checkpoint import Checkpoint
from statements.audit import lines, records
from statements.audit.lines import PackWriter
from statements.audit.sealed_runs import PlacedRun, SealedMonth
from statements.periods import Period

# Notes of changed accounts that are looked through for some of the month.
_NOTES = 1_000


class NotSealed(Exception):
    """Entries of the month wait for a checkpoint; the message names one."""


@dataclass(slots=True)
class _Journals:
    """What the entries of the pack come to. dated: when each journal's last entry was made."""

    dated: dict[str, int] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    # What settlements' journals name: the roots of their lines.
    roots: dict[str, str] = field(default_factory=dict)
    postings: list[tuple[str, str, int, int]] = field(default_factory=list)
    start: dict[str, int] = field(default_factory=dict)

    def include(self, entry: Entry) -> None:
        account, journal, reference = entry.account.key, entry.journal_id, entry.reference
        self.start.setdefault(account, entry.balance - entry.credit + entry.debit)
        self.dated[journal] = max(self.dated.get(journal, 0), entry.created_at)
        self.records[journal] = reference.id.partition(".")[0]
        if reference.type is ReferenceType.SETTLEMENT:
            self.roots[journal] = entry.description or ""
        self.postings.append((account, journal, entry.debit, entry.credit))

    def of_month(self, period: Period) -> set[str]:
        return {journal for journal, at_ms in self.dated.items() if period.from_ms <= at_ms < period.to_ms}


def write(writer: PackWriter, month: str, period: Period, merchant_id: str | None) -> str:
    """Write the pack; its digest. Raises NotSealed, sealed_runs.Missing, records.Unreadable, storage.Unavailable."""
    writer.write("pack", lines.VERSION, month, period.from_ms, period.to_ms, merchant_id)
    sealed, journals = SealedMonth(period.from_ms, period.to_ms, merchant_id), _Journals()
    _write_entries(writer, sealed, journals)
    _refuse_unsealed(sealed, period)
    _write_records(writer, journals, period, merchant_id)
    _write_balances(writer, journals, period)
    return writer.end()


def _write_entries(writer: PackWriter, sealed: SealedMonth, journals: _Journals) -> None:
    written: set[int] = set()
    for placed in sealed.runs():
        _write_checkpoint(writer, placed.checkpoint, written)
        writer.write("run", *_run(placed))
        for entry in placed.entries:
            writer.write("entry", *_entry(entry))
            journals.include(entry)
    for placed in sealed.heads_of_others():
        _write_checkpoint(writer, placed.checkpoint, written)
        writer.write("head", *_run(placed), placed.run.head_hash.hex(), placed.run.entries_root.hex())
        journals.start[placed.run.account] = placed.run.balance


def _write_checkpoint(writer: PackWriter, checkpoint: Checkpoint, written: set[int]) -> None:
    if checkpoint.number in written:
        return
    written.add(checkpoint.number)
    said = checkpoint.statement
    signature = b64encode(checkpoint.signature).decode()
    about = (said.number, said.root.hex(), said.runs, said.total_entries, said.sealed_at, said.previous.hex(), said.key_id)
    writer.write("checkpoint", *about, signature)


def _run(placed: PlacedRun) -> list[object]:
    run = placed.run
    place = [placed.checkpoint.number, placed.leaf, [one.hex() for one in placed.path]]
    sums = (run.balance, run.total_credit, run.total_debit, run.count)
    return [run.account, run.first_seq, len(run.hashes), *sums, run.prev_hash.hex(), place]


def _entry(entry: Entry) -> list[object]:
    sums = (entry.balance, entry.total_credit, entry.total_debit, entry.count)
    reference = [entry.reference.type.value, entry.reference.id]
    about = (entry.journal_id, reference, entry.description, entry.created_at, entry.hash.hex())
    return [entry.seq, entry.credit, entry.debit, *sums, *about]


def _refuse_unsealed(sealed: SealedMonth, period: Period) -> None:
    waiting = {account for note in sealing_work.changed(_NOTES).items for account in note.accounts}
    for account in sorted({*sealed.reached, *waiting}):
        if sealed.merchant_id not in {None, account.partition("#")[0]}:
            continue
        seq = sealed.reached.get(account, 0) + 1
        found = store.read(Account.from_key(account), first_seq=seq, last_seq=seq, consistent=True).items
        if found and found[0].created_at < period.to_ms:
            raise NotSealed(f"{account} seq {seq}")


def _write_records(writer: PackWriter, journals: _Journals, period: Period, merchant_id: str | None) -> None:
    of_month = journals.of_month(period)
    moved = {journals.records[journal] for journal in of_month}
    for said in records.money(of_month):
        writer.write("money", [said.reference.type.value, said.reference.id], said.currency, said.amount)
    for kind in records.KINDS:
        for record_id, shown in records.of_month(kind, moved, from_ms=period.from_ms, to_ms=period.to_ms, merchant_id=merchant_id):
            writer.write("record", kind.name, record_id, shown)
    roots: dict[str, set[str]] = defaultdict(set)
    for journal in of_month & journals.roots.keys():
        roots[journals.records[journal]].add(journals.roots[journal])
    for settlement_id, place, fields in records.settlement_lines(roots):
        writer.write("line", settlement_id, place, fields)


def _write_balances(writer: PackWriter, journals: _Journals, period: Period) -> None:
    """By the same rule for every account: a journal is dated by its last entry."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for account, opening in journals.start.items():
        sums[account][0] = opening
    for account, journal, debit, credit in journals.postings:
        at_ms = journals.dated[journal]
        if at_ms < period.from_ms:
            sums[account][0] += credit - debit
        elif at_ms < period.to_ms:
            sums[account][1] += debit
            sums[account][2] += credit
    for account, (opening, debit, credit) in sorted(sums.items()):
        writer.write("balance", account, opening, debit, credit, opening + credit - debit)
