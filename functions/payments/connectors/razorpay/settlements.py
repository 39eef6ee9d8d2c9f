"""Razorpay's settlements and their recon (https://razorpay.com/docs/api/settlements/fetch-recon), read. Its `fee` includes its `tax`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from payments.connectors import documents
from payments.connectors.settling import LineKind, PayoutStatus, ProviderFee, ProviderPayout, ReportLine

# Settlements say no currency: they are made in the account's, which is this one unless a settlement says otherwise.
CURRENCY: Final = "INR"
_STATUSES: Final[Mapping[str, PayoutStatus]] = MappingProxyType(
    {"created": PayoutStatus.PENDING, "processed": PayoutStatus.PAID, "failed": PayoutStatus.FAILED}
)
_KINDS: Final[Mapping[str, LineKind]] = MappingProxyType(
    {
        "payment": LineKind.PAYMENT,
        "refund": LineKind.REFUND,
        # To a linked account (Route), and back.
        "transfer": LineKind.ADJUSTMENT,
        "reversal": LineKind.ADJUSTMENT,
        "adjustment": LineKind.ADJUSTMENT,
    }
)


def payout(found: Any) -> ProviderPayout:
    """A settlement. Raises Malformed, Contradiction."""
    reference, currency = documents.reference(found, "id"), documents.text_or(found, CURRENCY, "currency")
    status = _STATUSES.get(documents.text(found, "status"))
    created_at = documents.moment_ms(found, "created_at")
    if status is None or created_at is None:
        raise documents.Malformed("no settlement")
    amount = documents.signed(documents.whole(found, "amount"), currency, reference)
    bank_reference = documents.name_or_none(found, "utr")
    return ProviderPayout(reference, amount, currency, status, created_at, bank_reference=bank_reference)


def line(found: Any) -> ReportLine:
    """A line of the recon. Raises Malformed, Contradiction: its numbers do not add up."""
    reference, word = documents.reference(found, "entity_id"), documents.code_or(found, "", "type")
    currency = documents.text(found, "currency")
    gross, fee, tax = _amounts(found, currency, reference)
    kind = _KINDS.get(word, LineKind.UNKNOWN)
    if kind is LineKind.ADJUSTMENT and documents.find(found, "dispute_id"):
        kind = LineKind.DISPUTE if gross < 0 else LineKind.DISPUTE_WON
    is_payment = kind is LineKind.PAYMENT
    notes = documents.find(found, "notes")
    return ReportLine(
        line_reference=reference,
        kind=kind,
        kind_name=word,
        gross=gross,
        fee=fee,
        tax=tax,
        currency=currency,
        charge_reference=reference if is_payment else documents.name_or_none(found, "payment_id"),
        object_reference=documents.name_or_none(found, "dispute_id") or (None if is_payment else reference),
        our_reference=documents.name_or_none(notes, "payment_id" if is_payment else "refund_id"),
        occurred_at=documents.moment_ms(found, "created_at"),
        settlement_reference=documents.name_or_none(found, "settlement_id"),
        bank_reference=documents.name_or_none(found, "settlement_utr"),
    )


def _amounts(found: Any, currency: str, reference: str) -> tuple[int, int, int]:
    """Gross, signed; fee without tax; tax. A fee paid by credits is not taken out of the money. Raises Malformed, Contradiction."""
    amount, debit, credit, fee, tax = (
        documents.signed(documents.whole(found, name), currency, reference) for name in ("amount", "debit", "credit", "fee", "tax")
    )
    gross = -amount if debit else amount
    kept = gross - (credit - debit)
    if min(amount, debit, credit) < 0 or (debit and credit) or kept not in {0, fee}:
        raise documents.Contradiction("unreadable_amount", f"{amount} with {fee} is not {credit} less {debit}", reference)
    return (gross, fee - tax, tax) if kept else (gross, 0, 0)


def fee(payment: Any, charge_reference: str) -> ProviderFee | None:
    """What is kept of a payment; None before it is captured. Raises Malformed, Contradiction."""
    if documents.find(payment, "captured") is not True or documents.find(payment, "fee") is None:
        return None
    # Fees are in the account's currency; of a payment in another one the base amount is in it too.
    currency = documents.text_or(payment, documents.text(payment, "currency"), "base_currency")
    whole = documents.signed(documents.whole(payment, "fee"), currency, charge_reference)
    tax = 0 if documents.find(payment, "tax") is None else documents.signed(documents.whole(payment, "tax"), currency, charge_reference)
    return ProviderFee(charge_reference, whole - tax, tax, currency)
