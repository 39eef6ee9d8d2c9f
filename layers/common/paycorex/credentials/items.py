"""The `merchants` and `api_keys` tables as they are stored."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.records.stamps import StampedItem
from paycorex.storage import Item


class MerchantItem(Item):
    """A merchant's account and settings. Times are milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "merchants"

    merchant_id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = NumberAttribute()
    version = NumberAttribute()
    # 128 random bits in hex: makes list cursors tamper-evident. Opens nothing by itself.
    cursor_key = UnicodeAttribute()
    signature_policy = UnicodeAttribute(default="any")
    ledger_lanes = NumberAttribute(default=1)
    # The most lanes ever used: older entries stay where they are, so reads go over all of them.
    ledger_lanes_ever = NumberAttribute(default=1)
    # Everything else that PATCH /v1/merchants/me sets, as JSON.
    profile = JSONAttribute(default=dict)
    request_hash = UnicodeAttribute(null=True)


class ApiKeyItem(StampedItem):
    """One API key. Found by the SHA-256 of the key (which has 160 random bits, so a plain hash cannot be searched)."""

    class Meta:
        """Which table."""

        table_name = "api_keys"

    key_hash = UnicodeAttribute(hash_key=True)
    key_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    prefix = UnicodeAttribute()
    sealed_secret = UnicodeAttribute()
    scopes = JSONAttribute()
    status = UnicodeAttribute()
    created_at = NumberAttribute()
    expires_at = NumberAttribute(null=True)
    last_used_at = NumberAttribute(null=True)
    version = NumberAttribute()
