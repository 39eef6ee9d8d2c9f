"""The statement of a merchant's account in one currency for one month: what it held, every movement, and what fees were in it.

It is read off the same journals as the export, so both have the same sums. Positive amounts are owed to the merchant.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Self

from paycorex.ledger import Account, Entity, Posting
from statements.books import balances, journals
from statements.books.booked import Booked
from statements.periods import Period

# What the operator and the providers keep, and the tax on it.
_FEES: Final = frozenset({Entity.FEES, Entity.PLATFORM_FEES})
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Movement:
    """What one journal did to the account, or several of a day and kind together.

    minor: signed. balance: after it. count: how many journals it is; of more than one there is no id. fee, tax: what of it was paid.
    concerns: the earlier month that it is about.
    """

    at_ms: int
    kind: str
    minor: int
    balance: int
    journal_id: str = ""
    reference_id: str = ""
    count: int = 1
    fee: int = 0
    tax: int = 0
    concerns: str | None = None

    @property
    def credit(self) -> int:
        """What it added."""
        return max(self.minor, 0)

    @property
    def debit(self) -> int:
        """What it took away."""
        return max(-self.minor, 0)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose statement it is, of which currency and month."""

    merchant_id: str
    name: str
    currency: str
    month: str
    period: Period


@dataclass(slots=True)
class Totals:
    """Sums over movements, in minor units. by_kind: count, debit, credit."""

    credit: int = 0
    debit: int = 0
    count: int = 0
    fee: int = 0
    tax: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)

    def include(self, movement: Movement) -> None:
        """Add a movement."""
        self.credit += movement.credit
        self.debit += movement.debit
        self.count += movement.count
        self.fee += movement.fee
        self.tax += movement.tax
        sums = self.by_kind.setdefault(movement.kind, [0, 0, 0])
        for index, more in enumerate((movement.count, movement.debit, movement.credit)):
            sums[index] += more


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole statement: opening, movements, totals, closing, in minor units."""

    about: Subject
    opening: int
    movements: tuple[Movement, ...]
    totals: Totals
    closing: int

    @classmethod
    def of(cls, about: Subject, opening: int, movements: Iterable[Movement], *, most: int | None) -> Self:
        """The statement. most: of more movements than that, those of one day and kind become one; None: keep none of them."""
        totals, kept, closing = Totals(), list[Movement](), opening
        for movement in movements:
            totals.include(movement)
            closing = movement.balance
            if most is not None:
                kept.append(movement)
                if len(kept) > 2 * most:
                    kept = by_day(kept)
        return cls(about, opening, tuple(by_day(kept) if most is not None and len(kept) > most else kept), totals, closing)


def opening_of(about: Subject) -> int:
    """What the account held when the period began."""
    return balances.at(about.merchant_id, about.period.from_ms)[Account.of_merchant(about.merchant_id, about.currency)]


def movements(about: Subject, balance: int, after: str | None = None) -> Iterator[tuple[str, Movement]]:
    """Each movement with its journal's place, oldest first. balance: before the first. Raises storage.Unavailable, Incomplete."""
    period = about.period
    for journal in journals.booked(about.merchant_id, from_ms=period.from_ms, to_ms=period.to_ms, after=after):
        mine = [posting for posting in journal.postings if _is_of(posting, about)]
        if mine:
            minor = sum(posting.credit - posting.debit for posting in mine)
            balance += minor
            yield journal.place, _movement(journal, minor, balance)


def by_day(kept: Iterable[Movement]) -> list[Movement]:
    """Movements of one day and kind together: first what came in, then what went out; each day ends with its balance."""
    days: dict[tuple[int, str, bool], Movement] = {}
    sums: Counter[tuple[int, str, bool]] = Counter()
    first = None
    for movement in kept:
        first = movement.balance - movement.minor if first is None else first
        key = (movement.at_ms // _DAY_MS, movement.kind, movement.minor < 0)
        sums[key] += movement.minor
        known = days.get(key)
        count, fee, tax = (known.count, known.fee, known.tax) if known else (0, 0, 0)
        days[key] = replace(movement, count=count + movement.count, fee=fee + movement.fee, tax=tax + movement.tax)
    found, balance = list[Movement](), first or 0
    for key in sorted(days, key=lambda key: (key[0], key[2], key[1])):
        balance += sums[key]
        whole = replace(days[key], minor=sums[key], balance=balance)
        found.append(whole if whole.count == 1 else replace(whole, journal_id="", reference_id="", concerns=None))
    return found


def _is_of(posting: Posting, about: Subject) -> bool:
    return posting.account.entity is Entity.MERCHANT and posting.account.currency == about.currency


def _movement(journal: Booked, minor: int, balance: int) -> Movement:
    """Fees and tax are what the account pays in this journal: what goes to fees out of other accounts is the operator's."""
    paid = Counter[bool]()
    for posting in journal.postings:
        if posting.account.entity in _FEES or posting.account.entity is Entity.TAX:
            paid[posting.account.entity is Entity.TAX] += posting.credit - posting.debit
    reference, fee, tax = journal.reference, paid[False], paid[True]
    return Movement(journal.at_ms, reference.type.value, minor, balance, journal.journal_id, reference.id, 1, fee, tax, journal.concerns)
