"""Stripe's disputes (https://docs.stripe.com/api/disputes/object): how one is read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.results import Kept
from payments.connectors.stripe import settlements

_WARNING: Final = "warning_"
# Stripe's statuses; those of an inquiry begin with `warning_`.
_RULINGS: Final[Mapping[str, Ruling]] = MappingProxyType(
    {
        "needs_response": Ruling.NEEDS_RESPONSE,
        "under_review": Ruling.UNDER_REVIEW,
        "won": Ruling.WON,
        "lost": Ruling.LOST,
        "closed": Ruling.CLOSED,
        "prevented": Ruling.CLOSED,
        "charge_refunded": Ruling.CLOSED,
    }
)
_STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {"inquiry": Stage.INQUIRY, "chargeback": Stage.CHARGEBACK, "compliance": Stage.CHARGEBACK}
)
WITHDRAWN: Final = "charge.dispute.funds_withdrawn"
REINSTATED: Final = "charge.dispute.funds_reinstated"


def read(dispute: Any, charge_reference: str, amount: Money, *, kind: str = "", said_ms: int | None = None) -> Dispute:
    """A dispute. kind: of the event that brought it; said_ms: when that was made. Raises Malformed."""
    status = documents.code_or(dispute, "", "status")
    card = ("payment_method_details", "card")
    reason = documents.code_or(dispute, "", "reason") or None
    withdrawn, reinstated = _taken(dispute)
    return Dispute(
        reference=documents.reference(dispute, "id"),
        charge_reference=charge_reference,
        amount=amount,
        status=status,
        reason=reason,
        ruling=_RULINGS.get(status.removeprefix(_WARNING)),
        stage=Stage.INQUIRY if status.startswith(_WARNING) else _stage(dispute),
        reason_code=documents.code_or(dispute, reason or "", *card, "network_reason_code") or None,
        network=documents.code_or(dispute, "", *card, "network") or None,
        respond_by_ms=documents.moment_ms(dispute, "evidence_details", "due_by"),
        withdrawn=max(withdrawn, int(kind in {WITHDRAWN, REINSTATED})),
        reinstated=max(reinstated, int(kind == REINSTATED)),
        said_ms=said_ms,
        kept=_kept(dispute),
    )


def _kept(dispute: Any) -> Kept | None:
    """Stripe's fee for the dispute, less what it gave back of it. One that cannot be read says nothing about the money: reports name it."""
    moved = documents.find(dispute, "balance_transactions")
    if not isinstance(moved, list) or not moved:
        return None
    try:
        fees = [settlements.fee(each, documents.reference(dispute, "id")) for each in moved]
    except (documents.Malformed, documents.Contradiction):
        return None
    currencies = {fee.currency for fee in fees}
    return Kept(sum(fee.fee for fee in fees), sum(fee.tax for fee in fees), currencies.pop()) if len(currencies) == 1 else None


def _stage(dispute: Any) -> Stage:
    """A chargeback, unless Stripe says otherwise: an inquiry that has become one keeps its id."""
    stage = _STAGES.get(documents.text_or(dispute, "", "payment_method_details", "card", "case_type"), Stage.CHARGEBACK)
    return Stage.CHARGEBACK if stage is Stage.INQUIRY else stage


def _taken(dispute: Any) -> tuple[int, int]:
    """How often the money was taken and given back: `balance_transactions` has one for each, negative and positive."""
    moved = documents.find(dispute, "balance_transactions")
    amounts = [documents.whole(each, "amount") for each in moved if isinstance(each, dict)] if isinstance(moved, list) else []
    return sum(amount < 0 for amount in amounts), sum(amount > 0 for amount in amounts)
