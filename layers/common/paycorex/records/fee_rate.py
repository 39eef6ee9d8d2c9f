"""What a payment costs by a price list: rates of providers (`fee_schedules` of a merchant), and those of an operator's plan. Pure.

A rate is exact in decimals and rounded once, to minor units: half up, or up, as a provider's price list says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple, Self

from paycorex.currencies import EXPONENTS
from paycorex.money import Money

# Who pays what a provider keeps.
MERCHANT: Final = "merchant"
PLATFORM: Final = "platform"
HALF_UP: Final = "half_up"
UP: Final = "up"
# By India's rules no fee is taken of a payment by UPI or by a RuPay debit card, unless a price list says otherwise.
_FREE_METHODS: Final = frozenset({"upi_intent"})
_FREE_BRANDS: Final = frozenset({"rupay"})
_CONDITIONS: Final = ("method", "brand", "currency")


class Cost(NamedTuple):
    """Minor units: the fee without its tax, and the tax."""

    fee: int = 0
    tax: int = 0

    def plus(self, other: "Cost") -> "Cost":
        """The sum of both."""
        return Cost(self.fee + other.fee, self.tax + other.tax)

    def less(self, other: "Cost") -> "Cost":
        """The difference."""
        return Cost(self.fee - other.fee, self.tax - other.tax)


@dataclass(frozen=True, slots=True)
class FeeSubject:
    """What rates look at. brand: of the card, where it is known."""

    method: str
    amount: Money
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class FeeRate:
    """One line of a price list. Every condition that is not None must match.

    percent, tax_percent: decimal text. fixed, minimum, cap: decimal text in major units of `currency`, which is then given.
    """

    percent: str = "0"
    fixed: str | None = None
    minimum: str | None = None
    cap: str | None = None
    tax_percent: str = "0"
    rounding: str = HALF_UP
    method: str | None = None
    brand: str | None = None
    currency: str | None = None

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Self:
        """From its stored form; what it has besides is another's."""
        return cls(**{name: str(stored[name]) for name in cls.__slots__ if stored.get(name) is not None})

    def stored(self) -> dict[str, str]:
        """What is not as by default."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}

    def matches(self, subject: FeeSubject) -> bool:
        """Whether it is for such a payment."""
        asked = ((self.method, subject.method), (self.brand, subject.brand), (self.currency, subject.amount.currency))
        return all(wanted in {None, value} for wanted, value in asked)

    @property
    def precision(self) -> int:
        """How many conditions it has."""
        return sum(getattr(self, name) is not None for name in _CONDITIONS)

    def cost(self, amount: Money) -> Cost:
        """The fee of an amount with its tax; of nothing, nothing."""
        if amount.minor <= 0:
            return Cost()
        exact = Decimal(amount.minor) * _hundredth(self.percent) + self._minor(self.fixed, amount)
        if self.minimum is not None:
            exact = max(exact, self._minor(self.minimum, amount))
        if self.cap is not None:
            exact = min(exact, self._minor(self.cap, amount))
        if self.rounding == UP:
            tax = _whole(exact * _hundredth(self.tax_percent), ROUND_CEILING)
            return Cost(_whole(exact * (1 + _hundredth(self.tax_percent)), ROUND_CEILING) - tax, tax)
        fee = _whole(exact, ROUND_HALF_UP)
        return Cost(fee, _whole(fee * _hundredth(self.tax_percent), ROUND_HALF_UP))

    def _minor(self, text: str | None, amount: Money) -> Decimal:
        return Decimal(text or 0).scaleb(EXPONENTS[amount.currency])


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """A line of a connector's price list, and from when it holds, in milliseconds since the epoch."""

    connector: str
    from_ms: int
    rate: FeeRate

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Self:
        """From its stored form."""
        return cls(str(stored["connector"]), int(stored["from_ms"]), FeeRate.parse(stored))

    def stored(self) -> dict[str, Any]:
        """As it is stored."""
        return {"connector": self.connector, "from_ms": self.from_ms, **self.rate.stored()}


def scheduled(schedules: Iterable[FeeSchedule], connector: str, subject: FeeSubject, at_ms: int) -> Cost | None:
    """What the connector's price list of that time says; None where it says nothing.

    Of the lines that match, those with most conditions count, and of these the one that began last.
    """
    own = [each for each in schedules if each.connector == connector and each.from_ms <= at_ms]
    fit = [each for each in own if each.rate.matches(subject)]
    best = max(fit, key=lambda each: (each.rate.precision, each.from_ms), default=None)
    is_named = best is not None and (best.rate.method is not None or best.rate.brand is not None)
    if own and not is_named and (subject.method in _FREE_METHODS or subject.brand in _FREE_BRANDS):
        return Cost()
    return None if best is None else best.rate.cost(subject.amount)


def _hundredth(text: str) -> Decimal:
    return Decimal(text).scaleb(-2)


def _whole(exact: Decimal, rounding: str) -> int:
    return int(exact.quantize(Decimal(1), rounding=rounding))
