"""Risk rules as clients send them, for every route that takes some."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from paycorex.contract import AmountText, Body
from paycorex.records import risk_rule
from paycorex.records.risk_rule import BLOCKLIST, By, Then

MAX_RULES: Final = 20
MIN_WINDOW_SECONDS: Final = 60
MAX_WINDOW_SECONDS: Final = 7 * 24 * 3600
MAX_PAYMENTS: Final = 100_000

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class RiskRule(Body):
    """One rule. `by`: payments with the same value of it are counted together. One of `max_payments` and `max_amount`."""

    rule_id: RuleId
    by: By
    max_payments: Annotated[int, Field(ge=0, le=MAX_PAYMENTS)] | None = None
    max_amount: AmountText | None = None
    window_seconds: Annotated[int, Field(ge=MIN_WINDOW_SECONDS, le=MAX_WINDOW_SECONDS)]
    then: Then = "block"

    @model_validator(mode="after")
    def _counts_one_thing(self) -> "RiskRule":
        if (self.max_payments is None) is (self.max_amount is None):
            raise ValueError("give either max_payments or max_amount")
        if self.rule_id == BLOCKLIST:
            raise ValueError(f"a rule is not called {BLOCKLIST}")
        return self

    def rule(self) -> risk_rule.RiskRule:
        """As it is stored."""
        return risk_rule.RiskRule(
            rule_id=self.rule_id,
            by=self.by,
            window_seconds=self.window_seconds,
            max_payments=self.max_payments,
            max_amount=self.max_amount,
            then=self.then,
        )


def _distinct(rules: list[RiskRule]) -> list[RiskRule]:
    if len({rule.rule_id for rule in rules}) < len(rules):
        raise ValueError("each rule has a rule_id of its own")
    return rules


RiskRules = Annotated[list[RiskRule], Field(max_length=MAX_RULES), AfterValidator(_distinct)]
