"""Risk rules as they are stored, shown and acted upon: how often, or for how much, one payer may try to pay within a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, get_args

By = Literal["ip", "card", "bin", "customer", "email"]
DIMENSIONS: Final[tuple[By, ...]] = get_args(By)
Then = Literal["block", "review", "require_3ds"]
BLOCK: Final = "block"
# The money is held until a person decides.
REVIEW: Final = "review"
# The payer must confirm at the card's bank.
REQUIRE_3DS: Final = "require_3ds"
# Of several rules of which there is too much, the strictest decides.
STRICTNESS: Final[Sequence[str]] = (BLOCK, REVIEW, REQUIRE_3DS)
# What a rule of the blocklist is called on a payment: no rule of a merchant's may have this name.
BLOCKLIST: Final = "blocklist"

# Card testing: a thief tries thousands of stolen numbers for a small amount each, from few addresses. A household or an office pays the
# same shop a few times in ten minutes. Where many payers share one address (a mobile operator's), a shop raises it.
CARD_TESTING_RULE: Final = "card-testing"
CARD_TESTING_PAYMENTS: Final = 8
CARD_TESTING_WINDOW_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class RiskRule:
    """One rule: what is counted together, how much of it is too much, and what then.

    by: payments with the same value of this are counted together. max_payments: so many may be begun within the window. max_amount: for so
    much together, decimal text in the merchant's currency; payments in other currencies add nothing. One of the two is set.
    """

    rule_id: str
    by: str
    window_seconds: int
    max_payments: int | None = None
    max_amount: str | None = None
    then: str = BLOCK

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Self:
        """A rule as it is stored."""
        most = stored.get("max_payments")
        return cls(
            rule_id=str(stored["rule_id"]),
            by=str(stored["by"]),
            window_seconds=int(stored["window_seconds"]),
            max_payments=None if most is None else int(most),
            max_amount=stored.get("max_amount"),
            then=str(stored.get("then", BLOCK)),
        )

    def stored(self) -> dict[str, Any]:
        """The rule as it is stored and shown."""
        return {
            "rule_id": self.rule_id,
            "by": self.by,
            "max_payments": self.max_payments,
            "max_amount": self.max_amount,
            "window_seconds": self.window_seconds,
            "then": self.then,
        }


DEFAULT_RULES: Final[Sequence[RiskRule]] = (
    RiskRule(CARD_TESTING_RULE, "ip", CARD_TESTING_WINDOW_SECONDS, max_payments=CARD_TESTING_PAYMENTS),
)
