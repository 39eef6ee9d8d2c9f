"""List cursors: opaque, tamper-evident, bound to the merchant and to the list and filter that they were issued for."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final

from paycorex.contract import ListQuery
from paycorex.credentials import Caller
from paycorex.errors import InvalidCursor

_MAC_BYTES: Final = 16


def encode(caller: Caller, listing: str, query: ListQuery, position: str | None) -> str | None:
    """The cursor that continues after a position; None at the end."""
    if position is None:
        return None
    raw = position.encode()
    return base64.urlsafe_b64encode(_mac(caller, listing, query.filters(), raw) + raw).decode().rstrip("=")


def decode(caller: Caller, listing: str, query: ListQuery) -> str | None:
    """The position of the query's cursor; None without one. Raises InvalidCursor for anything this merchant was not given for it."""
    if query.cursor is None:
        return None
    try:
        blob = base64.b64decode(query.cursor + "=" * (-len(query.cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error
    mac, raw = blob[:_MAC_BYTES], blob[_MAC_BYTES:]
    canonical = base64.urlsafe_b64encode(blob).decode().rstrip("=") == query.cursor
    if not canonical or not hmac.compare_digest(mac, _mac(caller, listing, query.filters(), raw)):
        raise InvalidCursor
    return raw.decode()


def _mac(caller: Caller, listing: str, filters: Mapping[str, object], raw: bytes) -> bytes:
    scope = json.dumps([caller.merchant_id, listing, filters], sort_keys=True).encode()
    message = len(scope).to_bytes(4, "big") + scope + raw
    return hmac.new(bytes.fromhex(caller.cursor_key), message, hashlib.sha256).digest()[:_MAC_BYTES]
