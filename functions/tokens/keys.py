"""A merchant's keys: the data keys that seal its instruments, by version, and the one that fingerprints them.

All come from KMS, are stored wrapped under a context that names merchant and purpose, and are unwrapped in memory for five minutes at
most. Which version new writes use is read on every write, so a rotation counts at once, in every process.
"""

import base64
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from paycorex import clock, sealing, storage
from paycorex.backoff import MAX_ROUNDS, back_off
from paycorex.caching import TimedCache
from paycorex.errors import TemporarilyUnavailable
from tokens import key_store
from tokens.failures import KeyGone, VaultShredded
from tokens.items import KeyItem

# A shredded or retired key is unreachable elsewhere after this, because an unwrapped key is only found through its wrapped form.
ROW_LIFETIME_SECONDS: Final = 60
MAX_ROWS: Final = 200
# Longer than any request lives: a write that began before a rotation has ended by then, so what a scan does not find is not coming.
RETIRABLE_AFTER_SECONDS: Final = 600
_FIRST: Final = 1

_wrapped: TimedCache[str] = TimedCache(lifetime_seconds=ROW_LIFETIME_SECONDS, max_entries=MAX_ROWS)


@dataclass(frozen=True, slots=True, repr=False)
class VaultKey:
    """A data key in the clear (no repr: it never reaches a log)."""

    version: int
    fernet_key: bytes


def context(merchant_id: str) -> sealing.Context:
    """The context under which a merchant's instruments are sealed."""
    return sealing.Context("vault", merchant_id)


def current(merchant_id: str) -> VaultKey:
    """The key that new writes use; made at a merchant's first use.

    Raises VaultShredded, TemporarilyUnavailable, storage.Unavailable.
    """
    for attempt in range(MAX_ROUNDS):
        ring = key_store.find(_vault_scope(merchant_id), key_store.RING) or _open_vault(merchant_id)
        if ring is None:
            back_off(attempt)
            continue
        if ring.status == key_store.SHREDDED:
            raise VaultShredded
        return of_version(merchant_id, int(ring.current or _FIRST))
    raise TemporarilyUnavailable


def of_version(merchant_id: str, version: int) -> VaultKey:
    """The key of one version. Raises KeyGone, sealing's WrappedKeyRefused, TemporarilyUnavailable, storage.Unavailable."""
    return VaultKey(version, _unwrapped(_vault_scope(merchant_id), version, context(merchant_id)))


def fingerprint_key(merchant_id: str) -> bytes:
    """32 bytes that fingerprint a merchant's instruments; no AWS call while they are remembered.

    Raises VaultShredded, TemporarilyUnavailable, storage.Unavailable.
    """
    scope, purpose = _fingerprint_scope(merchant_id), sealing.Context("fingerprint", merchant_id)
    try:
        return base64.urlsafe_b64decode(_unwrapped(scope, _FIRST, purpose))
    except KeyGone:
        row = key_store.find(scope, _FIRST)
    if row is not None and row.wrapped is None:
        raise VaultShredded
    if row is None:
        with suppress(storage.ConditionRefused):  # another request made it at the same moment: theirs counts
            storage.run(key_store.new_key(_new_row(scope, merchant_id, _FIRST, purpose)))
    return base64.urlsafe_b64decode(_unwrapped(scope, _FIRST, purpose))


def rotate(merchant_id: str) -> int:
    """Add a version; writes use it from here on. Its number.

    Raises VaultShredded, storage.TransactionRefused when another rotation came first, TemporarilyUnavailable.
    """
    scope = _vault_scope(merchant_id)
    ring = key_store.find(scope, key_store.RING)
    if ring is None:
        return current(merchant_id).version
    if ring.status == key_store.SHREDDED:
        raise VaultShredded
    version = int(ring.current or _FIRST) + 1
    key = _new_row(scope, merchant_id, version, context(merchant_id))
    storage.transact(key_store.next_of(ring, key, clock.now_ms()))
    return version


def superseded(merchant_id: str) -> list[KeyItem]:
    """The versions that no write uses any more, retired ones excepted."""
    return [row for row in key_store.rows_of(_vault_scope(merchant_id)) if row.status == key_store.SUPERSEDED]


def is_retirable(row: KeyItem) -> bool:
    """True when no write that is still under way can use it."""
    return clock.now_ms() - int(row.changed_at) >= RETIRABLE_AFTER_SECONDS * 1000


def retire(row: KeyItem) -> None:
    """Destroy a superseded version; the caller has checked that nothing uses it. Raises storage.ConditionRefused."""
    key_store.end(row, key_store.RETIRED, clock.now_ms(), expected=key_store.SUPERSEDED)
    _wrapped.clear()


def shred(merchant_id: str) -> int:
    """Destroy every key of a merchant for good, fingerprint included; how many rows that took. May be repeated.

    The ring goes first, so that no key is made while the others go.
    """
    ended = 0
    for scope in (_vault_scope(merchant_id), _fingerprint_scope(merchant_id)):
        ring = key_store.find(scope, key_store.RING)
        if ring is not None:
            key_store.end(ring, key_store.SHREDDED, clock.now_ms())
        for row in key_store.rows_of(scope):
            if row.wrapped is not None:
                key_store.end(row, key_store.SHREDDED, clock.now_ms())
                ended += 1
    _wrapped.clear()
    return ended


def _open_vault(merchant_id: str) -> KeyItem | None:
    """A merchant's first key; None when another request was making it at the same moment."""
    scope = _vault_scope(merchant_id)
    key = _new_row(scope, merchant_id, _FIRST, context(merchant_id))
    ring = KeyItem(
        key_scope=scope,
        version=key_store.RING,
        merchant_id=merchant_id,
        status=key_store.ACTIVE,
        current=_FIRST,
        created_at=int(key.created_at),
        changed_at=int(key.created_at),
    )
    try:
        storage.transact(key_store.first_of(ring, key))
    except storage.TransactionRefused:
        return None
    return ring


def _new_row(scope: str, merchant_id: str, version: int, purpose: sealing.Context) -> KeyItem:
    now_ms = clock.now_ms()
    wrapped = base64.b64encode(sealing.generate(purpose).wrapped).decode()
    return KeyItem(
        key_scope=scope,
        version=version,
        merchant_id=merchant_id,
        status=key_store.ACTIVE,
        wrapped=wrapped,
        created_at=now_ms,
        changed_at=now_ms,
    )


def _unwrapped(scope: str, version: int, purpose: sealing.Context) -> bytes:
    name = f"{scope}/{version}"
    wrapped = _wrapped.get(name)
    if wrapped is None:
        row = key_store.find(scope, version)
        if row is None or row.wrapped is None:
            raise KeyGone(name)
        wrapped = row.wrapped
        _wrapped.put(name, wrapped)
    return sealing.unwrap(base64.b64decode(wrapped), purpose)


def _vault_scope(merchant_id: str) -> str:
    return f"vault#{merchant_id}"


def _fingerprint_scope(merchant_id: str) -> str:
    return f"fingerprint#{merchant_id}"
