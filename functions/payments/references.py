"""By which names of a provider a payment is found: table `provider_references`, one row for each reference that a payment carries.

A row is written in the transaction that brings the reference onto the payment and is never changed, so a callback, a bank statement or a
search that knows the provider's name alone leads to the payment. A wallet payment has no provider, and so no rows.
"""

from typing import Final
from urllib.parse import parse_qs, urlsplit

from pynamodb.attributes import UnicodeAttribute

from paycorex import storage
from paycorex.records.payment import PaymentItem

# How many payments one reference may lead to. A provider gives each of its objects a name of its own; a forged flood is cut here.
MAX_PAYMENTS: Final = 20

# A reference and the connector that gave it.
Named = tuple[str, str]


class ReferenceItem(storage.Item):
    """One reference of one payment."""

    class Meta:
        """Which table."""

        table_name = "provider_references"

    # <merchant_id>#<reference>
    merchant_reference = UnicodeAttribute(hash_key=True)
    payment_id = UnicodeAttribute(range_key=True)
    connector = UnicodeAttribute()


def rows(before: PaymentItem | None, after: PaymentItem) -> list[storage.Write]:
    """The rows of what this version of the payment carries and the one before did not (None: its first version)."""
    known = frozenset() if before is None else of(before)
    return [row(after, reference, connector) for reference, connector in sorted(of(after) - known)]


def row(payment: PaymentItem, reference: str, connector: str) -> storage.Write:
    """A row by which a reference leads to the payment; written again it changes nothing."""
    key = f"{payment.merchant_id}#{reference}"
    return storage.put(ReferenceItem(merchant_reference=key, payment_id=payment.payment_id, connector=connector))


def of(payment: PaymentItem) -> frozenset[Named]:
    """Every reference on the payment: its own, those of its attempts and of late money, and the `tr` of the link that a payer follows."""
    found = {(payment.provider_reference, payment.provider)}
    found |= {(attempt["provider_reference"], attempt["connector"]) for attempt in payment.attempts or ()}
    found |= {(money["provider_reference"], money["connector"]) for money in payment.late_money or ()}
    found |= {(tr, payment.provider) for tr in _shown_to_payer(payment)}
    return frozenset((reference, connector or "") for reference, connector in found if reference)


def find(merchant_id: str, reference: str, *, connector: str | None = None) -> list[str]:
    """Ids of the merchant's payments that carry a reference, of that connector when one is named. Raises storage.Unavailable."""
    condition = ReferenceItem.merchant_reference == f"{merchant_id}#{reference}"
    items = storage.query(ReferenceItem, condition, limit=MAX_PAYMENTS, consistent=True).items
    return [item.payment_id for item in items if connector in {None, item.connector}]


def _shown_to_payer(payment: PaymentItem) -> list[str]:
    link = (payment.next_action or {}).get("upi_url") if payment.method == "upi_intent" else None
    return parse_qs(urlsplit(link).query).get("tr", [])[:1] if isinstance(link, str) else []
