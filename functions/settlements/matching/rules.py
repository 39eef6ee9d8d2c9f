"""Which record of ours a line of a provider's report is about. Pure: the records that may be meant were looked up before.

Rules in their order, and the first that names one record decides:

1. object: the line's own object (a refund, a dispute, a payout that failed) has the reference that our record has.
2. charge: a payment's line names the charge of our payment, or of its late money.
3. own_id: the line carries our id, out of the provider's metadata or receipt.
4. amount: a refund or dispute of the named charge with this very amount, and no other line is it.
5. only: the one refund or dispute of the named charge whose name at the provider is not known.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Family(StrEnum):
    """What records and lines are about."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    PAYOUT = "payout"
    OTHER = "other"


# By the kind of a report's line. What is not here is no record of ours: a fee, a reserve, an adjustment.
FAMILIES: Final = {
    "payment": Family.PAYMENT,
    "refund": Family.REFUND,
    "refund_failure": Family.REFUND,
    "dispute": Family.DISPUTE,
    "dispute_won": Family.DISPUTE,
    "payout_return": Family.PAYOUT,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A record of ours that a line may be about.

    key: of its item, such as `payment:pay_…`. amount: minor units, unsigned. charges, objects: the provider's names for the money and for
    the record itself. own_ids: ours that a provider may keep. created_at: milliseconds since the epoch.
    """

    key: str
    family: Family
    amount: int
    currency: str
    charges: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    own_ids: frozenset[str] = frozenset()
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What of a report's line says whom it is about. amount: minor units, unsigned."""

    family: Family
    amount: int
    currency: str
    charge: str | None = None
    object: str | None = None
    own_id: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The record that a line is about, and by which rule; None for a line that is about none."""

    record: str | None = None
    rule: str | None = None


NOTHING: Final = Match()


@dataclass(frozen=True, slots=True)
class _Case:
    said: Said
    known: Sequence[Known]
    taken: Collection[str] = field(default_factory=frozenset)


def match(said: Said, known: Sequence[Known], taken: Collection[str] = frozenset()) -> Match:
    """The record that a line is about. taken: keys of records that other lines are about already."""
    if said.family is Family.OTHER:
        return NOTHING
    of_family = [each for each in known if each.family is said.family]
    case = _Case(said, sorted(of_family, key=lambda each: (each.created_at, each.key)), taken)
    for name, rule in RULES.items():
        found = rule(case)
        if found is not None:
            return Match(found.key, name)
    return NOTHING


def _by_object(case: _Case) -> Known | None:
    return _first(each for each in case.known if case.said.object is not None and case.said.object in each.objects)


def _by_charge(case: _Case) -> Known | None:
    if case.said.family is not Family.PAYMENT:
        return None
    return _first(each for each in case.known if case.said.charge is not None and case.said.charge in each.charges)


def _by_own_id(case: _Case) -> Known | None:
    return _first(each for each in case.known if case.said.own_id is not None and case.said.own_id in each.own_ids)


def _by_amount(case: _Case) -> Known | None:
    said = case.said
    return _first(each for each in _unnamed(case) if (each.amount, each.currency) == (said.amount, said.currency))


def _by_being_only(case: _Case) -> Known | None:
    unnamed = _unnamed(case)
    return unnamed[0] if len(unnamed) == 1 and unnamed[0].currency == case.said.currency else None


def _unnamed(case: _Case) -> list[Known]:
    """Refunds or disputes of the line's charge that no other line is about; named otherwise by the provider, it is another one."""
    said = case.said
    if said.family is Family.PAYMENT or said.charge is None:
        return []
    free = [each for each in case.known if said.charge in each.charges and each.key not in case.taken]
    return [each for each in free if said.object is None or not each.objects]


def _first(found: Iterable[Known]) -> Known | None:
    return next(iter(found), None)


RULES: Final[dict[str, Callable[[_Case], Known | None]]] = {
    "object": _by_object,
    "charge": _by_charge,
    "own_id": _by_own_id,
    "amount": _by_amount,
    "only": _by_being_only,
}
