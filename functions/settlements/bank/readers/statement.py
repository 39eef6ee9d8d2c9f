"""What a bank's statement says, in one shape for all formats; and what of it could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class BankLine:
    """One booked movement of a bank account.

    place: its number in the statement, from 1. amount: minor units, positive when money came in. references: what the bank, the payer or
    the scheme call it (UTR, end-to-end id, the bank's own name), longest meaning first. text: remittance text, cut. is_reversal: it takes
    an earlier line back; the amount has its own sign already.
    """

    place: int
    amount: int
    booked_on: date
    valued_on: date | None = None
    bank_reference: str | None = None
    references: tuple[str, ...] = ()
    text: str | None = None
    is_reversal: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read: where it stands, and why. It holds nothing of the line's content."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class StatementHeader:
    """Whose statement it is and what it claims. Balances are signed minor units; None where the format has none."""

    account: str
    currency: str
    reference: str | None = None
    opening: int | None = None
    closing: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    # One of several parts of a statement, but the first: it goes on where the part before it ended.
    is_later_part: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One account over one period. `is_proved`: opening balance and lines come to the closing balance (unknown where one is missing)."""

    header: StatementHeader
    lines: Sequence[BankLine]
    bad: Sequence[BadLine] = field(default=())

    @property
    def is_proved(self) -> bool:
        """Whether both balances are there. A statement that contradicts them is never made (`checks.proved`)."""
        return self.header.opening is not None and self.header.closing is not None


@dataclass(frozen=True, slots=True)
class RefusedStatement:
    """A statement of which nothing may be booked, and the reason for people. `place`: its number in the file, from 1."""

    place: int
    reason: str
    account: str | None = None


class UnreadableFile(Exception):
    """The whole file is refused; the message says why, and repeats nothing of the file."""


class UnreadableField(Exception):
    """A field of a line or a header cannot be read; the message says which and why."""
