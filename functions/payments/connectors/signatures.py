"""Callback signatures: HMAC-SHA256 in hex, over the body alone or over a time and the body (`t=<unix seconds>,v1=<hex>`)."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final

from paycorex import clock
from payments.connectors.model import CallbackRefused

TOLERANCE_SECONDS: Final = 300
_TIME: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


def timestamped(secret: str, body: bytes, moment: int | None = None) -> str:
    """The header's value for a body."""
    now = int(clock.outside_seconds()) if moment is None else moment
    return f"t={now},v1={_hex(secret, b'%d.%s' % (now, body))}"


def check_timestamped(header: str | None, body: bytes, secret: str) -> None:
    """Any `v1` may match, because a secret that is being rotated makes two. Raises CallbackRefused."""
    pairs = [part.strip().partition("=") for part in (header or "").split(",")]
    moments = [value for name, _, value in pairs if name == "t"]
    if len(moments) != 1 or not _TIME.fullmatch(moments[0]):
        raise CallbackRefused("no time in the signature")
    if abs(clock.outside_seconds() - int(moments[0])) > TOLERANCE_SECONDS:
        raise CallbackRefused("signed too long ago")
    _refuse_without(secret)
    expected = _hex(secret, moments[0].encode() + b"." + body)
    if not any(_equal(value, expected) for name, _, value in pairs if name == "v1"):
        raise CallbackRefused("signature does not match")


def check_plain(header: str | None, body: bytes, secret: str) -> None:
    """Over the body alone. Raises CallbackRefused."""
    _refuse_without(secret)
    if header is None or not _equal(header, _hex(secret, body)):
        raise CallbackRefused("signature does not match")


def only(headers: Mapping[str, tuple[str, ...]], name: str) -> str | None:
    """A header's one value. Raises CallbackRefused when it is given twice."""
    values = headers.get(name, ())
    if len(values) > 1:
        raise CallbackRefused(f"{name} is given twice")
    return values[0] if values else None


def _refuse_without(secret: str) -> None:
    """An empty secret protects nothing."""
    if not secret:
        raise CallbackRefused("no webhook secret is configured")


def _hex(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _equal(given: str, expected: str) -> bool:
    # As bytes: comparing str raises on anything but ASCII.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
