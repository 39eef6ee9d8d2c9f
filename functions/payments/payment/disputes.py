"""Disputes: a payer's bank asks for money back. Recorded on the payment, with an event; no money is booked for them yet."""

from typing import Any, Final

from paycorex import clock, storage
from paycorex.records.payment import PaymentItem
from payments.connectors.model import Contradicts
from payments.connectors.notices import Dispute
from payments.payment import outcomes, settlement, versions

# On one payment. A card network allows a few; what is beyond is for an operator.
MAX_DISPUTES: Final = 10
# The providers' words for a dispute that has ended: an older answer does not open it again.
_ENDED: Final = frozenset({"won", "lost", "closed", "warning_closed", "prevented"})


def record(payment: PaymentItem, connector: str, told: Dispute) -> PaymentItem:
    """Record a dispute as it stands; reported twice it is one, and an event only when something changed. Raises TemporarilyUnavailable."""
    if _known(payment, told) is None and len(payment.disputes or ()) >= MAX_DISPUTES:
        beyond = Contradicts("disputes_exceed", f"dispute {told.reference}", told.charge_reference)
        return settlement.apply(payment, outcomes.contradicted(connector, beyond))
    return settlement.revise(payment, lambda found: _with(found, connector, told))


def _with(payment: PaymentItem, connector: str, told: Dispute) -> PaymentItem:
    known, now = _known(payment, told), clock.now_ms()
    if known is not None and known["status"] in _ENDED and told.status not in _ENDED:
        return payment
    said = _stored(connector, told)
    if known is not None and said == {name: value for name, value in known.items() if name != "at"}:
        return payment
    after = storage.copy_of(payment)
    others = [dispute for dispute in payment.disputes or () if dispute is not known]
    after.disputes = [*others, {**said, "at": clock.rfc3339(now)}]
    versions.set_event(after, "payment.disputed", now)
    return versions.next_revision(payment, after, now)


def _known(payment: PaymentItem, told: Dispute) -> dict[str, Any] | None:
    return next((dispute for dispute in payment.disputes or () if dispute["dispute_id"] == told.reference), None)


def _stored(connector: str, told: Dispute) -> dict[str, Any]:
    return {
        "dispute_id": told.reference,
        "connector": connector,
        "provider_reference": told.charge_reference,
        "amount": str(told.amount),
        "currency": told.amount.currency,
        "status": told.status,
        "reason": told.reason,
    }
