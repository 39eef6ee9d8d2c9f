"""Routing rules as they are stored, shown and acted upon."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

# How many characters of its hash tell a merchant's rules apart.
_MARK_CHARACTERS: Final = 10
_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """When a routing rule applies: every field that is not None must match. Amounts are decimal text in the payment's currency."""

    method: str | None = None
    currency: str | None = None
    brand: str | None = None
    min_amount: str | None = None
    max_amount: str | None = None


@dataclass(frozen=True, slots=True)
class RuleTarget:
    """A connector and its share among those of the rule; 0 is for failover only."""

    connector: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Best:
    """The rule's connectors are ordered by what they did before.

    min_samples: with fewer known outcomes a connector is not judged. explore_percent: the share of payments that may go to another one
    than the best, so that the others stay known.
    """

    min_samples: int = 100
    explore_percent: int = 10


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One rule; the first that matches decides. best: None where the weights decide."""

    use: tuple[RuleTarget, ...]
    when: RuleMatch = RuleMatch()
    best: Best | None = None

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Self:
        """A rule as it is stored: `use` is always the list of connectors, so that a release which knows no `best` goes by the weights."""
        targets = (RuleTarget(target["connector"], int(target.get("weight", 1))) for target in stored["use"])
        when: Mapping[str, str | None] = stored.get("when") or {}
        best: Mapping[str, Any] | None = stored.get("best")
        return cls(
            tuple(targets),
            RuleMatch(**{name: when.get(name) for name in _MATCHED}),
            None if best is None else Best(int(best["min_samples"]), int(best["explore_percent"])),
        )

    def stored(self) -> dict[str, Any]:
        """The rule with its defaults, as it is stored."""
        when = {name: value for name in _MATCHED if (value := getattr(self.when, name)) is not None}
        rule: dict[str, Any] = {"when": when, "use": [{"connector": target.connector, "weight": target.weight} for target in self.use]}
        if self.best is not None:
            rule["best"] = {"min_samples": self.best.min_samples, "explore_percent": self.best.explore_percent}
        return rule

    def shown(self) -> dict[str, Any]:
        """The rule with its defaults, in the shape in which it is given."""
        rule = self.stored()
        best = rule.pop("best", None)
        return rule if best is None else {"when": rule["when"], "use": "best", "among": rule["use"], **best}

    @property
    def mark(self) -> str:
        """What tells this rule from others: equal for equal rules, wherever they stand."""
        return mark_of(self.stored())


def mark_of(content: object) -> str:
    """A short hash of JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:_MARK_CHARACTERS]


_MATCHED: Final = ("method", "currency", "brand", "min_amount", "max_amount")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Two lists of rules that a merchant compares. share_percent: of the payments, how many go by `b`; the others go by `a`."""

    experiment_id: str
    a: tuple[RoutingRule, ...]
    b: tuple[RoutingRule, ...]
    share_percent: int

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Self:
        """As it is stored with the merchant's settings while it runs."""
        a, b = (tuple(RoutingRule.parse(rule) for rule in stored[arm]) for arm in ("a", "b"))
        return cls(str(stored["experiment_id"]), a, b, int(stored["share"]))

    def arm_of(self, payment_id: str) -> str:
        """Whose rules a payment goes by: always the same for the same payment."""
        drawn = int.from_bytes(hashlib.sha256(f"{self.experiment_id}/{payment_id}".encode()).digest()[:8]) % _PERCENT
        return "b" if drawn < self.share_percent else "a"
