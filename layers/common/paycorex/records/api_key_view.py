"""An API key as it is shown: everything but the key."""

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.records.api_key import ApiKeyItem, accepted_until


class ApiKeyView(View):
    """The contract's API key object.

    accepted_until: from then on every part of the platform refuses it. For an end that was decided upon after the key was made, that is
    some time after `expires_at` or the revocation. Null for a key without an end.
    """

    key_id: str
    mode: Mode
    prefix: str
    scopes: list[str]
    status: str
    created_at: str
    expires_at: str | None
    accepted_until: str | None
    last_used_at: str | None


def view(item: ApiKeyItem) -> ApiKeyView:
    """The contract object of a stored key."""
    return ApiKeyView(
        key_id=item.key_id,
        mode=modes.of(item.merchant_id),
        prefix=item.prefix,
        scopes=list(item.scopes),
        status=_status(item),
        created_at=clock.rfc3339(int(item.created_at)),
        expires_at=_time(item.expires_at),
        accepted_until=_time(accepted_until(item)),
        last_used_at=_time(item.last_used_at),
    )


def _status(item: ApiKeyItem) -> str:
    if item.status == "active" and item.expires_at is not None and int(item.expires_at) <= clock.now_ms():
        return "expired"
    return str(item.status)


def _time(moment_ms: float | None) -> str | None:
    return None if moment_ms is None else clock.rfc3339(int(moment_ms))
