"""Why a payment went to its connectors: as it is stored on the payment, small, and as it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from paycorex.contract import View

DEFAULT: Final = "default"
WEIGHTS: Final = "weights"
BEST: Final = "best"
EXPLORE: Final = "explore"
FEW: Final = "few"
CARDS: Final = frozenset({"card", "provider_token"})
# A payment is kept small: of the connectors compared, the first ones.
MAX_NUMBERS: Final = 4
_RATE_DIGITS: Final = 4
_MILLIONTHS_A_DIGIT: Final = 100


@dataclass(frozen=True, slots=True)
class Compared:
    """What was known of a connector: approved of its samples in millionths, and its mean fee in millionths of the amount."""

    connector: str
    rate: int
    samples: int
    fee: int


@dataclass(frozen=True, slots=True)
class Noted:
    """A decision. rule: its place among the rules, from 0. how: one of the names above. mark: which rule it was, wherever it stands now.

    What rules looked at: brands, instrument (the kind of the stored one), by_fields (the payer types a card into the provider's fields).
    experiment, arm: whose rules these were, where it was an experiment.
    """

    rule: int | None = None
    how: str = DEFAULT
    mark: str | None = None
    brands: tuple[str, ...] = ()
    instrument: str | None = None
    by_fields: bool = False
    numbers: tuple[Compared, ...] = ()
    experiment: str | None = None
    arm: str | None = None

    @classmethod
    def load(cls, stored: Mapping[str, Any] | None) -> Self:
        """From its stored form; of a payment that has none, nothing is known."""
        given = stored or {}
        numbers = tuple(Compared(name, int(rate), int(samples), int(fee)) for name, rate, samples, fee in given.get("n", ()))
        experiment, arm = given.get("x") or (None, None)
        looked_at = tuple(given.get("b", ())), given.get("i"), bool(given.get("f"))
        return cls(given.get("r"), given.get("h", DEFAULT), given.get("m"), *looked_at, numbers, experiment, arm)

    @property
    def brand(self) -> str | None:
        """The card's brand, by which payments are alike: that of other instruments is a bank or a UPI handle."""
        return self.brands[0] if self.brands and self.instrument in CARDS else None

    def stored(self) -> dict[str, Any]:
        """Its stored form: short names, and nothing for what is None."""
        numbers = [[each.connector, each.rate, each.samples, each.fee] for each in self.numbers[:MAX_NUMBERS]]
        experiment = [self.experiment, self.arm] if self.experiment else None
        values = {"r": self.rule, "h": self.how, "m": self.mark, "b": list(self.brands), "i": self.instrument, "f": int(self.by_fields)}
        more = {"n": numbers, "x": experiment}
        return {name: value for name, value in (values | more).items() if value is not None and (value or name == "r")}


class ComparedView(View):
    """What was known of a connector when the payment was routed. `fee`: the measured mean, else the price list's: a part of the amount."""

    connector: str
    success_rate: str
    samples: int
    fee: str


class ExperimentArm(View):
    """By which experiment's rules a payment went."""

    experiment_id: str
    arm: str


class RoutingView(View):
    """Why a payment went to its connectors. `rule`: the place of the rule that chose among `routing_rules`, from 0; null for none."""

    rule: int | None
    reason: str
    numbers: list[ComparedView]
    experiment: ExperimentArm | None


def view(stored: Mapping[str, Any] | None) -> RoutingView | None:
    """The contract's shape; None for a payment that no connector takes part in, and for one of the time before."""
    if stored is None:
        return None
    noted = Noted.load(stored)
    experiment = None if noted.experiment is None else ExperimentArm(experiment_id=noted.experiment, arm=noted.arm or "")
    numbers = [
        ComparedView(connector=each.connector, success_rate=shown_part(each.rate), samples=each.samples, fee=shown_part(each.fee))
        for each in noted.numbers
    ]
    return RoutingView(rule=noted.rule, reason=reason(noted), numbers=numbers, experiment=experiment)


def reason(noted: Noted) -> str:
    """The decision in words."""
    if noted.rule is None:
        return "no rule fits: the configured connectors in their order"
    rule = f"rule {noted.rule}"
    if noted.how == WEIGHTS:
        return f"{rule}: by weight"
    if noted.how == FEW:
        return f"{rule}: by weight, because too few attempts are known ({_counts(noted.numbers)})"
    word = "best" if noted.how == BEST else "explored"
    return f"{rule}: {word} by {_rates(noted.numbers)}"


def shown_part(millionths: int) -> str:
    """A part of one with four digits, rounded down."""
    digits = millionths // _MILLIONTHS_A_DIGIT
    return f"{digits // 10**_RATE_DIGITS}.{digits % 10**_RATE_DIGITS:0{_RATE_DIGITS}d}"


def _counts(numbers: Sequence[Compared]) -> str:
    return ", ".join(f"{each.connector} {each.samples}" for each in numbers)


def _rates(numbers: Sequence[Compared]) -> str:
    return ", ".join(f"{each.connector} {shown_part(each.rate)} of {each.samples}" for each in numbers)
