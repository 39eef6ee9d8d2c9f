"""The `merchants` and `api_keys` tables, for writing. (Reading for authentication is `paycorex.credentials`.)"""

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from paycorex import storage
from paycorex.credentials import ApiKeyItem, MerchantItem

_BY_MERCHANT = "by_merchant"


def find_merchant(merchant_id: str) -> MerchantItem | None:
    """The merchant as it stands now."""
    return storage.get(MerchantItem, merchant_id)


def new_merchant(item: MerchantItem) -> storage.Write:
    """Store a merchant that is not there yet."""
    return storage.put(item, MerchantItem.merchant_id.does_not_exist())


def change_merchant(item: MerchantItem, actions: Sequence[Action]) -> storage.Write:
    """Change settings, unless somebody else did since `item` was read."""
    bumped = [*actions, MerchantItem.version.set(int(item.version) + 1)]
    return storage.update(MerchantItem, MerchantItem.wire_key(item.merchant_id), bumped, MerchantItem.version == int(item.version))


def keys_of(merchant_id: str) -> list[ApiKeyItem]:
    """All keys of a merchant, newest first. The index lags by moments; what decides is checked again in the transaction."""
    page = storage.query(ApiKeyItem, ApiKeyItem.merchant_id == merchant_id, index=_BY_MERCHANT, newest_first=True)
    fresh = (storage.get(ApiKeyItem, item.key_hash) for item in page.items)
    return [item for item in fresh if item is not None]


def new_key(item: ApiKeyItem) -> storage.Write:
    """Store a key that is not there yet."""
    return storage.put(item, ApiKeyItem.key_hash.does_not_exist())


def end_key(item: ApiKeyItem, expires_at: int) -> storage.Write:
    """Let an active key end."""
    actions = [ApiKeyItem.expires_at.set(expires_at), ApiKeyItem.version.set(int(item.version) + 1)]
    return _change_key(item, actions)


def revoke_key(item: ApiKeyItem) -> storage.Write:
    """Revoke a key."""
    actions = [ApiKeyItem.status.set("revoked"), ApiKeyItem.version.set(int(item.version) + 1)]
    return _change_key(item, actions)


def still_active(item: ApiKeyItem) -> storage.Write:
    """Demand that a key has not been changed since it was read."""
    return storage.check(ApiKeyItem, ApiKeyItem.wire_key(item.key_hash), ApiKeyItem.version == int(item.version))


def _change_key(item: ApiKeyItem, actions: Sequence[Action]) -> storage.Write:
    return storage.update(ApiKeyItem, ApiKeyItem.wire_key(item.key_hash), actions, ApiKeyItem.version == int(item.version))
