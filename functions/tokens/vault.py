"""The vault: keep an instrument, show it to a connector once, forget it.

What is stored opens only with the merchant's key, for exactly the token it was sealed for: a sealed value that was moved or changed is
refused. The doors decide who may ask; this module decides what happens.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final

from paycorex import clock, sealing, storage
from paycorex.backoff import MAX_ROUNDS, back_off
from paycorex.errors import NotFound, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.records.order import order_key
from paycorex.records.stamps import stamp
from paycorex.records.token import TokenItem, merchant_user
from paycorex.sealing.data_keys import WrappedKeyRefused
from tokens import audit, keys, provider_tokens, store
from tokens.failures import KeyGone, TokenUnusable
from tokens.fingerprints import bin_hash_of, fingerprint_of
from tokens.instruments import Card, Instrument, ProviderToken, from_bytes, to_bytes

# Of a card number, which name its bank.
_BIN_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class TokenResult:
    """The token of an instrument, and whether this request made it."""

    token: TokenItem
    created: bool


def tokenize(merchant_id: str, user_id: str, instrument: Instrument, *, claim: Claim) -> TokenResult:
    """Keep an instrument of a user; the same one again is the token that exists, with its details brought up to date.

    Raises VaultShredded, TemporarilyUnavailable, storage.Unavailable, storage.TransactionRefused (the claim is taken). Writes the token
    with its event and the claim in one transaction. No KMS call when warm.
    """
    fingerprint = fingerprint_of(merchant_id, instrument)
    for attempt in range(MAX_ROUNDS):
        slot = store.find_slot(merchant_id, user_id, fingerprint)
        if slot is not None:
            try:
                if slot.token is not None:
                    return TokenResult(_known_again(slot.token, instrument, claim), created=False)
                return TokenResult(_new(merchant_id, user_id, fingerprint, slot, instrument, claim), created=True)
            except storage.TransactionRefused as refused:
                # The token's own write comes first, unless only the claim was written.
                _raise_unless_lost_to_a_twin(refused, effects=len(refused.reasons) - len(claim.names))
        back_off(attempt)
    raise TemporarilyUnavailable


def find(merchant_id: str, token_id: str) -> TokenItem:
    """A token of this merchant, deleted ones too. Raises NotFound."""
    item = store.find(token_id)
    if item is None or item.merchant_id != merchant_id:
        raise NotFound("token")
    return item


def delete(merchant_id: str, token_id: str, *, claim: Claim | None) -> TokenItem:
    """Delete a token: inactive at once and for good, its sealed value gone. A deleted one is answered as it is.

    claim: of the request; None where the deletion is one step of a request that claims another record.
    Raises NotFound, TemporarilyUnavailable, storage.Unavailable, storage.TransactionRefused (the claim is taken).
    """
    for attempt in range(MAX_ROUNDS):
        item = find(merchant_id, token_id)
        effect = store.delete(item, clock.now_ms()) if item.is_active else []
        rows = [] if claim is None else claim.rows(reference=token_id, status=200)
        if not effect and not rows:
            return item
        try:
            storage.transact([*effect, *rows])
        except storage.TransactionRefused as refused:
            _raise_unless_lost_to_a_twin(refused, effects=len(effect))
            back_off(attempt)
            continue
        return find(merchant_id, token_id) if effect else item
    raise TemporarilyUnavailable


def reveal(merchant_id: str, token_id: str, *, purpose: str, payment_id: str | None) -> Instrument:
    """The instrument of an active token, for exactly one connector call. No KMS call when warm.

    purpose: why, in a word (`charge`, `refund`). Appends an audit event first; without it nothing is revealed. Raises NotFound (unknown,
    another merchant's, or deleted), TokenUnusable, TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown.
    """
    item = find(merchant_id, token_id)
    if not item.is_active:
        raise NotFound("token")
    try:
        instrument = provider_tokens.card_of(item) if item.type == ProviderToken.kind else open_sealed(item)
    except TokenUnusable as unusable:
        outcome: audit.Outcome = "vault_shredded" if unusable.reason == "vault_shredded" else "token_integrity"
        audit.record(merchant_id, token_id, purpose=purpose, payment_id=payment_id, outcome=outcome)
        raise
    audit.record(merchant_id, token_id, purpose=purpose, payment_id=payment_id, outcome="revealed")
    return instrument


def open_sealed(item: TokenItem) -> Instrument:
    """The instrument of a stored token, without an audit event: for the vault's own work. Raises TokenUnusable."""
    version, _, token = (item.sealed or "").partition(".")
    try:
        key = keys.of_version(item.merchant_id, int(version))
        content = sealing.fernet_open(key.fernet_key, token.encode(), context=keys.context(item.merchant_id), bound_to=item.token_id)
        return from_bytes(content)
    except KeyGone:
        raise TokenUnusable("vault_shredded") from None
    except (sealing.SealBroken, WrappedKeyRefused, ValueError):
        raise TokenUnusable("token_integrity") from None


def seal(merchant_id: str, token_id: str, instrument: Instrument, key: keys.VaultKey) -> str:
    """The instrument as it is stored for this token of this merchant: `<key version>.<Fernet token>`."""
    sealed = sealing.fernet_seal(key.fernet_key, to_bytes(instrument), context=keys.context(merchant_id), bound_to=token_id)
    return f"{key.version}.{sealed.decode()}"


def key_version(item: TokenItem) -> int | None:
    """Which key version seals a token; None once it is deleted (or its value has been meddled with)."""
    version = (item.sealed or "").partition(".")[0]
    return int(version) if version.isascii() and version.isdigit() else None


def _new(merchant_id: str, user_id: str, fingerprint: str, slot: store.TokenSlot, instrument: Instrument, claim: Claim) -> TokenItem:
    now_ms = clock.now_ms()
    item = TokenItem(
        token_id=slot.token_id,
        merchant_id=merchant_id,
        user_id=user_id,
        type=instrument.kind,
        fingerprint=fingerprint,
        sealed=seal(merchant_id, slot.token_id, instrument, keys.current(merchant_id)),
        is_active=True,
        generation=slot.generation,
        created_at=now_ms,
        merchant_user=merchant_user(merchant_id, user_id),
        order_key=order_key(now_ms, slot.token_id),
        **_shown(merchant_id, instrument),
        **stamp("token.created", now_ms),
    )
    storage.transact([store.new_token(item), *claim.rows(reference=item.token_id, status=201)])
    return item


def _known_again(item: TokenItem, instrument: Instrument, claim: Claim) -> TokenItem:
    """A renewed card keeps its token and gets its new date, and the brands of today's list; otherwise only the claim is written."""
    renewed = _renewed(item, instrument)
    effect: list[storage.Write] = []
    if renewed is not None:
        sealed = seal(item.merchant_id, item.token_id, renewed, keys.current(item.merchant_id))
        effect = [store.change_details(item, sealed, _shown(item.merchant_id, renewed))]
    storage.transact([*effect, *claim.rows(reference=item.token_id, status=200)])
    return find(item.merchant_id, item.token_id) if effect else item


def _shown(merchant_id: str, instrument: Instrument) -> dict[str, Any]:
    """What a token's item has besides the sealed value: what may be read, and the hash of a card's first digits."""
    digits = instrument.number[:_BIN_DIGITS] if isinstance(instrument, Card) else None
    return {**asdict(instrument.display), "bin_hash": None if digits is None else bin_hash_of(merchant_id, digits)}


def _renewed(item: TokenItem, instrument: Instrument) -> Instrument | None:
    """What the token should hold from now on; None when it does already. A value that no longer opens is sealed anew."""
    try:
        known = open_sealed(item)
    except TokenUnusable:
        return instrument
    renewed = instrument.renewed(known) if isinstance(instrument, Card) else instrument
    is_shown = all(getattr(item, name) == value for name, value in _shown(item.merchant_id, renewed).items())
    return None if renewed == known and is_shown else renewed


def _raise_unless_lost_to_a_twin(refused: storage.TransactionRefused, *, effects: int) -> None:
    """Look again when the token changed under us or the store was busy; a claim that is taken is the door's business."""
    if any(reason.is_condition for reason in refused.reasons[effects:]):
        raise refused
    if not any(reason.is_condition or reason.is_busy for reason in refused.reasons):
        raise refused
