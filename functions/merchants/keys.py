"""API keys: issue, rotate with overlap, revoke, and recovery by an operator. At most three live pairs.

A merchant can always manage its keys: no rotation, deletion or end of a key leaves it without one that has `merchant:write`. No key makes
another that lives longer or has more scopes, but for those that are newer than a key with every scope.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from merchants import key_rings, live_keys, store
from merchants.live_keys import MANAGING_SCOPE
from paycorex import clock, modes, sealing, storage
from paycorex.credentials import ALL_SCOPES, grantable, key_hash, secret_context
from paycorex.credentials.directory import forget_key
from paycorex.errors import InvalidRequest, InvalidState
from paycorex.idempotency import Claim
from paycorex.records.api_key import ApiKeyItem
from paycorex.records.stamps import stamp

MAX_LIVE_KEYS: Final = 3
MAX_OVERLAP_SECONDS: Final = 604_800
# `pcx_live_` and the first eight characters that are random.
_PREFIX_CHARACTERS: Final = 17


@dataclass(frozen=True, slots=True, repr=False)
class IssuedKey:
    """A new pair. The secret exists in the clear only here and in the one answer that shows it."""

    item: ApiKeyItem
    api_key: str
    secret: str


def issue(merchant_id: str, key_id: str, *, scopes: Sequence[str], expires_at: int | None, rotated: bool) -> IssuedKey:
    """Make a pair, whose texts say its merchant's mode; nothing is stored yet. One KMS call. Raises TemporarilyUnavailable."""
    mode = modes.of(merchant_id)
    api_key, secret = f"pcx_{mode}_{secrets.token_hex(20)}", f"sk_{mode}_{secrets.token_urlsafe(32)}"
    now = clock.now_ms()
    sealed = sealing.seal(secret.encode(), context=secret_context(merchant_id), bound_to=key_id)
    item = ApiKeyItem(
        key_hash=key_hash(api_key),
        key_id=key_id,
        merchant_id=merchant_id,
        prefix=api_key[:_PREFIX_CHARACTERS],
        sealed_secret=sealed,
        scopes=sorted(scopes),
        status="active",
        created_at=now,
        expires_at=expires_at,
        version=1,
        **(stamp("apikey.rotated", now) if rotated else {}),
    )
    return IssuedKey(item, api_key, secret)


def first_writes(issued: IssuedKey) -> list[storage.Write]:
    """What stores a merchant's first key, for the transaction that makes the merchant."""
    merchant_id = issued.item.merchant_id
    return [store.new_key(issued.item), key_rings.located(issued.item), key_rings.changed(merchant_id, None, [issued.item])]


@dataclass(frozen=True, slots=True, repr=False)
class Rotation:
    """The new pair, and when the one that signed the request ends (milliseconds since the epoch; None: it goes on as before).

    previous_key_id: None where a person asked, and no key signed.
    """

    issued: IssuedKey
    previous_key_id: str | None
    previous_expires_at: int | None


def rotate(
    *, merchant_id: str, signing_key_id: str, overlap_seconds: int, scopes: Sequence[str] | None, expires_at: int | None, claim: Claim
) -> Rotation:
    """A new pair; the key that signed the request ends after the overlap (at once for 0, within a minute everywhere).

    The new key ends when its parent does, or earlier. The only lasting key with `merchant:write` does not end: with an
    overlap it goes on. Raises InvalidState without one, or at the limit of live keys; InvalidRequest for scopes that the signing key does
    not have and for an end that lies after its own.
    """
    ring, live = live_keys.read(merchant_id)
    signing = live_keys.by_id(live, signing_key_id)
    granted = list(signing.scopes) if scopes is None else list(scopes)
    if not set(granted) <= grantable(signing.scopes):
        raise InvalidRequest("A key cannot grant scopes that it does not have.", details={"field": "scopes"})
    ends = _child_end(signing, expires_at)
    if len(live) - (1 if overlap_seconds == 0 else 0) >= MAX_LIVE_KEYS:
        raise InvalidState(f"At most {MAX_LIVE_KEYS} keys are live at a time. Revoke one first.", details={"limit": MAX_LIVE_KEYS})
    issued = issue(merchant_id, claim.record_id("key"), scopes=granted, expires_at=ends, rotated=True)
    stays = live_keys.managed_until([*live_keys.without(live, signing), issued.item]) < live_keys.managed_until(live)
    if stays and overlap_seconds == 0:
        raise InvalidState(
            f"No other key with {MANAGING_SCOPE} lasts as long as the one that signed this. Give an overlap and it goes on, or rotate "
            "it first to a key with the same scopes and no earlier end.",
            details={"scope": MANAGING_SCOPE},
        )
    signing_ends = None if stays else min(clock.now_ms() + overlap_seconds * 1000, live_keys.end(signing))
    ended = [] if signing_ends is None else [store.end_key(signing, signing_ends)]
    writes = [store.new_key(issued.item), key_rings.located(issued.item), key_rings.changed(merchant_id, ring, [*live, issued.item])]
    storage.transact([*writes, *ended, *claim.rows(reference=issued.item.key_id)])
    forget_key(signing.key_hash)
    shown = signing_ends if signing_ends is not None or signing.expires_at is None else int(signing.expires_at)
    return Rotation(issued, signing.key_id, shown)


def issue_to_person(
    *, merchant_id: str, held: Collection[str], scopes: Sequence[str] | None, expires_at: int | None, claim: Claim
) -> Rotation:
    """A new pair for a person of the console, with scopes of the person's role; no other key ends.

    Raises InvalidState at the limit of live keys; InvalidRequest for scopes that the role does not have and for an end in the past.
    """
    ring, live = live_keys.read(merchant_id)
    own = set(held) & set(ALL_SCOPES)
    granted = own if scopes is None else set(scopes)
    if not granted <= own:
        raise InvalidRequest("A role cannot grant scopes that it does not have.", details={"field": "scopes"})
    if expires_at is not None and expires_at <= clock.now_ms():
        raise InvalidRequest("expires_at is in the past.", details={"field": "expires_at"})
    if len(live) >= MAX_LIVE_KEYS:
        raise InvalidState(f"At most {MAX_LIVE_KEYS} keys are live at a time. Revoke one first.", details={"limit": MAX_LIVE_KEYS})
    issued = issue(merchant_id, claim.record_id("key"), scopes=sorted(granted), expires_at=expires_at, rotated=True)
    writes = [store.new_key(issued.item), key_rings.located(issued.item), key_rings.changed(merchant_id, ring, [*live, issued.item])]
    storage.transact([*writes, *claim.rows(reference=issued.item.key_id)])
    return Rotation(issued, None, None)


def _child_end(parent: ApiKeyItem, asked: int | None) -> int | None:
    """When a key that `parent` makes ends. Raises InvalidRequest."""
    if asked is None:
        return None if parent.expires_at is None else int(parent.expires_at)
    if asked <= clock.now_ms():
        raise InvalidRequest("expires_at is in the past.", details={"field": "expires_at"})
    if asked > live_keys.end(parent):
        raise InvalidRequest("A key cannot make one that lives longer than itself.", details={"field": "expires_at"})
    return asked


def revoke(*, merchant_id: str, key_id: str, claim: Claim) -> ApiKeyItem:
    """Revoke a key, effective everywhere within a minute.

    Raises NotFound, or InvalidState for the last active key and for the one that manages keys the longest.
    """
    ring, live = live_keys.read(merchant_id)
    key = next((key for key in live if key.key_id == key_id), None) or live_keys.find(merchant_id, key_id)
    others = live_keys.without(live, key)
    if not others:
        raise InvalidState("The last active key cannot be revoked. Rotate it instead.")
    if live_keys.managed_until(others) < live_keys.managed_until(live):
        raise InvalidState(
            f"No other key with {MANAGING_SCOPE} lasts as long as this one. Rotate it first.",
            details={"scope": MANAGING_SCOPE},
        )
    writes = [store.revoke_key(key), key_rings.located(key), key_rings.changed(merchant_id, ring, others)]
    storage.transact([*writes, *claim.rows(reference=key_id, status=200)])
    forget_key(key.key_hash)
    return live_keys.find(merchant_id, key_id)


def recover(merchant_id: str, key_id: str, *, operator: str, reason: str, revoke_others: bool) -> IssuedKey:
    """Recovery by an operator, for a merchant without a usable key: a new key with every scope and no end, and a row that says who and why.

    Raises InvalidState at the limit of live keys, storage.TransactionRefused when the keys were changed meanwhile.
    """
    ring, live = live_keys.read(merchant_id)
    if not revoke_others and len(live) >= MAX_LIVE_KEYS:
        raise InvalidState(f"{MAX_LIVE_KEYS} keys are live. Give --revoke-others, or let the merchant revoke one.")
    issued = issue(merchant_id, key_id, scopes=ALL_SCOPES, expires_at=None, rotated=True)
    revoked = live if revoke_others else []
    kept = [] if revoke_others else live
    row = key_rings.intervention(
        merchant_id, operator=operator, reason=reason, key_id=issued.item.key_id, revoked=[key.key_id for key in revoked]
    )
    writes = [store.new_key(issued.item), key_rings.located(issued.item), key_rings.changed(merchant_id, ring, [*kept, issued.item]), row]
    storage.transact([*writes, *map(store.revoke_key, revoked)])
    for key in revoked:
        forget_key(key.key_hash)
    return issued
