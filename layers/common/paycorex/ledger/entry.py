"""Entries: the links of an account's chain. Entry n+1 is made from entry n and a posting, and is proof that n was the last."""

import hashlib
from dataclasses import dataclass
from typing import Final, Self

from paycorex.errors import Refusal
from paycorex.ledger.account import Account
from paycorex.ledger.framing import length_prefixed
from paycorex.ledger.journal import Journal, OutOfBounds, Posting, Reference

GENESIS_HASH: Final = bytes(32)
# DynamoDB keeps 38 digits of a number, and a put with more fails for ever. 10^15 postings of the largest amount stay below this.
MAX_TOTAL: Final = 10**30
_HASH_DOMAIN: Final = b"paycorex-ledger-entry-1"


class InsufficientFunds(Refusal):
    """The wallet holds less than the debit. Nothing was written."""

    code = "insufficient_funds"

    def __init__(self, account: Account, balance: int, needed: int) -> None:
        super().__init__("The wallet's balance is too low.", details={"wallet_id": account.entity_id})
        self.account = account
        self.balance = balance
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Entry:
    """One immutable line of an account. Amounts are minor units of the account's currency, times milliseconds since the epoch.

    total_credit, total_debit: sums over entries 1..seq. count: credits among them, so that the difference of two entries tells how many
    payments arrived between them. hash: SHA-256 over every field and the previous entry's hash.
    """

    account: Account
    seq: int
    credit: int
    debit: int
    balance: int
    total_credit: int
    total_debit: int
    count: int
    journal_id: str
    reference: Reference
    description: str | None
    created_at: int
    prev_hash: bytes
    hash: bytes

    @classmethod
    def after(cls, previous: Self | None, posting: Posting, journal: Journal, now_ms: int) -> Self:
        """The next entry of the posting's account. Raises InsufficientFunds when a wallet would go below zero, OutOfBounds."""
        account = posting.account
        balance = (previous.balance if previous else 0) + posting.credit - posting.debit
        refuse_overdraft(account, balance, posting)
        draft = cls(
            account=account,
            seq=previous.seq + 1 if previous else 1,
            credit=posting.credit,
            debit=posting.debit,
            balance=balance,
            total_credit=(previous.total_credit if previous else 0) + posting.credit,
            total_debit=(previous.total_debit if previous else 0) + posting.debit,
            count=(previous.count if previous else 0) + (1 if posting.credit else 0),
            journal_id=journal.journal_id,
            reference=journal.reference,
            description=journal.description,
            # Clocks of two machines differ; within a chain time must not run backwards, or it could not be searched by time.
            created_at=max(now_ms, previous.created_at if previous else 0),
            prev_hash=previous.hash if previous else GENESIS_HASH,
            hash=b"",
        )
        if max(draft.total_credit, draft.total_debit) > MAX_TOTAL:
            raise OutOfBounds(f"the totals of {account.key} would pass {MAX_TOTAL}")
        object.__setattr__(draft, "hash", draft.computed_hash())  # the one field that depends on all others
        return draft

    def computed_hash(self) -> bytes:
        """SHA-256 over a length-prefixed encoding of every field but `hash`, so no two entries encode alike."""
        fields = (
            self.account.key,
            str(self.seq),
            str(self.credit),
            str(self.debit),
            str(self.balance),
            str(self.total_credit),
            str(self.total_debit),
            str(self.count),
            self.journal_id,
            self.reference.type,
            self.reference.id,
            "" if self.description is None else "+" + self.description,
            str(self.created_at),
        )
        return hashlib.sha256(_HASH_DOMAIN + self.prev_hash + length_prefixed(fields)).digest()


def refuse_overdraft(account: Account, balance: int, posting: Posting) -> None:
    """A wallet never goes below zero. Raises InsufficientFunds.

    Exact although nothing is locked: the balance is entry n's, and entry n+1 can only be appended while n is the last.
    """
    if balance < 0 and account.must_not_be_negative:
        raise InsufficientFunds(account, balance + posting.debit, posting.debit)


def chain(journal: Journal, heads: dict[str, Entry | None], now_ms: int) -> tuple[Entry, ...]:
    """The journal's entries, each after its account's head (by account key). Raises InsufficientFunds, OutOfBounds."""
    return tuple(Entry.after(heads[p.account.key], p, journal, now_ms) for p in journal.postings)
