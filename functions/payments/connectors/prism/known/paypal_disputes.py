"""PayPal's disputes (https://developer.paypal.com/docs/api/customer-disputes/v1/#disputes_get): how one is read.

PayPal moves the money by entries of their own (`money_movements`), from which the seller's count.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from paycorex import clock
from payments.connectors import documents
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.prism import witness

_RULINGS: Final[Mapping[str, Ruling]] = MappingProxyType(
    {
        "OPEN": Ruling.NEEDS_RESPONSE,
        "WAITING_FOR_SELLER_RESPONSE": Ruling.NEEDS_RESPONSE,
        "WAITING_FOR_BUYER_RESPONSE": Ruling.UNDER_REVIEW,
        "UNDER_REVIEW": Ruling.UNDER_REVIEW,
    }
)
# Of a dispute that is RESOLVED. With RESOLVED_WITH_PAYOUT PayPal pays the buyer, and the seller keeps the money.
_OUTCOMES: Final[Mapping[str, Ruling]] = MappingProxyType(
    {
        "RESOLVED_BUYER_FAVOUR": Ruling.LOST,
        "ACCEPTED": Ruling.LOST,
        "RESOLVED_SELLER_FAVOUR": Ruling.WON,
        "RESOLVED_WITH_PAYOUT": Ruling.WON,
        "DENIED": Ruling.WON,
        "CANCELED_BY_BUYER": Ruling.CLOSED,
        "NONE": Ruling.CLOSED,
    }
)
_STAGES: Final[Mapping[str, Stage]] = MappingProxyType({stage.value.upper(): stage for stage in Stage})
# What moves the disputed amount; fees move beside it.
_OF_THE_AMOUNT: Final = "DISPUTE_SETTLEMENT"


def read(dispute: Any, *, said_ms: int | None = None) -> Dispute:
    """Raises Malformed, Contradiction."""
    reference = documents.reference(dispute, "dispute_id")
    value, currency = documents.find(dispute, "dispute_amount", "value"), documents.text(dispute, "dispute_amount", "currency_code")
    status = documents.code_or(dispute, "", "status")
    outcome = documents.code_or(dispute, "", "dispute_outcome", "outcome_code")
    reason = documents.code_or(dispute, "", "reason").lower() or None
    return Dispute(
        reference=reference,
        charge_reference=documents.reference(dispute, "disputed_transactions", 0, "seller_transaction_id"),
        amount=witness.decimal_amount(value, currency, reference),
        status=(outcome or status).lower(),
        reason=reason,
        ruling=_OUTCOMES.get(outcome) if status == "RESOLVED" else _RULINGS.get(status),
        stage=_STAGES.get(documents.text_or(dispute, "", "dispute_life_cycle_stage"), Stage.CHARGEBACK),
        reason_code=documents.code_or(dispute, reason or "", "external_reason_code") or None,
        respond_by_ms=moment_ms(dispute, "seller_response_due_date"),
        withdrawn=_moved(dispute, "DEBIT"),
        reinstated=_moved(dispute, "CREDIT"),
        said_ms=moment_ms(dispute, "update_time") if said_ms is None else said_ms,
    )


def moment_ms(document: Any, *path: str) -> int | None:
    """A time of RFC 3339 as milliseconds since the epoch; None where there is none."""
    try:
        return clock.parse_rfc3339(documents.text_or(document, "", *path))
    except ValueError:
        return None


def _moved(dispute: Any, kind: str) -> int:
    """How often the disputed amount was taken from the seller (DEBIT), or given back (CREDIT)."""
    moved = documents.find(dispute, "money_movements")
    mine = {"affected_party": "SELLER", "reason": _OF_THE_AMOUNT, "type": kind}
    return sum(all(documents.find(each, name) == value for name, value in mine.items()) for each in moved) if isinstance(moved, list) else 0
