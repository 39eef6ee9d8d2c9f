"""The blocklist: who pays nothing here, until when and why."""

from collections.abc import Mapping

from paycorex import clock, ids, storage
from paycorex.errors import InvalidRequest, NotFound
from paycorex.idempotency import Claim
from paycorex.records.blocklist_entry import KEPT_SECONDS, READABLE, BlocklistItem
from payments.risk import store, subjects


def entry_id_of(merchant_id: str, kind: str, stored: str) -> str:
    """The id of the entry of a value, as `subjects` has it."""
    return ids.derive("blk", merchant_id, kind, stored)


def block(merchant_id: str, kind: str, value: str, *, reason: str | None, ends_ms: int | None, claim: Claim) -> BlocklistItem:
    """Block a value, or change why and until when. Raises InvalidRequest, storage.TransactionRefused when the claim is taken."""
    now = clock.now_ms()
    if ends_ms is not None and ends_ms <= now:
        raise InvalidRequest("expires_at lies ahead.", details={"field": "expires_at"})
    stored = subjects.stored(merchant_id, kind, value)
    item = BlocklistItem(
        merchant_id=merchant_id,
        entry_id=entry_id_of(merchant_id, kind, stored),
        kind=kind,
        value=stored if kind in READABLE else None,
        reason=reason,
        ends_at=ends_ms,
        created_at=now,
        expires_at=None if ends_ms is None else ends_ms // 1000 + KEPT_SECONDS,
    )
    storage.transact([store.put(item), *claim.rows(reference=item.entry_id)])
    return item


def unblock(merchant_id: str, entry_id: str, *, claim: Claim) -> BlocklistItem:
    """Remove an entry. Raises NotFound, storage.TransactionRefused when the claim is taken."""
    item = find(merchant_id, entry_id)
    if item.removed_at is not None:
        raise NotFound("blocklist entry")
    item.removed_at = clock.now_ms()
    item.expires_at = int(clock.now_seconds()) + KEPT_SECONDS
    storage.transact([store.put(item), *claim.rows(reference=entry_id, status=200)])
    return item


def find(merchant_id: str, entry_id: str) -> BlocklistItem:
    """An entry of this merchant; for a while a removed one too. Raises NotFound."""
    item = store.find(merchant_id, entry_id)
    if item is None:
        raise NotFound("blocklist entry")
    return item


def with_value(merchant_id: str, kind: str, value: str) -> list[BlocklistItem]:
    """The entry that blocks a value, if there is one. Raises InvalidRequest."""
    item = store.find(merchant_id, entry_id_of(merchant_id, kind, subjects.stored(merchant_id, kind, value)))
    return [] if item is None or not item.acts else [item]


def hit(merchant_id: str, values: Mapping[str, str]) -> BlocklistItem | None:
    """The first entry that blocks one of a payment's values, as `subjects.of` has them. One call. Raises storage.Unavailable."""
    if not values:
        return None
    found = store.find_many(merchant_id, [entry_id_of(merchant_id, kind, value) for kind, value in values.items()])
    return next((item for item in sorted(found, key=lambda each: str(each.entry_id)) if item.acts), None)
