"""What the reconciliation stated of one clearing account at the end of a day: the document whose digest a ledger entry carries."""

import hashlib
import json
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.ledger import Account, Reference, ReferenceType
from paycorex.storage import Item

FORMAT: Final = "paycorex-reconciliation-day-1"
# Of a network's account: with what of its balance the chain shows.
FORMAT_HELD: Final = "paycorex-reconciliation-day-2"
# Of the packed document, in one item.
PART_BYTES: Final = 300_000


class ReconciliationDay(Item):
    """A part of a day's document; the first one knows the entry that seals it."""

    class Meta:
        """Which table."""

        table_name = "reconciliation_days"

    # `<merchant>#<source>#<currency>`
    account = UnicodeAttribute(hash_key=True)
    # `2026-11-27#000`, and further parts
    position = UnicodeAttribute(range_key=True)
    merchant_id = UnicodeAttribute()
    source = UnicodeAttribute()
    currency = UnicodeAttribute()
    # A part of the zlib-compressed document.
    packed = BinaryAttribute(legacy_encoding=False)
    parts = NumberAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    # [[entity, entity id, lane, sequence number]] of its entry.
    entries = JSONAttribute(null=True)
    created_at = NumberAttribute()


def encoded(document: dict[str, Any]) -> bytes:
    """The bytes that the digest is of: JSON with sorted keys and no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(document: dict[str, Any]) -> str:
    """SHA-256 of the document, in hexadecimal digits."""
    return hashlib.sha256(encoded(document)).hexdigest()


def day_reference(merchant_id: str, source: str, currency: str, day: str) -> Reference:
    """The reference of the one entry that states a day of an account."""
    return Reference(ReferenceType.RECONCILIATION, f"{merchant_id}.{source}.{currency}.{day}")


def account_of(merchant_id: str, source: str, currency: str) -> Account:
    """The chain that the statements of an account are in."""
    return Account.reconciliation(merchant_id, source, currency)
