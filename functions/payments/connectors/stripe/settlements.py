"""Stripe's payouts, balance transactions and fees, read (https://docs.stripe.com/api/payouts, https://docs.stripe.com/api/balance_transactions)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.settling import LineKind, PayoutStatus, ProviderFee, ProviderPayout, ReportLine
from payments.connectors.stripe import amounts

# https://docs.stripe.com/api/payouts/object#payout_object-status; what is in transit has left Stripe.
_STATUSES: Final[Mapping[str, PayoutStatus]] = MappingProxyType(
    {
        "pending": PayoutStatus.PENDING,
        "in_transit": PayoutStatus.PAID,
        "paid": PayoutStatus.PAID,
        "failed": PayoutStatus.FAILED,
        "canceled": PayoutStatus.CANCELED,
    }
)
# By `reporting_category` (https://docs.stripe.com/reports/reporting-categories), which stays when types are added. What is not here is
# unknown: what a new category means for the books is not guessed.
_KINDS: Final[Mapping[str, LineKind]] = MappingProxyType(
    {
        "charge": LineKind.PAYMENT,
        "refund": LineKind.REFUND,
        "refund_failure": LineKind.REFUND_FAILURE,
        "dispute": LineKind.DISPUTE,
        "dispute_reversal": LineKind.DISPUTE_WON,
        "fee": LineKind.FEE,
        "network_cost": LineKind.FEE,
        "tax": LineKind.FEE,
        "charge_failure": LineKind.ADJUSTMENT,
        "partial_capture_reversal": LineKind.ADJUSTMENT,
        "other_adjustment": LineKind.ADJUSTMENT,
        "payout_reversal": LineKind.PAYOUT_RETURN,
        "topup": LineKind.ADJUSTMENT,
        "topup_reversal": LineKind.ADJUSTMENT,
        "transfer": LineKind.ADJUSTMENT,
        "transfer_reversal": LineKind.ADJUSTMENT,
        "risk_reserved_funds": LineKind.RESERVE,
        "payout_minimum_balance_hold": LineKind.RESERVE,
        "payout_minimum_balance_release": LineKind.RESERVE,
        "payout": LineKind.PAYOUT,
    }
)
_OWN_IDS: Final = ("refund_id", "payment_id")


def payout(found: Any) -> ProviderPayout:
    """A payout. Raises Malformed, Contradiction."""
    reference, currency = documents.reference(found, "id"), amounts.currency_of(found)
    status = _STATUSES.get(documents.text(found, "status"))
    created_at = documents.moment_ms(found, "created")
    if status is None or created_at is None:
        raise documents.Malformed("no payout")
    return ProviderPayout(
        reference=reference,
        amount=documents.signed(amounts.minor(found, currency, "amount"), currency, reference),
        currency=currency,
        status=status,
        created_at=created_at,
        arrival_at=documents.moment_ms(found, "arrival_date"),
        bank_reference=documents.name_or_none(found, "trace_id", "value"),
    )


def line(found: Any, in_payout: ProviderPayout) -> ReportLine:
    """A balance transaction of a payout, its source expanded. Raises Malformed, Contradiction: its numbers do not add up."""
    reference, currency = documents.reference(found, "id"), amounts.currency_of(found)
    word = documents.code_or(found, documents.code_or(found, "", "type"), "reporting_category")
    kind = _KINDS.get(word, LineKind.UNKNOWN)
    gross, fee, tax = _amounts(found, currency, reference)
    if kind is LineKind.FEE:
        # All of such a line is a fee: what Stripe writes as a negative amount.
        gross, fee, tax = (0, fee, tax - gross) if word == "tax" else (0, fee - gross, tax)
    source = documents.find(found, "source")
    return ReportLine(
        line_reference=reference,
        kind=kind,
        kind_name=word,
        gross=gross,
        fee=fee,
        tax=tax,
        currency=currency,
        charge_reference=_charge_of(source),
        object_reference=source if isinstance(source, str) else documents.name_or_none(source, "id"),
        our_reference=next(filter(None, (documents.name_or_none(source, "metadata", name) for name in _OWN_IDS)), None),
        occurred_at=documents.moment_ms(found, "created"),
        settlement_reference=in_payout.reference,
        bank_reference=in_payout.bank_reference,
    )


def _amounts(found: Any, currency: str, reference: str) -> tuple[int, int, int]:
    """Gross, fee without tax, tax. Raises Malformed, Contradiction."""
    gross, whole_fee, net = (
        documents.signed(amounts.minor(found, currency, name), currency, reference) for name in ("amount", "fee", "net")
    )
    if gross - whole_fee != net:
        raise documents.Contradiction("unreadable_amount", f"{gross} less {whole_fee} is not {net}", reference)
    tax = _tax(found, currency, reference)
    return gross, whole_fee - tax, tax


def _tax(found: Any, currency: str, reference: str) -> int:
    """What of a fee is tax, by `fee_details`. Raises Malformed, Contradiction."""
    parts = documents.objects(found, "fee_details")
    taxes = (amounts.minor(part, currency, "amount") for part in parts if documents.find(part, "type") == "tax")
    return documents.signed(sum(taxes), currency, reference)


def _charge_of(source: Any) -> str | None:
    """The intent of a charge, refund or dispute; of what has none, its charge."""
    if not isinstance(source, dict):
        return None
    own = documents.name_or_none(source, "id") if documents.find(source, "object") == "charge" else None
    return documents.name_or_none(source, "payment_intent") or documents.name_or_none(source, "charge") or own


def fee(transaction: Any, charge_reference: str) -> ProviderFee:
    """What was kept of a charge, by its balance transaction. Raises Malformed, Contradiction."""
    currency = amounts.currency_of(transaction)
    _gross, kept, tax = _amounts(transaction, currency, charge_reference)
    return ProviderFee(charge_reference, kept, tax, currency)
