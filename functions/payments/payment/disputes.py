"""Disputes: a payer's bank asks for money back. Recorded on the payment, with an event; no money is booked for them yet."""

from typing import Any, Final

from paycorex import clock, storage
from paycorex.records.payment import PaymentItem
from payments.connectors.notices import Dispute
from payments.connectors.results import Contradicts
from payments.payment import outcomes, settlement, versions

# On one payment. A card network allows a few; what is beyond is for an operator.
MAX_DISPUTES: Final = 10
# The providers' words for a dispute that has ended: an older answer does not open it again.
_ENDED: Final = frozenset({"won", "lost", "closed", "warning_closed", "prevented"})


def record(payment: PaymentItem, connector: str, reported: Dispute) -> PaymentItem:
    """Record a dispute as it stands; reported twice it is one, and an event only when something changed. Raises TemporarilyUnavailable."""
    if _known(payment, reported) is None and len(payment.disputes or ()) >= MAX_DISPUTES:
        beyond = Contradicts("disputes_exceed", f"dispute {reported.reference}", reported.charge_reference)
        return settlement.apply(payment, outcomes.contradicted(connector, beyond))
    return settlement.revise(payment, lambda found: _with(found, connector, reported))


def _with(payment: PaymentItem, connector: str, reported: Dispute) -> PaymentItem:
    known, now = _known(payment, reported), clock.now_ms()
    if known is not None and known["status"] in _ENDED and reported.status not in _ENDED:
        return payment
    said = _stored(connector, reported)
    if known is not None and said == {name: value for name, value in known.items() if name != "at"}:
        return payment
    after = storage.copy_of(payment)
    others = [dispute for dispute in payment.disputes or () if dispute is not known]
    after.disputes = [*others, {**said, "at": clock.rfc3339(now)}]
    versions.set_event(after, "payment.disputed", now)
    return versions.next_revision(payment, after, now)


def _known(payment: PaymentItem, reported: Dispute) -> dict[str, Any] | None:
    return next((dispute for dispute in payment.disputes or () if dispute["dispute_id"] == reported.reference), None)


def _stored(connector: str, reported: Dispute) -> dict[str, Any]:
    return {
        "dispute_id": reported.reference,
        "connector": connector,
        "provider_reference": reported.charge_reference,
        "amount": str(reported.amount),
        "currency": reported.amount.currency,
        "status": reported.status,
        "reason": reported.reason,
    }
