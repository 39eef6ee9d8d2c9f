"""Links: the conditions under which an entry follows the one before it."""

import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from paycorex.ledger.entry import GENESIS_HASH, Entry

# What reading a stored item raises when it is not as it was written. (PynamoDB's errors are TypeErrors and ValueErrors.)
UNREADABLE: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, zlib.error)


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake in the ledger. `where` names an account and seq, a journal, a record or a checkpoint."""

    where: str
    problem: str


def check_link(previous: Entry | None, entry: Entry) -> list[Finding]:
    """What is wrong with an entry as the successor of the previous one of its chain."""
    expected_hash = previous.hash if previous else GENESIS_HASH
    before: dict[str, int] = defaultdict(int)
    if previous is not None:
        before = defaultdict(
            int,
            seq=previous.seq,
            balance=previous.balance,
            total_credit=previous.total_credit,
            total_debit=previous.total_debit,
            count=previous.count,
            created_at=previous.created_at,
        )
    wrong = {
        f"seq {entry.seq} does not follow {before['seq']}": entry.seq != before["seq"] + 1,
        "balance does not follow from the entry before": entry.balance != before["balance"] + entry.credit - entry.debit,
        "total_credit does not follow": entry.total_credit != before["total_credit"] + entry.credit,
        "total_debit does not follow": entry.total_debit != before["total_debit"] + entry.debit,
        "count does not follow": entry.count != before["count"] + (1 if entry.credit else 0),
        "credit and debit are not one positive amount": not _is_amount_sound(entry),
        "made before the entry before it": entry.created_at < before["created_at"],
        "does not link to the entry before": entry.prev_hash != expected_hash,
        "hash does not match its content": entry.hash != entry.computed_hash(),
        f"{entry.account.entity} below zero": entry.balance < 0 and entry.account.must_not_be_negative,
    }
    return [Finding(location_of(entry), problem) for problem, is_wrong in wrong.items() if is_wrong]


def _is_amount_sound(entry: Entry) -> bool:
    """One positive amount; none at all on a chain of statements."""
    if entry.account.moves_nothing:
        return entry.credit == entry.debit == 0
    return min(entry.credit, entry.debit) == 0 and max(entry.credit, entry.debit) > 0


def location_of(entry: Entry) -> str:
    """How a finding names an entry."""
    return f"{entry.account.key} seq {entry.seq}"
