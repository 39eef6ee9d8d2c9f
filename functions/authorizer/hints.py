"""What is said about a signature that cannot be right, in words for the person who writes the client.

All of it follows from the request alone, before any key is looked up: so it tells nothing about keys. No value of a header is repeated.
"""

import re
from collections.abc import Sequence
from typing import Final

from paycorex import clock, signing

_NAMES: Final = {
    "x-api-key": "X-API-Key",
    "x-timestamp": "X-Timestamp",
    "x-signature": "X-Signature",
    "x-signature-version": "X-Signature-Version",
    "x-content-sha256": "X-Content-SHA256",
    "x-nonce": "X-Nonce",
    "idempotency-key": "Idempotency-Key",
}
_HEX: Final = re.compile(r"[0-9a-fA-F]+", re.ASCII)
UNKNOWN_VERSION: Final = "X-Signature-Version is 2; without this header a request is read as version 1."
DELETE_NEEDS_V2: Final = "A DELETE needs version 2 of the signature: X-Signature-Version, X-Nonce and X-Content-SHA256 as well."
KEY_IS_NO_KEY: Final = "X-API-Key begins with sk_, as secrets do: it is the key (pcx_…), and the secret is never sent. Rotate this one."
GET_TAKES_NO_BODY: Final = "A GET takes no body, and under version 1 the signature is over the timestamp alone."


def missing(names: Sequence[str]) -> str:
    """Headers that did not come, all of them at once."""
    shown = [_NAMES[name] for name in names]
    if len(shown) == 1:
        return f"The header {shown[0]} is missing."
    return f"The headers {', '.join(shown[:-1])} and {shown[-1]} are missing."


def repeated(name: str, count: int) -> str:
    """A header that is given more than once."""
    return f"The header {_NAMES[name]} is given {count} times; it is sent once."


def malformed(name: str, value: str) -> str:
    """A header whose value cannot be right."""
    if name == "x-timestamp":
        return f"X-Timestamp is Unix seconds (10 digits) or milliseconds (13 digits), {_length(value)}."
    if name == "x-nonce":
        return f"X-Nonce is 8 to 128 printable ASCII characters without spaces, {_length(value)}."
    if name == "x-api-key":
        return f"X-API-Key is 8 to 128 printable ASCII characters, {_length(value)}."
    return f"{_NAMES[name]} is 64 lower-case hexadecimal digits, {_digits(value)}."


def clock_is_off(timestamp: str) -> str:
    """A timestamp outside the window."""
    now = int(clock.outside_seconds())
    off = round(signing.seconds_of(timestamp)) - now
    way = "ahead of" if off > 0 else "behind"
    return f"X-Timestamp is {abs(off)} seconds {way} the server's time, which is {now}; {signing.WINDOW_SECONDS} are allowed."


def _length(value: str) -> str:
    return f"and this one has {len(value)} {'digits' if value.isdigit() else 'characters'}"


def _digits(value: str) -> str:
    if len(value) == 64 and _HEX.fullmatch(value):
        return "and this one has capital letters"
    if len(value) == 44 and value.endswith("="):
        return "and this one looks like base64"
    return f"and this one has {len(value)} characters"
