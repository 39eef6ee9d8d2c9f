"""A journal as it was booked, and when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from paycorex import storage
from paycorex.ledger import Account, Entry, Posting, Reference
from paycorex.ledger.verification import COMMITTED_WITHIN_MS

# Two entries of one journal are never dated further apart: chains keep their time, and clocks of machines differ by less.
MARGIN_MS: Final = COMMITTED_WITHIN_MS


@dataclass(frozen=True, slots=True)
class Booked:
    """A journal as it was booked. Accounts are on lane 0: lanes are a matter of the store. at_ms: milliseconds since the epoch.

    concerns: the month, such as 2026-10, that it is about, where that is an earlier one.
    """

    journal_id: str
    reference: Reference
    description: str | None
    at_ms: int
    postings: tuple[Posting, ...]
    concerns: str | None = None

    @property
    def place(self) -> str:
        """Where it is in the order of all journals."""
        return f"{self.at_ms:013d}#{self.journal_id}"

    @property
    def currency(self) -> str:
        """The currency of its postings."""
        return self.postings[0].account.currency

    @property
    def excess(self) -> int:
        """Minor units by which credits exceed debits: what is debited elsewhere. 0 for a journal that is whole."""
        return sum(posting.credit - posting.debit for posting in self.postings)


class Incomplete(storage.Unavailable):
    """A journal whose other side is not found yet: the list of accounts is a moment behind. Ask again later."""


def grouped(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries by their journal."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.journal_id, []).append(entry)
    return found


def dated_ms(entries: Iterable[Entry]) -> int:
    """When a journal was booked: the time of its last entry."""
    return max(entry.created_at for entry in entries)


def journal_of(entries: list[Entry]) -> Booked:
    """The journal of these entries."""
    first = entries[0]
    postings = tuple(sorted((_posting(entry) for entry in entries), key=lambda posting: (posting.credit > 0, posting.account.key)))
    return Booked(first.journal_id, first.reference, first.description, dated_ms(entries), postings)


def _posting(entry: Entry) -> Posting:
    return Posting(on_no_lane(entry.account), entry.credit, entry.debit)


def on_no_lane(account: Account) -> Account:
    """The account as a whole."""
    return replace(account, lane=0)
