"""Tokens that let a payer in: the `t` of a session's page, and the `customer_token` by which a shop vouches for who is there.

A session's link may be forwarded; a wallet and stored cards may not go with it. So they are shown to whom the shop, after it signed the
person in, gives a token for an hour at most. Both are under a key of the merchant's that does nothing else.
"""

import base64
import hashlib
import hmac
from typing import Final

from paycorex import clock

_CODE_CHARACTERS: Final = 22
_TOKEN_BYTES: Final = 24


def link_code(link_id: str, cursor_key: str) -> str:
    """What a link's public address has: no one who knows ids of the merchant can tell it."""
    return _mac(cursor_key, b"paycorex-link", link_id)[:_CODE_CHARACTERS]


def customer_token(customer_id: str, expires_seconds: int, cursor_key: str) -> str:
    """A token that vouches for a customer until then (seconds since the epoch)."""
    return f"{expires_seconds}.{_mac(cursor_key, b'paycorex-customer', f'{customer_id}.{expires_seconds}')}"


def vouches_for(token: str, customer_id: str, cursor_key: str) -> bool:
    """True for a token of this customer whose time is not over; compared in constant time."""
    expires, _, _mac_text = token.partition(".")
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
        return False
    genuine = hmac.compare_digest(token.encode(), customer_token(customer_id, int(expires), cursor_key).encode())
    return genuine and int(expires) > int(clock.now_seconds())


def _mac(cursor_key: str, purpose: bytes, message: str) -> str:
    key = hmac.new(bytes.fromhex(cursor_key), purpose, hashlib.sha256).digest()
    mac = hmac.new(key, message.encode(), hashlib.sha256).digest()[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(mac).decode()
