"""Tokens of cards that a provider keeps. Nothing in them is sealed: a provider's name of a card opens nothing without the keys there."""

import base64
import hashlib
from dataclasses import asdict
from typing import Final

from paycorex import clock, storage
from paycorex.backoff import MAX_ROUNDS, back_off
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.order import order_key
from paycorex.records.stamps import stamp
from paycorex.records.token import TokenItem, merchant_user
from tokens import store
from tokens.failures import TokenUnusable
from tokens.instruments import ProviderToken

# As many as fingerprints of other instruments have.
_CHARACTERS: Final = 26


def keep(merchant_id: str, user_id: str, card: ProviderToken) -> TokenItem:
    """The user's token of a card that its provider keeps; the same one again is the token that exists.

    Raises TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown. Written with its event.
    """
    fingerprint = _fingerprint(card)
    for attempt in range(MAX_ROUNDS):
        slot = store.find_slot(merchant_id, user_id, fingerprint)
        if slot is not None and slot.token is not None:
            return slot.token
        if slot is not None:
            item = _new(merchant_id, user_id, fingerprint, slot, card)
            try:
                storage.run(store.new_token(item))
            except storage.ConditionRefused:
                # Another answer about the same payment was faster.
                continue
            return item
        back_off(attempt)
    raise TemporarilyUnavailable


def card_of(item: TokenItem) -> ProviderToken:
    """The provider's card of a token. Raises TokenUnusable for a token without one."""
    if not item.provider:
        raise TokenUnusable("token_integrity")
    connector, reference, customer = item.provider
    expiry = (None if each is None else int(each) for each in (item.expiry_month, item.expiry_year))
    return ProviderToken(connector, reference, customer, item.brand, item.last4, *expiry)


def _new(merchant_id: str, user_id: str, fingerprint: str, slot: store.TokenSlot, card: ProviderToken) -> TokenItem:
    now_ms = clock.now_ms()
    return TokenItem(
        token_id=slot.token_id,
        merchant_id=merchant_id,
        user_id=user_id,
        type=card.kind,
        fingerprint=fingerprint,
        provider=[card.connector, card.reference, card.customer],
        is_active=True,
        generation=slot.generation,
        created_at=now_ms,
        merchant_user=merchant_user(merchant_id, user_id),
        order_key=order_key(now_ms, slot.token_id),
        **asdict(card.display),
        **stamp("token.created", now_ms),
    )


def _fingerprint(card: ProviderToken) -> str:
    """Without a key: a provider's name cannot be guessed like a card's number."""
    digest = hashlib.sha256("\n".join(card.identity).encode()).digest()
    return base64.b32encode(digest[:17]).decode()[:_CHARACTERS].lower()
