"""What a provider last said of credentials: a row of `circuit_breakers`, beside how the calls go. It is forgotten after 90 days."""

from typing import Final

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from paycorex import storage

KEPT_SECONDS: Final = 90 * 24 * 3600
_MAX_REASON_CHARACTERS: Final = 500


class CheckItem(storage.Item):
    """The last answer. checked_at is milliseconds since the epoch, `expires_at` seconds (TTL). reason: why they were refused."""

    class Meta:
        """Which table."""

        table_name = "circuit_breakers"

    breaker_id = UnicodeAttribute(hash_key=True)
    accepted = BooleanAttribute()
    reason = UnicodeAttribute(null=True)
    checked_at = NumberAttribute()
    expires_at = NumberAttribute()


def noted(merchant_id: str, connector: str, reason: str | None, now: int) -> storage.Write:
    """The write of an answer of now (milliseconds since the epoch), for the transaction of the request that asked.

    reason: None where the credentials were accepted.
    """
    actions = [
        CheckItem.accepted.set(reason is None),
        CheckItem.checked_at.set(now),
        CheckItem.expires_at.set(now // 1000 + KEPT_SECONDS),
        CheckItem.reason.remove() if reason is None else CheckItem.reason.set(reason[:_MAX_REASON_CHARACTERS]),
    ]
    return storage.update(CheckItem, CheckItem.wire_key(_id(merchant_id, connector)), actions, None)


def last(merchant_id: str, connector: str, *, since_ms: int) -> CheckItem | None:
    """What was said since its settings were changed; None where nothing was. Raises storage.Unavailable."""
    item = storage.get(CheckItem, _id(merchant_id, connector), consistent=False)
    return None if item is None or int(item.checked_at) < since_ms else item


def _id(merchant_id: str, connector: str) -> str:
    return f"{merchant_id}#{connector}#check"
