"""A payer's tries at checkouts: what was chosen, what was answered, and which of them reached a provider."""

from dataclasses import dataclass
from typing import Any

from paycorex.records.payment import PaymentItem
from paycorex.records.risk_rule import CARD_TESTING_WINDOW_SECONDS
from tests.support.gateway import Reply


@dataclass
class Try:
    """A checkout that somebody opened at an address, and the last answer to its choice."""

    by: str
    session: dict[str, Any]
    choice: dict[str, Any]
    answer: Reply | None = None
    asked: int = 0

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.status == 200


def is_reached(item: PaymentItem) -> bool:
    """True when a provider was asked for this payment."""
    return item.failure_code != "risk_rule"


def most_within(seconds: list[float]) -> int:
    """How many of these moments lie within one window at most."""
    return max((sum(0 <= end - each < CARD_TESTING_WINDOW_SECONDS for each in seconds) for end in seconds), default=0)
