"""An entry of a merchant's blocklist: stored shape and contract object. What says who a person is, is kept as a keyed hash only."""

from typing import Final, Literal, get_args

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.storage import Item

Kind = Literal["ip", "card", "customer", "email"]
# A keyed hash already, which does not say who a person is.
READABLE: Final = frozenset({"card"})
# What was removed is kept for so long, for a repeated request and the audit log.
KEPT_SECONDS: Final = 7 * 24 * 3600


class BlocklistItem(Item):
    """An entry as it is stored. Times are milliseconds since the epoch, but for `expires_at`, which is seconds (DynamoDB's TTL)."""

    class Meta:
        """Which table."""

        table_name = "blocklist"

    merchant_id = UnicodeAttribute(hash_key=True)
    # Follows from merchant, kind and hashed value: the same value has one entry.
    entry_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    # Of kinds that say nothing of a person.
    value = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    ends_at = NumberAttribute(null=True)
    removed_at = NumberAttribute(null=True)
    created_at = NumberAttribute()
    expires_at = NumberAttribute(null=True)

    @property
    def acts(self) -> bool:
        """Whether it refuses payments now; DynamoDB may be late to delete what ended."""
        return self.removed_at is None and (self.ends_at is None or int(self.ends_at) > clock.now_ms())


class BlocklistView(View):
    """The contract's blocklist entry. `value` is null where it would say who a person is: ask the list with `kind` and `value`."""

    entry_id: str
    merchant_id: str
    mode: Mode
    kind: Kind
    value: str | None
    reason: str | None
    created_at: str
    expires_at: str | None
    removed_at: str | None


def view(item: BlocklistItem) -> BlocklistView:
    """The contract object of a stored entry."""
    kind = next(each for each in get_args(Kind) if each == item.kind)
    return BlocklistView(
        entry_id=item.entry_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        kind=kind,
        value=item.value,
        reason=item.reason,
        created_at=clock.rfc3339(int(item.created_at)),
        expires_at=None if item.ends_at is None else clock.rfc3339(int(item.ends_at)),
        removed_at=None if item.removed_at is None else clock.rfc3339(int(item.removed_at)),
    )
