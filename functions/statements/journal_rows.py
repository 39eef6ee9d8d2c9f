"""Journals as rows of a table: a row for each posting."""

from typing import Final

from paycorex import clock
from paycorex.ledger import Posting
from paycorex.money import format_minor
from statements.account_names import AccountNames
from statements.books.booked import Booked

COLUMNS: Final = (
    *("booked_at", "journal_id", "reference_type", "reference_id", "description", "entity", "entity_id", "account_code", "currency"),
    *("debit", "credit", "concerns"),
)


def rows(names: AccountNames, journal: Booked) -> list[list[str]]:
    """The rows of one journal; of debit and credit one is empty."""
    about = [
        clock.rfc3339(journal.at_ms),
        journal.journal_id,
        journal.reference.type.value,
        journal.reference.id,
        journal.description or "",
    ]
    return [[*about, *_cells(names, posting), journal.concerns or ""] for posting in journal.postings]


def _cells(names: AccountNames, posting: Posting) -> list[str]:
    account = posting.account
    amounts = [format_minor(minor, account.currency) if minor else "" for minor in (posting.debit, posting.credit)]
    return [account.entity.value, account.entity_id, names.code_of(account), account.currency, *amounts]
