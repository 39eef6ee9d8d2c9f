"""Routing rules as clients send them, for every route that takes some. Whether a connector is there is for that route to check."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from paycorex.contract import NEW_FIELD, AmountBound, Body, CurrencyCode
from paycorex.currencies import EXPONENTS
from paycorex.records import routing_rule
from paycorex.text import clean

MAX_RULES: Final = 50
# As many as a payment tries (`payments.connectors.routing.MAX_ATTEMPTS`).
MAX_CONNECTORS: Final = 8
BEST: Final = "best"
# More than a window of outcomes holds could never be reached.
MAX_SAMPLES: Final = 300


def _currency(value: str) -> str:
    if value not in EXPONENTS:
        raise ValueError("not a currency that can be booked (ISO 4217)")
    return value


class RuleMatch(Body):
    """When a routing rule applies; every given field must match. `brand`: any brand that the card may have."""

    method: Literal["tokenized", "upi_intent"] | None = None
    currency: Annotated[CurrencyCode, AfterValidator(_currency)] | None = None
    brand: Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(clean)] | None = None
    min_amount: AmountBound | None = None
    max_amount: AmountBound | None = None


class RuleTarget(Body):
    """A connector and its share among those of the rule; 0 is for failover only."""

    connector: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}(:[a-z0-9_]{1,32})?$")]
    weight: Annotated[int, Field(ge=0, le=1000)] = 1


def _distinct(targets: list[RuleTarget]) -> list[RuleTarget]:
    if len({target.connector for target in targets}) < len(targets):
        raise ValueError("a rule names each connector once")
    return targets


Targets = Annotated[list[RuleTarget], Field(min_length=1, max_length=MAX_CONNECTORS), AfterValidator(_distinct)]


class RoutingRule(Body):
    """One rule; the first that matches decides.

    `use`: connectors with their weights, or `best`: those of `among`, the one first that succeeded most often for payments of the same
    method, currency and brand. `min_samples`: with fewer known outcomes a connector is not judged; `explore_percent`: the share of payments
    that may go to another one.
    """

    when: RuleMatch = RuleMatch()
    use: Targets | Literal["best"]
    among: Annotated[Targets | None, NEW_FIELD] = None
    min_samples: Annotated[Annotated[int, Field(ge=10, le=MAX_SAMPLES)] | None, NEW_FIELD] = None
    explore_percent: Annotated[Annotated[int, Field(ge=0, le=30)] | None, NEW_FIELD] = None

    @model_validator(mode="after")
    def _best_has_connectors(self) -> Self:
        if self.use == BEST and self.among is None:
            raise ValueError("a rule that uses the best names its connectors in among")
        if self.use != BEST and any(given is not None for given in (self.among, self.min_samples, self.explore_percent)):
            raise ValueError("among, min_samples and explore_percent belong to a rule that uses the best")
        return self

    def rule(self) -> routing_rule.RoutingRule:
        """The rule in domain terms."""
        targets = self.among if isinstance(self.use, str) else self.use
        use = tuple(routing_rule.RuleTarget(target.connector, target.weight) for target in targets or ())
        given: dict[str, Any] = {"min_samples": self.min_samples, "explore_percent": self.explore_percent}
        best = routing_rule.Best(**{name: value for name, value in given.items() if value is not None}) if self.use == BEST else None
        return routing_rule.RoutingRule(use, routing_rule.RuleMatch(**self.when.model_dump(mode="json")), best)


Rules = Annotated[list[RoutingRule], Field(max_length=MAX_RULES)]
