"""PayPal's disputes (https://developer.paypal.com/docs/api/customer-disputes/v1/#disputes_get): how one is read.

PayPal moves the money by entries of their own (`money_movements`), from which the seller's count.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from paycorex import clock
from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.notices import Dispute, Ruling, Stage
from payments.connectors.prism import witness
from payments.connectors.prism.ways import Ask

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
# The most of one capture that are asked for.
_MOST: Final = 10
# What moves the disputed amount; fees move beside it.
_OF_THE_AMOUNT: Final = "DISPUTE_SETTLEMENT"


def read(dispute: Any, *, said_ms: int | None = None) -> Dispute:
    """Raises Malformed, Contradiction."""
    reference = documents.reference(dispute, "dispute_id")
    value, currency = documents.find(dispute, "dispute_amount", "value"), documents.text(dispute, "dispute_amount", "currency_code")
    status = documents.code_or(dispute, "", "status")
    outcome = documents.code_or(dispute, "", "dispute_outcome", "outcome_code")
    ruling = _OUTCOMES.get(outcome) if status == "RESOLVED" else _RULINGS.get(status)
    disputed = witness.decimal_amount(value, currency, reference)
    returned = _returned(dispute, disputed) if ruling is Ruling.LOST else None
    reason = documents.code_or(dispute, "", "reason").lower() or None
    return Dispute(
        reference=reference,
        charge_reference=documents.reference(dispute, "disputed_transactions", 0, "seller_transaction_id"),
        # A dispute may be decided in part.
        amount=returned or disputed,
        status=(outcome or status).lower(),
        reason=reason,
        ruling=ruling,
        stage=_STAGES.get(documents.text_or(dispute, "", "dispute_life_cycle_stage"), Stage.CHARGEBACK),
        reason_code=documents.code_or(dispute, reason or "", "external_reason_code") or None,
        respond_by_ms=moment_ms(dispute, "seller_response_due_date"),
        withdrawn=_moved(dispute, "DEBIT"),
        reinstated=_moved(dispute, "CREDIT"),
        said_ms=moment_ms(dispute, "update_time") if said_ms is None else said_ms,
        returned=returned,
        ended_ms=moment_ms(dispute, "update_time") if status == "RESOLVED" else None,
    )


def look_up(ask: Ask, reference: str) -> Dispute | None:
    """A dispute as it stands; None when PayPal knows none. Raises NotSent, OutcomeUnknown, Malformed, Contradiction."""
    response = ask("GET", f"/v1/customer/disputes/{quote(reference, safe='')}", b"")
    if response.status == 404:
        return None
    found = response.body()
    documents.expect(found, reference, "dispute_id")
    return read(found, said_ms=clock.now_ms())


def listed(ask: Ask, charge_reference: str) -> tuple[Dispute, ...]:
    """Those of a capture: the list names them, and each is asked for. Raises what look_up raises."""
    query = urlencode({"disputed_transaction_id": charge_reference, "page_size": _MOST})
    page = ask("GET", f"/v1/customer/disputes?{query}", b"").body()
    names = [documents.reference(each, "dispute_id") for each in documents.objects(page, "items")] if documents.find(page, "items") else []
    if len(names) > _MOST:
        raise documents.Malformed("more than was asked for")
    found = (look_up(ask, name) for name in names)
    return tuple(dispute for dispute in found if dispute is not None and dispute.charge_reference == charge_reference)


def moment_ms(document: Any, *path: str) -> int | None:
    """A time of RFC 3339 as milliseconds since the epoch; None where there is none."""
    try:
        return clock.parse_rfc3339(documents.text_or(document, "", *path))
    except ValueError:
        return None


def _returned(dispute: Any, disputed: Money) -> Money | None:
    """What the payer got back; None where PayPal does not say it, or says what cannot be: nothing, or more."""
    path = ("dispute_outcome", "amount_refunded")
    if documents.find(dispute, *path) is None or documents.find(dispute, *path, "currency_code") != disputed.currency:
        return None
    try:
        found = witness.decimal_amount(documents.find(dispute, *path, "value"), disputed.currency, None)
    except documents.Contradiction:
        return None
    return found if found.minor <= disputed.minor else None


def _moved(dispute: Any, kind: str) -> int:
    """How often the disputed amount was taken from the seller (DEBIT), or given back (CREDIT)."""
    moved = documents.find(dispute, "money_movements")
    mine = {"affected_party": "SELLER", "reason": _OF_THE_AMOUNT, "type": kind}
    return sum(all(documents.find(each, name) == value for name, value in mine.items()) for each in moved) if isinstance(moved, list) else 0
