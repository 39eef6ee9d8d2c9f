"""Rotation: a new key version for writes at once, then a job that re-seals the rest while everything goes on.

The job may be killed between any two statements and started again: where it was is stored, what it did is seen on each token, and each
change demands that the token still holds what was read. So it neither revives a deleted token nor undoes a newer value.
"""

from collections.abc import Callable
from typing import Final

from paycorex import clock, redaction, storage
from paycorex.records.token import TokenItem
from tokens import key_store, keys, store, vault
from tokens.failures import TokenUnusable, VaultShredded
from tokens.items import ProgressItem

DEFAULT_ITEMS_PER_SECOND: Final = 50.0
_PAGE_ITEMS: Final = 25

Report = Callable[[ProgressItem], None]


def rotate(merchant_id: str | None, *, items_per_second: float, report: Report) -> ProgressItem:
    """Give one merchant (None: all) a new version and re-seal its tokens under it; goes on with a job that was interrupted.

    items_per_second: how many tokens are re-sealed at most. report is told after every page. Raises VaultShredded, storage.Unavailable,
    TemporarilyUnavailable: start it again then.
    """
    progress = _begin(merchant_id, turned=False)
    if not progress.turned:
        _turn(merchant_id)
        progress.turned = True
        key_store.save_progress(progress)
    return _reseal_all(merchant_id, progress, items_per_second, report)


def reseal(merchant_id: str | None, *, items_per_second: float, report: Report) -> ProgressItem:
    """The job alone, without a new version: for what was written under an older one while it ran."""
    return _reseal_all(merchant_id, _begin(merchant_id, turned=True), items_per_second, report)


def _begin(merchant_id: str | None, *, turned: bool) -> ProgressItem:
    job = f"job#reseal#{merchant_id or 'all'}"
    found = key_store.find_progress(job)
    if found is not None:
        return found
    made = ProgressItem(key_scope=job, version=key_store.RING, started_at=clock.now_ms(), turned=turned)
    key_store.save_progress(made)
    return made


def _turn(merchant_id: str | None) -> None:
    if merchant_id is not None:
        keys.rotate(merchant_id)
        return
    for ring in key_store.rings():
        if ring.status != key_store.SHREDDED:
            keys.rotate(ring.merchant_id)


def _reseal_all(merchant_id: str | None, progress: ProgressItem, items_per_second: float, report: Report) -> ProgressItem:
    while True:
        items, position = store.scan(progress.position, _PAGE_ITEMS)
        _reseal_page([item for item in items if merchant_id in {None, item.merchant_id}], progress, 1 / items_per_second)
        progress.position = position
        if position is None:
            key_store.forget_progress(progress.key_scope)
            report(progress)
            return progress
        key_store.save_progress(progress)
        report(progress)


def _reseal_page(items: list[TokenItem], progress: ProgressItem, pause_seconds: float) -> None:
    current: dict[str, keys.VaultKey | None] = {}
    for item in items:
        progress.seen = int(progress.seen) + 1
        if item.merchant_id not in current:
            current[item.merchant_id] = _current_key(item.merchant_id)
        key = current[item.merchant_id]
        if key is None or vault.key_version(item) in {None, key.version}:
            continue
        try:
            sealed = vault.seal(item.merchant_id, item.token_id, vault.open_sealed(item), key)
            store.reseal(item, sealed)
        except TokenUnusable as unusable:
            progress.broken = int(progress.broken) + 1
            facts = {"merchant_id": item.merchant_id, "token_id": item.token_id}
            redaction.logger("vault").error(unusable.reason, extra=facts)
        except storage.ConditionRefused:
            continue  # Deleted or written anew since it was read: nothing is left to do here.
        else:
            progress.resealed = int(progress.resealed) + 1
            clock.sleep(pause_seconds)


def _current_key(merchant_id: str) -> keys.VaultKey | None:
    try:
        return keys.current(merchant_id)
    except VaultShredded:
        return None
