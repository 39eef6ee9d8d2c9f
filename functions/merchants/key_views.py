"""The answers that show keys: of a registration, a rotation and their list."""

from collections.abc import Sequence
from typing import Any

from merchants.accounts import Registered
from merchants.keys import Rotation
from paycorex import clock, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.records import api_key_view
from paycorex.records.api_key import ApiKeyItem
from paycorex.records.api_key_view import ApiKeyView
from paycorex.records.effective import NOTICE_SECONDS


class FirstEndpoint(View):
    """The endpoint that `webhook_url` made, with its secret."""

    endpoint_id: str
    secret: str


class RegisteredView(View):
    """Register's answer. `key_id`, `api_key`, `secret` and `webhook` are there once; a replay has null instead."""

    merchant_id: str
    mode: Mode
    name: str
    email: str
    currency: str
    status: str
    created_at: str
    key_id: str | None
    api_key: str | None
    secret: str | None
    webhook: FirstEndpoint | None


class PreviousKey(View):
    """The key that signed the rotation, when it ends, and until when a part of the platform may accept it.

    Both are null when it goes on, because no other that lasts may manage keys.
    """

    key_id: str
    expires_at: str | None
    accepted_until: str | None


class RotatedView(ApiKeyView):
    """Rotate's answer. `api_key`, `secret` and `previous` are there once; a replay has null instead."""

    api_key: str | None = None
    secret: str | None = None
    previous: PreviousKey | None = None


class ApiKeyList(View):
    """Some keys of a merchant, newest first, those that ended among them."""

    data: list[ApiKeyView]
    next_cursor: str | None = None


def registered(done: Registered) -> RegisteredView:
    """Register's answer."""
    item, issued, endpoint = done.merchant, done.issued, done.endpoint
    return RegisteredView(
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        name=item.name,
        email=item.email,
        currency=item.currency,
        status=item.status,
        created_at=clock.rfc3339(int(item.created_at)),
        key_id=issued.item.key_id if issued else None,
        api_key=issued.api_key if issued else None,
        secret=issued.secret if issued else None,
        webhook=FirstEndpoint(endpoint_id=endpoint.item.endpoint_id, secret=endpoint.secret) if endpoint else None,
    )


def rotated(done: Rotation) -> RotatedView:
    """The new pair with its secret, and the end of the key that signed."""
    shown: dict[str, Any] = api_key_view.view(done.issued.item).model_dump()
    former = None if done.previous_key_id is None else previous(done.previous_key_id, done.previous_expires_at)
    return RotatedView(**shown, api_key=done.issued.api_key, secret=done.issued.secret, previous=former)


def listed(items: Sequence[ApiKeyItem], next_cursor: str | None) -> ApiKeyList:
    """A page of keys, without their secrets."""
    return ApiKeyList(data=[api_key_view.view(item) for item in items], next_cursor=next_cursor)


def previous(key_id: str, ends_ms: int | None) -> PreviousKey:
    """The key that signed a rotation which is carried out now. ends_ms: its end, None when it goes on."""
    if ends_ms is None:
        return PreviousKey(key_id=key_id, expires_at=None, accepted_until=None)
    accepted_until = max(ends_ms, clock.now_ms() + NOTICE_SECONDS * 1000)
    return PreviousKey(key_id=key_id, expires_at=clock.rfc3339(ends_ms), accepted_until=clock.rfc3339(accepted_until))
