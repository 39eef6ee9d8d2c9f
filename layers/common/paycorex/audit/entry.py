"""An entry of the audit log as it is stored, and its hash."""

import hashlib
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex.storage import Item

DONE: Final = "done"
# It was begun, and whether it was carried out is not known: the process ended between.
UNKNOWN: Final = "unknown"
GENESIS: Final = "0" * 64
# Of before, after and asked together; what is longer is there as its digest.
MAX_JSON_CHARACTERS: Final = 16_384
_NUMBERS: Final = frozenset({"seq", "at"})


class AuditItem(Item):
    """One change. Appended under the next number of the merchant's chain and never changed. JSON is kept as text: it is what was hashed."""

    class Meta:
        """Which table."""

        table_name = "audit"

    merchant_id = UnicodeAttribute(hash_key=True)
    seq = NumberAttribute(range_key=True)
    audit_id = UnicodeAttribute()
    at = NumberAttribute()
    actor = UnicodeAttribute()
    actor_name = UnicodeAttribute()
    operation = UnicodeAttribute()
    method = UnicodeAttribute()
    path = UnicodeAttribute()
    object_id = UnicodeAttribute()
    asked = UnicodeAttribute()
    before = UnicodeAttribute()
    after = UnicodeAttribute()
    outcome = UnicodeAttribute()
    source_ip = UnicodeAttribute()
    agent = UnicodeAttribute()
    session_id = UnicodeAttribute()
    request_id = UnicodeAttribute()
    prev_hash = UnicodeAttribute()
    hash = UnicodeAttribute()


HASHED: Final = tuple(sorted(set(AuditItem.get_attributes()) - {"hash"}))


def hash_of(item: AuditItem) -> str:
    """SHA-256 over every field but the hash: names in their order, each name and text behind its length (4 bytes, big-endian)."""
    digest = hashlib.sha256(b"paycorex-audit-1\0")
    for name in HASHED:
        value = getattr(item, name)
        for text in (name, str(int(value)) if name in _NUMBERS else str(value)):
            raw = text.encode()
            digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()
