"""What the operator charges a merchant: a plan of rates, in versions that begin at a time and are never changed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from paycorex.records.fee_rate import Cost, FeeRate, FeeSubject

# Of a payment that is given back, the fee stays; or what the plan says of what is left stays, and of nothing nothing.
KEEP: Final = "keep"
RETURN: Final = "return"
# They stand with the merchant, which every request reads.
MAX_VERSIONS: Final = 40


@dataclass(frozen=True, slots=True)
class FeePlan:
    """One version. from_ms: for payments that are made at that time or later, until the next version begins. No rates: nothing is charged.

    refunds: keep or return. made_at_ms, made_by: when the operator set it, and who that was.
    """

    version: int
    from_ms: int
    rates: tuple[FeeRate, ...]
    refunds: str = KEEP
    made_at_ms: int = 0
    made_by: str = ""

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Self:
        """From its stored form."""
        rates = tuple(FeeRate.parse(each) for each in stored["rates"])
        made = int(stored["made_at_ms"]), str(stored["made_by"])
        return cls(int(stored["version"]), int(stored["from_ms"]), rates, str(stored["refunds"]), *made)

    def stored(self) -> dict[str, Any]:
        """As it is stored."""
        values: dict[str, Any] = {name: getattr(self, name) for name in ("version", "from_ms", "refunds", "made_at_ms", "made_by")}
        return {**values, "rates": [rate.stored() for rate in self.rates]}

    def cost(self, subject: FeeSubject) -> Cost:
        """What is charged for such a payment: of the rates that match, the one with most conditions counts, and of these the first."""
        fit = [rate for rate in self.rates if rate.matches(subject)]
        return max(fit, key=lambda rate: rate.precision).cost(subject.amount) if fit else Cost()


def plans_of(stored: Iterable[Mapping[str, Any]] | None) -> tuple[FeePlan, ...]:
    """Every version of a merchant's plan, in their order."""
    return tuple(FeePlan.parse(each) for each in stored or ())


def plan_at(plans: Sequence[FeePlan], at_ms: int) -> FeePlan | None:
    """The version for a payment of that time; None where none had begun."""
    begun = [plan for plan in plans if plan.from_ms <= at_ms]
    return max(begun, key=lambda plan: (plan.from_ms, plan.version), default=None)
