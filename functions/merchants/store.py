"""The `merchants`, `api_keys` and `routing_experiments` tables, for writing. (Reading for authentication is `paycorex.credentials`.)"""

from collections.abc import Sequence
from typing import Any

from pynamodb.expressions.update import Action

from paycorex import clock, storage
from paycorex.records.api_key import ApiKeyItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.order import merchant_lane
from paycorex.records.payment import PaymentItem
from paycorex.records.routing_experiment import ExperimentItem

_BY_MERCHANT = "by_merchant"
_BY_MERCHANT_LANE = "by_merchant_lane"


def newest_payments(merchant_id: str, lanes: int, limit: int) -> tuple[list[PaymentItem], bool]:
    """The newest payments of each lane, as many of each, at most `limit` together; and whether that is all of them.

    Only read here: the table is the payments' own.
    """
    pages = [
        storage.query(
            PaymentItem,
            PaymentItem.merchant_lane == merchant_lane(merchant_id, lane),
            index=_BY_MERCHANT_LANE,
            newest_first=True,
            limit=max(1, limit // lanes),
        )
        for lane in range(lanes)
    ]
    return [item for page in pages for item in page.items], all(page.next_start is None for page in pages)


def find_merchant(merchant_id: str) -> MerchantItem | None:
    """The merchant as it stands now."""
    return storage.get(MerchantItem, merchant_id)


def new_merchant(item: MerchantItem) -> storage.Write:
    """Store a new merchant."""
    return storage.put(item, MerchantItem.merchant_id.does_not_exist())


def change_merchant(item: MerchantItem, actions: Sequence[Action]) -> storage.Write:
    """Change settings, unless another request did since `item` was read."""
    bumped = [*actions, MerchantItem.version.set(int(item.version) + 1)]
    return storage.update(MerchantItem, MerchantItem.wire_key(item.merchant_id), bumped, MerchantItem.version == int(item.version))


def find_key(key_hash: str) -> ApiKeyItem | None:
    """A key as it stands now."""
    return storage.get(ApiKeyItem, key_hash)


def keys_page(merchant_id: str, limit: int, position: str | None) -> storage.Merged[ApiKeyItem]:
    """Some keys of a merchant, newest first; those that the index calls active are read again, because it lags by moments."""
    start = None if position is None else _start(merchant_id, position)
    page = storage.query(ApiKeyItem, ApiKeyItem.merchant_id == merchant_id, index=_BY_MERCHANT, newest_first=True, limit=limit, start=start)
    rows = [find_key(item.key_hash) or item if _may_have_changed(item) else item for item in page.items]
    more = None if page.next_start is None else f"{int(rows[-1].created_at)}#{rows[-1].key_hash}"
    return storage.Merged(rows, more)


def active_hashes(merchant_id: str) -> list[str]:
    """The hashes of the keys that the index calls active, from as many pages as there are."""
    found: list[str] = []
    start = None
    while True:
        page = storage.query(ApiKeyItem, ApiKeyItem.merchant_id == merchant_id, index=_BY_MERCHANT, newest_first=True, start=start)
        found += [item.key_hash for item in page.items if _may_have_changed(item)]
        start = page.next_start
        if start is None:
            return found


def _may_have_changed(item: ApiKeyItem) -> bool:
    return item.status == "active" and (item.expires_at is None or int(item.expires_at) > clock.now_ms())


def _start(merchant_id: str, position: str) -> dict[str, Any]:
    """Where the index goes on after a row."""
    created_at, _, key_hash = position.partition("#")
    return {**ApiKeyItem.wire_key(key_hash), "merchant_id": {"S": merchant_id}, "created_at": {"N": created_at}}


def new_key(item: ApiKeyItem) -> storage.Write:
    """Store a new key."""
    return storage.put(item, ApiKeyItem.key_hash.does_not_exist())


def end_key(item: ApiKeyItem, expires_at: int) -> storage.Write:
    """Let an active key end."""
    actions = [
        ApiKeyItem.expires_at.set(expires_at),
        ApiKeyItem.ended_at.set(clock.now_ms()),
        ApiKeyItem.version.set(int(item.version) + 1),
    ]
    return _change_key(item, actions)


def move_key_end(item: ApiKeyItem, expires_at: int, number: int) -> bool:
    """Let a key end earlier, by the test clock's n-th advance; False when it changed since it was read."""
    actions = [
        ApiKeyItem.expires_at.set(expires_at),
        ApiKeyItem.clock_moves.set(number),
        ApiKeyItem.version.set(int(item.version) + 1),
    ]
    try:
        storage.run(_change_key(item, actions))
    except storage.ConditionRefused:
        return False
    return True


def revoke_key(item: ApiKeyItem) -> storage.Write:
    """Revoke a key."""
    actions = [ApiKeyItem.status.set("revoked"), ApiKeyItem.ended_at.set(clock.now_ms()), ApiKeyItem.version.set(int(item.version) + 1)]
    return _change_key(item, actions)


def _change_key(item: ApiKeyItem, actions: Sequence[Action]) -> storage.Write:
    return storage.update(ApiKeyItem, ApiKeyItem.wire_key(item.key_hash), actions, ApiKeyItem.version == int(item.version))


def find_experiment(merchant_id: str, experiment_id: str) -> ExperimentItem | None:
    """An experiment as it stands now."""
    return storage.get(ExperimentItem, merchant_id, experiment_id)


def new_experiment(item: ExperimentItem) -> storage.Write:
    """Store a new experiment."""
    return storage.put(item, ExperimentItem.experiment_id.does_not_exist())


def end_experiment(item: ExperimentItem, now_ms: int) -> storage.Write:
    """Let a running experiment end."""
    key = ExperimentItem.wire_key(item.merchant_id, item.experiment_id)
    return storage.update(ExperimentItem, key, [ExperimentItem.ended_at.set(now_ms)], ExperimentItem.ended_at.does_not_exist())


def experiments_page(merchant_id: str, limit: int, position: str | None) -> tuple[list[ExperimentItem], str | None]:
    """Some of a merchant's experiments, newest first, and the position to go on after."""
    start = None if position is None else ExperimentItem.wire_key(merchant_id, position)
    condition = ExperimentItem.merchant_id == merchant_id
    page = storage.query(ExperimentItem, condition, newest_first=True, limit=limit, start=start, consistent=True)
    return page.items, None if page.next_start is None else str(page.items[-1].experiment_id)
