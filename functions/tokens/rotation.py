"""Rotation: new writes use a new key version at once; then a job re-seals the rest while the service runs.

The job may be killed between any two statements and started again: its position is stored, its work is visible on each token, and each
change demands that the token still holds what was read. So it neither revives a deleted token nor undoes a newer value.
"""

from collections.abc import Callable
from typing import Final

from paycorex import clock, redaction, storage
from paycorex.records.token import TokenItem
from paycorex.set_aside import SHARED_TROUBLE
from tokens import key_store, keys, store, vault
from tokens.failures import TokenUnusable, VaultShredded
from tokens.items import KeyItem, ProgressItem

DEFAULT_ITEMS_PER_SECOND: Final = 50.0
_PAGE_ITEMS: Final = 25

Report = Callable[[ProgressItem], None]

_log: Final = redaction.logger("vault")


def rotate(merchant_id: str | None, *, items_per_second: float, report: Report) -> ProgressItem:
    """Give one merchant (None: all) a new version and re-seal its tokens under it; goes on with a job that was interrupted.

    items_per_second: how many tokens are re-sealed at most. report is called after every page. Raises VaultShredded, storage.Unavailable,
    TemporarilyUnavailable: start it again then.
    """
    progress = _begin(merchant_id, turned=False)
    if not progress.turned:
        progress.broken = int(progress.broken) + _turn(merchant_id)
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


def _turn(merchant_id: str | None) -> int:
    """New versions; how many merchants could not be given one. Of one alone it raises why."""
    if merchant_id is not None:
        keys.rotate(merchant_id)
        return 0
    rings, unreadable = key_store.rings()
    for scope in unreadable:
        _log.error("ring is not readable", extra={"scope": scope})
    return len(unreadable) + sum(not _is_turned(ring) for ring in rings if ring.status != key_store.SHREDDED)


def _is_turned(ring: KeyItem) -> bool:
    try:
        keys.rotate(ring.merchant_id)
    except SHARED_TROUBLE:
        raise
    except VaultShredded:
        return True
    except Exception as error:  # noqa: BLE001 - one merchant's keys must not keep the others from theirs
        _log.error("not rotated", extra={"merchant_id": ring.merchant_id, "exception": type(error).__name__})
        return False
    return True


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


def _reseal_page(items: list[TokenItem | store.Unreadable], progress: ProgressItem, pause_seconds: float) -> None:
    current: dict[str, keys.VaultKey | None] = {}
    for item in items:
        progress.seen = int(progress.seen) + 1
        try:
            if not _is_resealed(item, current):
                continue
        except SHARED_TROUBLE:
            raise
        except storage.ConditionRefused:
            continue  # Deleted or written anew since it was read: nothing is left to do here.
        except Exception as error:  # noqa: BLE001 - one token must not keep the others from their new key
            progress.broken = int(progress.broken) + 1
            reason = error.reason if isinstance(error, TokenUnusable) else "not re-sealed"
            _log.error(reason, extra={"merchant_id": item.merchant_id, "token_id": item.token_id, "exception": type(error).__name__})
        else:
            progress.resealed = int(progress.resealed) + 1
            clock.sleep(pause_seconds)


def _is_resealed(item: TokenItem | store.Unreadable, current: dict[str, keys.VaultKey | None]) -> bool:
    """Re-seal a token; False when it is under the newest key already. Raises whatever keeps it from that."""
    if isinstance(item, store.Unreadable):
        raise TypeError("a token that cannot be read")
    if item.merchant_id not in current:
        current[item.merchant_id] = _current_key(item.merchant_id)
    key = current[item.merchant_id]
    if key is None or vault.key_version(item) in {None, key.version}:
        return False
    store.reseal(item, vault.seal(item.merchant_id, item.token_id, vault.open_sealed(item), key))
    return True


def _current_key(merchant_id: str) -> keys.VaultKey | None:
    try:
        return keys.current(merchant_id)
    except VaultShredded:
        return None
