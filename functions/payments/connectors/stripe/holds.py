"""What Stripe says of money that is held: an intent that waits for its captures, with its charge where that is there.

https://docs.stripe.com/payments/place-a-hold-on-a-payment-method. That a card's hold can be captured more than once, above it, or made
larger is said by its charge, and asked for when the account has these features (they come with one of Stripe's price plans only).
"""

from typing import Any, Final

from payments.connectors import documents
from payments.connectors.requests import Captures, HoldAbility
from payments.connectors.results import Authorized, Released
from payments.connectors.stripe import amounts

# With every account and card: one capture, of a part too, within 7 days.
ABILITY: Final = HoldAbility(Captures.ONE_PART, hold_days=7)
# Stripe canceled it: nothing was captured in time.
_BY_TIME: Final = frozenset({"automatic", "expired"})
_CARD: Final = ("payment_method_details", "card")


def held(intent: Any) -> Authorized:
    """An intent with status `requires_capture`. Raises Malformed, Contradiction."""
    reference, currency = documents.reference(intent, "id"), amounts.currency_of(intent)
    captured = amounts.minor(intent, currency, "amount_received")
    whole = captured + amounts.minor(intent, currency, "amount_capturable")
    amount = documents.amount(whole, currency, reference)
    charge = charge_of(intent)
    return Authorized(
        reference,
        amount,
        documents.returned(amount, captured, reference),
        documents.moment_ms(charge, *_CARD, "capture_before"),
        aliases_of(intent),
        network_transaction_id(charge),
        None if charge is None else _ability(charge, captured),
    )


def released(intent: Any) -> Released:
    """A canceled intent whose money was held. Raises Malformed, Contradiction."""
    captured = amounts.taken_minor(intent, "amount_received")
    return Released(documents.reference(intent, "id"), captured, is_expired=is_by_time(intent))


def is_by_time(intent: Any) -> bool:
    """True when it was Stripe that canceled it."""
    return documents.find(intent, "cancellation_reason") in _BY_TIME


def was_held(intent: Any) -> bool:
    """Whether a canceled intent held money before: a card's refusal leaves a charge as well."""
    if documents.find(intent, "capture_method") != "manual" or documents.find(intent, "latest_charge") is None:
        return False
    charge = documents.find(intent, "latest_charge")
    if isinstance(charge, dict):
        return bool(documents.find(charge, "status") == "succeeded")
    return documents.find(intent, "last_payment_error") is None


def charge_of(intent: Any) -> dict[str, Any] | None:
    """The intent's charge, when it is in the answer and is this intent's. Raises Malformed, Contradiction."""
    charge = documents.find(intent, "latest_charge")
    if not isinstance(charge, dict):
        return None
    documents.expect(charge, documents.reference(intent, "id"), "payment_intent")
    documents.expect(charge, documents.find(intent, "currency"), "currency")
    return charge


def aliases_of(intent: Any) -> tuple[str, ...]:
    """The intent's other name. Raises Malformed."""
    charge = documents.find(intent, "latest_charge")
    alias = documents.reference(charge, "id") if isinstance(charge, dict) else documents.reference_or_none(intent, "latest_charge")
    return () if alias is None else (alias,)


def network_transaction_id(charge: Any) -> str | None:
    """By which the card's network knows the charge; None where it does not say."""
    return documents.name_or_none(charge, *_CARD, "network_transaction_id")


def _ability(charge: Any, captured: int) -> HoldAbility:
    """Only what the charge says; an increment comes before the first capture."""
    return HoldAbility(
        Captures.MANY if _is_available(charge, "multicapture") else Captures.ONE_PART,
        ABILITY.hold_days,
        _over_percent(charge),
        captured == 0 and _is_available(charge, "incremental_authorization"),
    )


def _over_percent(charge: Any) -> int:
    most, amount = documents.find(charge, *_CARD, "overcapture", "maximum_amount_capturable"), documents.find(charge, "amount")
    if not (_is_available(charge, "overcapture") and type(most) is int and type(amount) is int and 0 < amount < most):
        return 0
    return min((most - amount) * 100 // amount, 100)


def _is_available(charge: Any, feature: str) -> bool:
    return bool(documents.find(charge, *_CARD, feature, "status") == "available")
