"""What a payment costs: its provider's fee as it is known, the operator's, and what of both is booked. Stored with the payment, small.

What is known only grows, and the better source wins whenever it comes: so the books come out the same in whatever order an estimate, a
provider's answer and its report arrive, and however often. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self

from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.money import format_minor
from paycorex.records.fee_rate import MERCHANT, PLATFORM, Cost

ESTIMATE: Final = "estimate"
PROVIDER: Final = "provider"
REPORT: Final = "report"
# The better source has the larger number.
RANKS: Final = {PROVIDER: 1, REPORT: 2}
_SOURCES: Final = {rank: source for source, rank in RANKS.items()}
# The fee of the charge itself; those of refunds and disputes are named by them, and any other name is of a part of the charge.
CHARGE: Final = "charge"
_BESIDE: Final = ("refund:", "dispute:", "line:")
# A payment is kept small. More lines about one payment than this are no report of a payment's fees.
MAX_KEYS: Final = 40
# Of each fee. Beyond that a source that says another thing each time, or refunds without end, change it no more.
MAX_JOURNALS: Final = 200


class Fact(NamedTuple):
    """What one source says of one fee. said_at_ms orders what one source says; of equals the larger fee counts."""

    rank: int
    said_at_ms: int
    fee: int
    tax: int
    currency: str


class Booked(NamedTuple):
    """What one journal moved from the merchant: a minus gives back."""

    fee: int
    tax: int
    currency: str


def _none() -> Mapping[str, Fact]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PaymentFee:
    """A payment's fees. bearer: who pays the provider's. estimate: by the price list, in the payment's currency.

    facts: by key. booked: the journals of the provider's fee, platform_booked: those of the operator's, both in their order.
    platform: what the operator charges by plan version `plan`, in the payment's currency.
    """

    bearer: str = PLATFORM
    estimate: Cost | None = None
    facts: Mapping[str, Fact] = field(default_factory=_none)
    booked: tuple[Booked, ...] = ()
    plan: int = 0
    platform: Cost = Cost()  # noqa: RUF009 - a tuple
    platform_booked: tuple[Booked, ...] = ()
    # How often the provider was asked for it in vain.
    looks: int = 0

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> Self:
        """From its stored form; of a payment that has none, nothing is known."""
        given = stored or {}
        plan, *platform = given.get("p", (0, 0, 0))
        return cls(
            MERCHANT if given.get("m") else PLATFORM,
            Cost(*given["e"]) if "e" in given else None,
            MappingProxyType({key: Fact(*fact) for key, fact in given.get("k", {}).items()}),
            tuple(Booked(*each) for each in given.get("j", ())),
            int(plan),
            Cost(*platform),
            tuple(Booked(*each) for each in given.get("o", ())),
            int(given.get("l", 0)),
        )

    def stored(self) -> dict[str, Any] | None:
        """Its stored form: short names, and nothing for what is not there."""
        values: dict[str, Any] = {"m": int(self.bearer == MERCHANT), "k": {key: list(fact) for key, fact in sorted(self.facts.items())}}
        values |= {"j": [list(each) for each in self.booked], "o": [list(each) for each in self.platform_booked]}
        values |= {"l": self.looks, "p": [self.plan, *self.platform] if self.plan else None}
        kept = {name: value for name, value in values.items() if value}
        if self.estimate is not None:
            kept["e"] = list(self.estimate)
        return kept or None

    def knowing(self, key: str, fact: Fact) -> "PaymentFee":
        """With what a source says; itself where that is known, or something better is. Raises ValueError beyond MAX_KEYS, MAX_JOURNALS."""
        known = self.facts.get(key)
        if known is not None and known >= fact:
            return self
        if (known is None and len(self.facts) >= MAX_KEYS) or len(self.booked) >= MAX_JOURNALS:
            raise ValueError("more fees than one payment has")
        return replace(self, facts=MappingProxyType({**self.facts, key: fact}))

    def looked(self) -> "PaymentFee":
        """After a look at the provider that found nothing."""
        return replace(self, looks=self.looks + 1)

    @property
    def counted(self) -> Mapping[str, Fact]:
        """The facts that count: what a provider says of the whole charge is in the parts of it that its report names."""
        parts = [key for key, fact in self.facts.items() if fact.rank == RANKS[REPORT] and key != CHARGE and not key.startswith(_BESIDE)]
        whole = self.facts.get(CHARGE)
        if not parts or whole is None or whole.rank == RANKS[REPORT]:
            return self.facts
        return {key: fact for key, fact in self.facts.items() if key != CHARGE}

    @property
    def known(self) -> Mapping[str, Cost]:
        """What is known of the provider's fees, by currency."""
        sums: dict[str, Cost] = {}
        for fact in self.counted.values():
            sums[fact.currency] = sums.get(fact.currency, Cost()).plus(Cost(fact.fee, fact.tax))
        return sums

    def shown(self, currency: str) -> Cost:
        """The provider's fee in this currency: what is known, else the estimate."""
        return self.known.get(currency, Cost()) if self.facts else self.estimate or Cost()

    def unbooked(self) -> Booked | None:
        """By how much the books of the provider's fee must change next, one currency at a time; None when they are right."""
        wanted = self.known if self.bearer == MERCHANT else {}
        return _difference(wanted, self.booked)

    def platform_unbooked(self, currency: str) -> Booked | None:
        """The same of the operator's fee."""
        return _difference({currency: self.platform}, self.platform_booked)

    @property
    def source(self) -> str | None:
        """How the provider's fee is known, by its weakest part; None when it is not."""
        if self.facts:
            return _SOURCES[min(fact.rank for fact in self.counted.values())]
        return None if self.estimate is None else ESTIMATE


def _difference(wanted: Mapping[str, Cost], booked: tuple[Booked, ...]) -> Booked | None:
    have: dict[str, Cost] = {}
    for each in booked:
        have[each.currency] = have.get(each.currency, Cost()).plus(Cost(each.fee, each.tax))
    for currency in sorted({*wanted, *have}):
        missing = wanted.get(currency, Cost()).less(have.get(currency, Cost()))
        if missing != Cost():
            return Booked(*missing, currency)
    return None


def fee_reference(payment_id: str, number: int) -> Reference:
    """The reference of the n-th journal of a payment's provider's fee, from 1."""
    return Reference(ReferenceType.FEE, f"{payment_id}.{number}")


def platform_fee_reference(payment_id: str, number: int) -> Reference:
    """The same of the operator's fee."""
    return Reference(ReferenceType.PLATFORM_FEE, f"{payment_id}.{number}")


class CostView(View):
    """A fee without its tax, and the tax."""

    amount: str
    tax: str


class FeeView(View):
    """What the provider keeps of the payment.

    `amount` is without tax. `net` is what was captured less fee and tax; null where the fee is in another currency. `source`: estimate (by
    the price list), provider (it answered so) or report (its settlement report says so). `bearer`: merchant (it is booked from the
    merchant's balance once it is known) or platform. `estimate`: what the price list said.
    """

    amount: str
    tax: str
    net: str | None
    currency: str
    source: str
    bearer: str
    estimate: CostView | None


class PlatformFeeView(View):
    """What the operator charges for the payment, by this version of the merchant's plan."""

    amount: str
    tax: str
    currency: str
    plan_version: int


def view(stored: Mapping[str, Any] | None, captured: int, currency: str) -> FeeView | None:
    """The contract's shape. captured: minor units of the payment that are the merchant's."""
    fee = PaymentFee.load(stored)
    if fee.source is None:
        return None
    known = fee.known or {currency: fee.estimate or Cost()}
    shown = currency if currency in known else min(known)
    cost, estimate = known[shown], fee.estimate
    return FeeView(
        amount=format_minor(cost.fee, shown),
        tax=format_minor(cost.tax, shown),
        net=format_minor(captured - cost.fee - cost.tax, currency) if set(known) == {currency} else None,
        currency=shown,
        source=fee.source,
        bearer=fee.bearer,
        estimate=None
        if estimate is None
        else CostView(amount=format_minor(estimate.fee, currency), tax=format_minor(estimate.tax, currency)),
    )


def platform_view(stored: Mapping[str, Any] | None, currency: str) -> PlatformFeeView | None:
    """The contract's shape; None for a payment that no plan is for."""
    fee = PaymentFee.load(stored)
    if not fee.plan:
        return None
    amount, tax = (format_minor(minor, currency) for minor in fee.platform)
    return PlatformFeeView(amount=amount, tax=tax, currency=currency, plan_version=fee.plan)
