"""API keys: the `api_keys` table as it is stored. How a key is shown is in `api_key_view`, which the authorizer does not load."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex.records.effective import NOTICE_SECONDS
from paycorex.records.stamps import StampedItem


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
    # When its end was decided upon after it was made: by a rotation, or by being revoked.
    ended_at = NumberAttribute(null=True)
    last_used_at = NumberAttribute(null=True)
    version = NumberAttribute()
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)


def accepted_until(item: ApiKeyItem) -> int | None:
    """Until when a part of the platform may accept the key, at the latest, in milliseconds; None for a key without an end."""
    known_everywhere = None if item.ended_at is None else int(item.ended_at) + NOTICE_SECONDS * 1000
    ends = None if item.expires_at is None or item.status != "active" else int(item.expires_at)
    moments = [moment for moment in (known_everywhere, ends) if moment is not None]
    return max(moments, default=None)
