"""What a provider has of a charge and is not known here yet: refunds and disputes that the janitor still has to list."""

from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock
from paycorex.records.payment import PaymentItem
from payments.connectors.results import Approved
from payments.payment import late_money

# In a payment's `method_state`: what a provider has given back of a charge, and is not known here yet.
_OWED: Final = "owed_refunds"
# In the same place: a charge that its provider calls disputed, until its disputes are listed.
_CONTESTED: Final = "contested"


@dataclass(frozen=True, slots=True)
class Owed:
    """Of this charge of a connector so many minor units were refunded, as was first reported then."""

    connector: str
    reference: str
    minor: int
    since_ms: int


def owed(payment: PaymentItem) -> Owed | None:
    """The charge whose refunds are still to be listed."""
    stored = (payment.method_state or {}).get(_OWED)
    return None if not stored else Owed(str(stored[0]), str(stored[1]), int(stored[2]), int(stored[3]))


def owing(payment: PaymentItem, what: Owed | None) -> dict[str, Any]:
    """The payment's `method_state` with it, or without any."""
    stored = None if what is None else [what.connector, what.reference, what.minor, what.since_ms]
    return {**(payment.method_state or {}), _OWED: stored}


@dataclass(frozen=True, slots=True)
class Contested:
    """This charge of a connector is disputed, as was first reported then."""

    connector: str
    reference: str
    since_ms: int


def contested(payment: PaymentItem) -> Contested | None:
    """The charge whose disputes are still to be listed."""
    stored = (payment.method_state or {}).get(_CONTESTED)
    return None if not stored else Contested(str(stored[0]), str(stored[1]), int(stored[2]))


def contesting(payment: PaymentItem, what: Contested | None) -> dict[str, Any]:
    """The payment's `method_state` with it, or without any."""
    stored = None if what is None else [what.connector, what.reference, what.since_ms]
    return {**(payment.method_state or {}), _CONTESTED: stored}


def disputed(payment: PaymentItem, connector: str, result: Approved, known: dict[str, Any]) -> dict[str, Any]:
    """The fields of a change by which the janitor also lists the charge's disputes; `known` alone where none is said to be, or is known."""
    named = {entry["provider_reference"] for entry in payment.disputes or ()}
    if not result.is_disputed or named & {result.provider_reference, *result.aliases}:
        return known
    now = clock.now_ms()
    state = known.get("method_state") or payment.method_state or {}
    stored = [connector, result.provider_reference, now]
    return {**known, "due_ms": now, "method_state": {**state, _CONTESTED: stored}}


def given_back(payment: PaymentItem, connector: str, reference: str, minor: int) -> dict[str, Any]:
    """The fields of a change by which the janitor lists a charge's refunds; none when no more was given back than is known."""
    late = late_money.same(payment, connector, reference)
    known = int(payment.amount_reserved) if late is None else late.money.minor - late.left.minor
    if minor <= known:
        return {}
    now = clock.now_ms()
    return {"due_ms": now, "method_state": owing(payment, Owed(connector, reference, minor, now))}
