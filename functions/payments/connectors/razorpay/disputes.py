"""Razorpay's disputes (https://razorpay.com/docs/api/disputes/entity): how one is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.notices import Dispute, Ruling, Stage

_RULINGS: Final[Mapping[str, Ruling]] = MappingProxyType(
    {
        "open": Ruling.NEEDS_RESPONSE,
        "under_review": Ruling.UNDER_REVIEW,
        "won": Ruling.WON,
        "lost": Ruling.LOST,
        "closed": Ruling.CLOSED,
    }
)
# `fraud` and `retrieval` ask for an answer only. What is lost in them is deducted, and so it is booked.
_STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {
        "fraud": Stage.INQUIRY,
        "retrieval": Stage.INQUIRY,
        "chargeback": Stage.CHARGEBACK,
        "pre_arbitration": Stage.PRE_ARBITRATION,
        "arbitration": Stage.ARBITRATION,
    }
)


def read(dispute: Any, amount: Money, said_ms: int | None = None) -> Dispute:
    """A dispute. Razorpay deducts when it is lost, or at once from an account that it does not trust. Raises Malformed."""
    status, code = documents.code_or(dispute, "", "status"), documents.code_or(dispute, "", "reason_code") or None
    deducted = documents.find(dispute, "amount_deducted")
    return Dispute(
        reference=documents.reference(dispute, "id"),
        charge_reference=documents.reference(dispute, "payment_id"),
        amount=amount,
        status=status,
        reason=code,
        ruling=_RULINGS.get(status),
        stage=_STAGES.get(documents.text_or(dispute, "", "phase"), Stage.CHARGEBACK),
        reason_code=code,
        respond_by_ms=documents.moment_ms(dispute, "respond_by"),
        withdrawn=int(isinstance(deducted, int) and not isinstance(deducted, bool) and deducted > 0),
        said_ms=said_ms,
    )
