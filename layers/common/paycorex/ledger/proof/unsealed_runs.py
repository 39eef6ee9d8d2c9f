"""Unsealed runs: the entries of an account after its last checkpoint, read and checked, so that a broken chain is never sealed."""

from dataclasses import dataclass
from typing import Final

from paycorex.ledger import store
from paycorex.ledger.account import Account
from paycorex.ledger.entry import Entry
from paycorex.ledger.links import UNREADABLE, Finding, check_link, location_of
from paycorex.ledger.proof import sealing_work
from paycorex.ledger.proof.runs import MAX_ENTRIES, Run
from paycorex.ledger.proof.sealing_work import SealPosition

MAX_RUNS: Final = 64


@dataclass(frozen=True, slots=True)
class UnsealedRuns:
    """Runs after the last sealed one. more: there are entries beyond them. broken: why the chain cannot be sealed any further."""

    account: str
    runs: tuple[Run, ...]
    more: bool = False
    broken: Finding | None = None


def unsealed_runs(account: str) -> UnsealedRuns:
    """At most MAX_RUNS runs of an account, by consistent reads. Raises storage.Unavailable."""
    runs: list[Run] = []
    sealed = sealing_work.sealed_up_to(account)
    try:
        previous, entries = (None, _following(account, None)) if sealed is None else _from_sealed(account, sealed)
        while True:
            if entries:
                runs.append(Run.of(entries))
                previous = entries[-1]
            if len(entries) < MAX_ENTRIES:
                return UnsealedRuns(account, tuple(runs))
            if len(runs) == MAX_RUNS:
                return UnsealedRuns(account, tuple(runs), more=True)
            entries = _following(account, previous)
    except _BrokenError as broken:
        return UnsealedRuns(account, tuple(runs), broken=broken.finding)


class _BrokenError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.problem)
        self.finding = finding


def _from_sealed(account: str, sealed: SealPosition) -> tuple[Entry, list[Entry]]:
    """The entry that the last run ends with, and the entries after it, in one read."""
    where = f"{account} seq {sealed.seq}"
    found = _read(account, sealed.seq, sealed.seq + MAX_ENTRIES, where)
    if not found or found[0].seq != sealed.seq:
        raise _BrokenError(Finding(where, f"missing, though checkpoint {sealed.number} seals it"))
    if found[0].hash != sealed.hash or found[0].computed_hash() != sealed.hash:
        raise _BrokenError(Finding(where, f"not the entry that checkpoint {sealed.number} seals"))
    return found[0], _linked(found[0], found[1:])


def _following(account: str, previous: Entry | None) -> list[Entry]:
    first = previous.seq + 1 if previous else 1
    return _linked(previous, _read(account, first, first + MAX_ENTRIES - 1, f"{account} seq {first}"))


def _linked(previous: Entry | None, entries: list[Entry]) -> list[Entry]:
    for entry in entries:
        findings = check_link(previous, entry)
        if findings:
            raise _BrokenError(Finding(location_of(entry), findings[0].problem))
        previous = entry
    return entries


def _read(account: str, first: int, last: int, where: str) -> list[Entry]:
    try:
        return store.read(Account.from_key(account), first_seq=first, last_seq=last, consistent=True).items
    except UNREADABLE as error:
        raise _BrokenError(Finding(where, f"cannot be read: {type(error).__name__}")) from error
