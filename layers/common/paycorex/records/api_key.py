"""API keys: the `api_keys` table as it is stored, and a key as it is shown (everything but the key)."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock
from paycorex.contract import View
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


class ApiKeyView(View):
    """The contract's API key object.

    accepted_until: from then on every part of the platform refuses it. For an end that was decided upon after the key was made, that is
    some time after `expires_at` or the revocation. Null for a key without an end.
    """

    key_id: str
    prefix: str
    scopes: list[str]
    status: str
    created_at: str
    expires_at: str | None
    accepted_until: str | None
    last_used_at: str | None


def view(item: ApiKeyItem) -> ApiKeyView:
    """The contract object of a stored key."""
    return ApiKeyView(
        key_id=item.key_id,
        prefix=item.prefix,
        scopes=list(item.scopes),
        status=_status(item),
        created_at=clock.rfc3339(int(item.created_at)),
        expires_at=_time(item.expires_at),
        accepted_until=_time(accepted_until(item)),
        last_used_at=_time(item.last_used_at),
    )


def accepted_until(item: ApiKeyItem) -> int | None:
    """Until when a part of the platform may accept the key, at the latest, in milliseconds; None for a key without an end."""
    known_everywhere = None if item.ended_at is None else int(item.ended_at) + NOTICE_SECONDS * 1000
    ends = None if item.expires_at is None or item.status != "active" else int(item.expires_at)
    moments = [moment for moment in (known_everywhere, ends) if moment is not None]
    return max(moments, default=None)


def _status(item: ApiKeyItem) -> str:
    if item.status == "active" and item.expires_at is not None and int(item.expires_at) <= clock.now_ms():
        return "expired"
    return str(item.status)


def _time(moment_ms: float | None) -> str | None:
    return None if moment_ms is None else clock.rfc3339(int(moment_ms))
