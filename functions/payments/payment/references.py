"""By which names of a provider a payment is found: table `provider_references`, one row for each reference that a payment carries.

A row is written in the transaction that brings the reference onto the payment and is never changed, so a callback, a bank statement or a
search that knows the provider's name alone leads to the payment. A wallet payment has no provider, and so no rows.
"""

import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from pynamodb.attributes import UnicodeAttribute

from paycorex import storage
from paycorex.records.payment import PaymentItem

# How many payments one reference may lead to. A provider gives each of its objects a name of its own; a forged flood is cut here.
MAX_PAYMENTS: Final = 20

# An address or a transaction of a chain: hexadecimal digits, whose case means nothing.
_ON_CHAIN: Final = re.compile(r"0[xX][0-9a-fA-F]+")

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
    """Every reference on the payment: its own, those of its attempts and of late money, the `tr` of the link that a payer follows, and on
    a chain its address and every transaction that paid to it.
    """
    found = {(payment.provider_reference, payment.provider)}
    found |= {(attempt["provider_reference"], attempt["connector"]) for attempt in payment.attempts or ()}
    found |= {(money["provider_reference"], money["connector"]) for money in payment.late_money or ()}
    found |= {(shown, payment.provider) for shown in (*_shown_to_payer(payment), *_on_chain(payment))}
    return frozenset((canonical(reference), connector or "") for reference, connector in found if reference)


def canonical(reference: str) -> str:
    """A reference as rows have it: what a chain writes in hexadecimal digits, in lower case."""
    return reference.lower() if _ON_CHAIN.fullmatch(reference) else reference


def find(merchant_id: str, reference: str, *, connector: str | None = None) -> list[str]:
    """Ids of the merchant's payments that carry a reference, of that connector when one is named. Raises storage.Unavailable."""
    condition = ReferenceItem.merchant_reference == f"{merchant_id}#{canonical(reference)}"
    items = storage.query(ReferenceItem, condition, limit=MAX_PAYMENTS, consistent=True).items
    return [item.payment_id for item in items if connector in {None, item.connector}]


def _shown_to_payer(payment: PaymentItem) -> list[str]:
    link = (payment.next_action or {}).get("upi_url") if payment.method == "upi_intent" else None
    return parse_qs(urlsplit(link).query).get("tr", [])[:1] if isinstance(link, str) else []


def _on_chain(payment: PaymentItem) -> list[str]:
    """The deposit address and the transactions to it, as `crypto.state` stores them."""
    state: dict[str, Any] = dict(payment.method_state or {}) if payment.method == "crypto" else {}
    return [state.get("address", ""), *(key.partition(":")[0] for key in state.get("transfers", ()))]
