"""Which risk rule decides, from what was counted. Pure."""

from collections.abc import Mapping, Sequence

from paycorex.money import Money
from paycorex.records.risk_rule import STRICTNESS, RiskRule
from payments.risk.counters import Seen


def decided(rules: Sequence[RiskRule], currency: str, seen: Mapping[str, Mapping[int, Seen]]) -> RiskRule | None:
    """The first rule of which there is too much, of the strictest that there are.

    rules: those whose dimension is in `seen`, by dimension and window in seconds. currency: the merchant's, in which amounts are summed.
    """
    for rule in sorted(rules, key=lambda each: STRICTNESS.index(each.then)):
        found = seen[rule.by][rule.window_seconds]
        if rule.max_payments is not None and found.payments > rule.max_payments:
            return rule
        if rule.max_amount is not None and found.minor > Money.stored(rule.max_amount, currency).minor:
            return rule
    return None
