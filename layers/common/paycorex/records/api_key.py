"""An API key as it is shown: everything but the key."""

from paycorex import clock
from paycorex.credentials.items import ApiKeyItem
from paycorex.http.models import View


class ApiKeyView(View):
    """The contract's API key object."""

    key_id: str
    prefix: str
    scopes: list[str]
    status: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None


def view(item: ApiKeyItem) -> ApiKeyView:
    """The contract object of a stored key."""
    return ApiKeyView(
        key_id=item.key_id,
        prefix=item.prefix,
        scopes=list(item.scopes),
        status=_status(item),
        created_at=clock.rfc3339(int(item.created_at)),
        expires_at=_time(item.expires_at),
        last_used_at=_time(item.last_used_at),
    )


def _status(item: ApiKeyItem) -> str:
    if item.status == "active" and item.expires_at is not None and int(item.expires_at) <= clock.now_ms():
        return "expired"
    return str(item.status)


def _time(moment_ms: float | None) -> str | None:
    return None if moment_ms is None else clock.rfc3339(int(moment_ms))
