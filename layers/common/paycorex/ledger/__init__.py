"""The ledger: journals whose debits equal their credits, appended to chained accounts, never edited.

An account is a chain of entries; the newest entry is the balance. `post` writes a journal in one transaction together with the record
it belongs to, and nothing else.
"""

from paycorex.ledger.account import Account, Entity
from paycorex.ledger.entry import Entry, InsufficientFunds
from paycorex.ledger.journal import MAX_POSTING, Journal, OutOfBounds, Posting, Reference, ReferenceType
from paycorex.ledger.lane_counts import MAX_LANES
from paycorex.ledger.lanes import lanes_to_read
from paycorex.ledger.posting import RecordRefused, post
from paycorex.ledger.preview import preview
from paycorex.ledger.statement import EntriesPage, balance_of, entries_between, head_at, heads_of, page_of

__all__ = [
    "MAX_LANES",
    "MAX_POSTING",
    "Account",
    "Entity",
    "EntriesPage",
    "Entry",
    "InsufficientFunds",
    "Journal",
    "OutOfBounds",
    "Posting",
    "RecordRefused",
    "Reference",
    "ReferenceType",
    "balance_of",
    "entries_between",
    "head_at",
    "heads_of",
    "lanes_to_read",
    "page_of",
    "post",
    "preview",
]
