"""Identifiers: a prefix that names the kind, then 26 characters of lower-case base32 (RFC 4648, no padding) of 128 bits.

The id of a record that a request creates is derived from the merchant and the request's idempotency key, so the record's own condition
"does not exist yet" is the idempotency check.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from functools import lru_cache

PREFIXES = frozenset(
    {
        "blk",
        "mer",
        "key",
        "pay",
        "ref",
        "wal",
        "trf",
        "tok",
        "whe",
        "whd",
        "evt",
        "jrn",
        "adr",
        "req",
        "att",
        "rpl",
        "ctx",
        "dsp",
        "dsf",
        "exp",
        "set",
        "imp",
        "rcn",
        "bnk",
        "cus",
        "chk",
        "lnk",
        "qrc",
        "usr",
        "ses",
        "aud",
        "apr",
        "opr",
    }
)
_BODY_LENGTH = 26
_SHAPE = re.compile(r"([a-z]{3})_([a-z2-7]{26})")


def _encode(digest: bytes) -> str:
    return base64.b32encode(digest[:16]).decode("ascii")[:_BODY_LENGTH].lower()


def _framed(start: bytes, parts: Iterable[str]) -> bytes:
    return start + b"".join([len(raw).to_bytes(4, "big") + raw for raw in [part.encode() for part in parts]])


def new(prefix: str) -> str:
    """A random id with this prefix."""
    return f"{prefix}_{_encode(secrets.token_bytes(16))}"


@lru_cache(maxsize=64)
def derive(prefix: str, *parts: str) -> str:
    """The id that these parts always yield. Parts are length-prefixed, so no two lists of parts collide by joining.

    The last ones are remembered: a payment asks seven times for three ids.
    """
    return f"{prefix}_{_encode(hashlib.sha256(_framed(b'paycorex-id\0' + prefix.encode(), parts)).digest())}"


def derive_ordered(prefix: str, milliseconds: int, *parts: str) -> str:
    """Like `derive`, but ids of later moments sort after earlier ones: 48 bits of time, then 80 derived bits.

    Used where the store keeps records in order of time by their id alone. The documentation asks clients never to rely on it.
    """
    moment = milliseconds.to_bytes(6, "big")
    digest = hashlib.sha256(_framed(b"paycorex-ordered-id\0" + prefix.encode() + moment, parts)).digest()
    return f"{prefix}_{_ordered(moment + digest[:10])}"


# RFC 4648's alphabet puts digits (2-7) after letters in value but before them in ASCII, so sorting needs another order of symbols.
_RFC4648 = "abcdefghijklmnopqrstuvwxyz234567"
_SORTED = "234567abcdefghijklmnopqrstuvwxyz"
_TO_SORTED = str.maketrans(_RFC4648, _SORTED)
_FROM_SORTED = str.maketrans(_SORTED, _RFC4648)


def _ordered(raw: bytes) -> str:
    return _encode(raw).translate(_TO_SORTED)


def ordered_time_ms(identifier: str) -> int:
    """The moment inside an id made by `derive_ordered`."""
    body = identifier.partition("_")[2].translate(_FROM_SORTED).upper()
    return int.from_bytes(base64.b32decode(body + "=" * (-len(body) % 8))[:6], "big")


def earliest_ordered(prefix: str, milliseconds: int) -> str:
    """The lower bound of all ordered ids of this moment, for range queries by time."""
    return f"{prefix}_{_ordered(milliseconds.to_bytes(6, 'big') + bytes(10))}"


def is_id(prefix: str, text: str) -> bool:
    """True when the text has the shape of an id of this kind."""
    match = _SHAPE.fullmatch(text)
    return match is not None and match[1] == prefix
