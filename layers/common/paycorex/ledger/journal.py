"""Journals: one event in money terms, two or more postings whose debits equal their credits per currency."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from paycorex import ids
from paycorex.currencies import EXPONENTS
from paycorex.ledger.account import Account
from paycorex.money import MAX_DIGITS_BEFORE_POINT, Money

# Minor units: what the API takes of the currency with the most decimals. Nothing moves more at once, wherever its amount comes from.
MAX_POSTING: Final = 10 ** (MAX_DIGITS_BEFORE_POINT + max(EXPONENTS.values()))


class ReferenceType(StrEnum):
    """What kind of record a journal belongs to."""

    PAYMENT = "payment"
    REFUND = "refund"
    TOPUP = "topup"
    WALLET_REFUND = "wallet_refund"
    FEE = "fee"
    SUSPENSE = "suspense"
    REVERSAL = "reversal"
    DISPUTE = "dispute"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    PLATFORM_FEE = "platform_fee"
    SETTLEMENT = "settlement"
    BANK_LINE = "bank_line"
    RESOLUTION = "resolution"
    RECONCILIATION = "reconciliation"
    CLOSED_MONTH = "closed_month"


@dataclass(frozen=True, slots=True)
class Reference:
    """The record a journal belongs to. One journal per reference, so one id per journal."""

    type: ReferenceType
    id: str

    @property
    def journal_id(self) -> str:
        """The id that this reference's journal always has: posting it twice collides with itself."""
        return ids.derive("jrn", self.type, self.id)


@dataclass(frozen=True, slots=True)
class Posting:
    """Minor units credited to or debited from an account; exactly one of the two is positive."""

    account: Account
    credit: int
    debit: int


# A journal is one transaction with the records that it belongs to, and these remember where its entries are.
MAX_POSTINGS: Final = 8


class Unbalanced(ValueError):
    """A journal whose debits and credits differ, or that has no money in it. A bug of the caller, never an answer to a client."""


class OutOfBounds(ValueError):
    """Money beyond what an account may hold or a posting may move. Amounts are bounded where they come in; here nothing is written."""


@dataclass(frozen=True, slots=True)
class Journal:
    """A balanced set of postings. Raises Unbalanced when made otherwise, OutOfBounds for more than MAX_POSTING."""

    reference: Reference
    postings: tuple[Posting, ...]
    description: str | None = None

    def __post_init__(self) -> None:
        if len(self.postings) == 1 and self.postings[0].account.moves_nothing and not (self.postings[0].credit or self.postings[0].debit):
            return
        sums: Counter[str] = Counter()
        for posting in self.postings:
            if min(posting.credit, posting.debit) != 0 or max(posting.credit, posting.debit) <= 0:
                raise Unbalanced(posting)
            if max(posting.credit, posting.debit) > MAX_POSTING:
                raise OutOfBounds(f"a posting of {posting.credit or posting.debit} minor units to {posting.account.key}")
            sums[posting.account.currency] += posting.credit - posting.debit
        if not 2 <= len(self.postings) <= MAX_POSTINGS or any(sums.values()):
            raise Unbalanced(self.reference)
        if len({posting.account.key for posting in self.postings}) != len(self.postings):
            raise Unbalanced("an account occurs twice")

    @classmethod
    def transfer(cls, *, source: Account, target: Account, amount: Money, reference: Reference, description: str | None = None) -> Self:
        """Move an amount: the source is debited, the target credited."""
        postings = (Posting(source, 0, amount.minor), Posting(target, amount.minor, 0))
        return cls(reference, postings, description)

    @classmethod
    def statement(cls, account: Account, reference: Reference, description: str) -> Self:
        """One entry that moves nothing, on a chain of statements: its description is sealed with the ledger."""
        return cls(reference, (Posting(account, 0, 0),), description)

    @property
    def journal_id(self) -> str:
        """Derived from the reference."""
        return self.reference.journal_id

    def on_lane(self, lane: int) -> Self:
        """The same journal with its laned accounts on this lane; itself where they are."""
        if all(posting.account.lane == lane or not posting.account.is_laned for posting in self.postings):
            return self
        postings = tuple(replace(posting, account=posting.account.on_lane(lane)) for posting in self.postings)
        return replace(self, postings=postings)

    def accounts(self) -> Iterable[Account]:
        """The accounts that it touches, in its order."""
        return (posting.account for posting in self.postings)
