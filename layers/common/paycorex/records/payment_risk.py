"""What a risk rule or the blocklist decided about a payment: as it is stored with it, and as its merchant is shown it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from paycorex.contract import View
from paycorex.records.hold import Ending, hold_of
from paycorex.records.payment_item import PaymentItem
from paycorex.records.risk_rule import REQUIRE_3DS, REVIEW

# The failure of a payment that a rule or the blocklist stopped.
FAILURE_CODE: Final = "risk_rule"
# What a review came to. EXPIRED: the hold ended before a person decided.
PENDING, APPROVED, DECLINED, EXPIRED = "pending", "approved", "declined", "expired"


@dataclass(frozen=True, slots=True)
class Risk:
    """rule_id: of the merchant's rule, or `blocklist`; then entry_id is the entry's. action: what followed.

    captures: of a review, whether an approval also captures: the merchant asked for no hold. decision: of a review, what a person decided.
    """

    rule_id: str
    action: str
    entry_id: str | None = None
    captures: bool = False
    decision: str | None = None

    def stored(self) -> dict[str, Any]:
        """As it is stored with the payment: without what says nothing."""
        known = {"rule_id": self.rule_id, "action": self.action, "entry_id": self.entry_id}
        review = {"captures": self.captures, "decision": self.decision}
        return {**known, **{name: value for name, value in review.items() if value}}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """As it was stored."""
        return cls(
            str(stored["rule_id"]),
            str(stored["action"]),
            stored.get("entry_id"),
            bool(stored.get("captures")),
            stored.get("decision"),
        )

    def decided(self, decision: str) -> Self:
        """The same once a person has decided."""
        return replace(self, decision=decision)


class RiskView(View):
    """Which rule decided about the payment, and of a review what a person decided. Its payer is not shown it."""

    rule_id: str
    action: str
    entry_id: str | None
    decision: str | None


def of(item: PaymentItem) -> Risk | None:
    """What was decided about the payment; None where no rule was."""
    return None if item.risk is None else Risk.load(item.risk)


def must_confirm(item: PaymentItem) -> bool:
    """True when the payer's bank must ask the payer."""
    risk = of(item)
    return risk is not None and risk.action == REQUIRE_3DS


def is_in_review(item: PaymentItem) -> bool:
    """True while the payment's money is held and a person must decide."""
    risk, hold = of(item), hold_of(item)
    undecided = risk is not None and risk.action == REVIEW and risk.decision is None
    return undecided and hold is not None and hold.ending is None and item.status == "authorized"


def listed_under(merchant_id: str) -> str:
    """What the payments in a merchant's review are listed under."""
    return f"review#{merchant_id}"


def _decision(item: PaymentItem, risk: Risk) -> str | None:
    hold = hold_of(item)
    if risk.action != REVIEW or risk.decision is not None or hold is None:
        return risk.decision
    if hold.ending is None:
        return PENDING
    return EXPIRED if hold.ending == Ending.EXPIRED else DECLINED


def view(item: PaymentItem) -> RiskView | None:
    """The contract's shape; None of a payment about which no rule decided."""
    risk = of(item)
    if risk is None:
        return None
    return RiskView(rule_id=risk.rule_id, action=risk.action, entry_id=risk.entry_id, decision=_decision(item, risk))
