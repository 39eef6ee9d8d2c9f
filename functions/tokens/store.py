"""The `tokens` table."""

from dataclasses import dataclass
from typing import Any, Final

from paycorex import ids, storage
from paycorex.records.stamps import stamp_actions
from paycorex.records.token import TokenItem, merchant_user

_BY_USER: Final = "by_user"
_OF_A_PROVIDER: Final = "provider_token"


@dataclass(frozen=True, slots=True)
class TokenSlot:
    """Where a user's instrument is, or would be, kept: `token` is the active one, None when it may be created here."""

    token_id: str
    generation: int
    token: TokenItem | None


def token_id_of(merchant_id: str, user_id: str, fingerprint: str, generation: int) -> str:
    """The id of the token of this instrument. Generations keep a deleted token deleted when its instrument is saved again."""
    return ids.derive("tok", merchant_id, user_id, fingerprint, str(generation))


def find_slot(merchant_id: str, user_id: str, fingerprint: str) -> TokenSlot | None:
    """Where this instrument belongs now; None when it was being deleted meanwhile: look again.

    Generation 0 says which generation is next once it is deleted, so this is never more than two reads.
    """
    root_id = token_id_of(merchant_id, user_id, fingerprint, 0)
    root = find(root_id)
    if root is None or root.is_active:
        return TokenSlot(root_id, 0, root)
    generation = int(root.next_generation or 0)
    token_id = token_id_of(merchant_id, user_id, fingerprint, generation)
    token = find(token_id)
    if token is None or token.is_active:
        return TokenSlot(token_id, generation, token)
    return None


def find(token_id: str) -> TokenItem | None:
    """A token as it stands now, deleted ones too."""
    return storage.get(TokenItem, token_id)


def new_token(item: TokenItem) -> storage.Write:
    """Store a token that is not there yet: of many that save the same instrument at once, one gets past this."""
    return storage.put(item, TokenItem.token_id.does_not_exist())


def change_details(item: TokenItem, sealed: str, shown: dict[str, Any]) -> storage.Write:
    """Replace the sealed value and what is shown of it, unless it was deleted or changed since it was read."""
    actions = [TokenItem.sealed.set(sealed)]
    for name, value in shown.items():
        attribute = TokenItem.get_attributes()[name]
        actions.append(attribute.remove() if value is None else attribute.set(value))
    return storage.update(TokenItem, TokenItem.wire_key(item.token_id), actions, TokenItem.sealed == item.sealed)


def reseal(item: TokenItem, sealed: str) -> None:
    """Replace the sealed value by the same under another key. Raises storage.ConditionRefused when it is no longer there."""
    condition = TokenItem.sealed == item.sealed
    storage.run(storage.update(TokenItem, TokenItem.wire_key(item.token_id), [TokenItem.sealed.set(sealed)], condition))


def delete(item: TokenItem, now_ms: int) -> list[storage.Write]:
    """Mark as deleted, shred the sealed value and take it off every list; make room for the next generation."""
    actions = [
        TokenItem.is_active.set(False),
        TokenItem.deleted_at.set(now_ms),
        TokenItem.sealed.remove(),
        TokenItem.provider.remove(),
        TokenItem.merchant_user.remove(),
        TokenItem.order_key.remove(),
        *stamp_actions("token.deleted", now_ms, item),
    ]
    following = TokenItem.next_generation.set(int(item.generation) + 1)
    active = TokenItem.is_active == True  # noqa: E712 - a condition, not a comparison
    key = TokenItem.wire_key(item.token_id)
    if int(item.generation) == 0:
        return [storage.update(TokenItem, key, [*actions, following], active)]
    root = TokenItem.wire_key(token_id_of(item.merchant_id, item.user_id, item.fingerprint, 0))
    return [
        storage.update(TokenItem, key, actions, active),
        storage.update(TokenItem, root, [following], TokenItem.token_id.exists()),
    ]


def tokens_of(merchant_id: str, user_id: str, *, limit: int, position: str | None) -> tuple[list[TokenItem], str | None]:
    """A user's active tokens, newest first, and the position to go on after."""
    partition = merchant_user(merchant_id, user_id)
    found, following = storage.listed(TokenItem, TokenItem.merchant_user, partition, index=_BY_USER, limit=limit, position=position)
    return [_whole(item) for item in found], following


def _whole(item: TokenItem) -> TokenItem:
    """The index has not whose token it is."""
    return find(item.token_id) or item if item.type == _OF_A_PROVIDER else item


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A token whose row the model cannot read. merchant_id: empty when not even that is known."""

    token_id: str
    merchant_id: str


def scan(position: str | None, limit: int) -> tuple[list[TokenItem | Unreadable], str | None]:
    """A page of all tokens of all merchants, for the jobs of an operator."""
    start = TokenItem.wire_key(position) if position else None
    page = storage.scan_segment(TokenItem.physical_table(), segment=0, segments=1, start=start, limit=limit)
    following = page.next_start
    return [_read(item) for item in page.items], following["token_id"]["S"] if following else None


def _read(item: Any) -> TokenItem | Unreadable:
    try:
        return TokenItem.load(item)
    except (TypeError, ValueError):
        return Unreadable(item["token_id"]["S"], str(item.get("merchant_id", {}).get("S", "")))
