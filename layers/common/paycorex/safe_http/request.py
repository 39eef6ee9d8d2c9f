"""Writes one HTTP/1.1 request: its bytes, and sending them within a deadline."""

import re
import socket
from collections.abc import Mapping
from typing import Final

from paycorex.safe_http.deadline import Deadline
from paycorex.safe_http.errors import Interrupted, Timeout
from paycorex.safe_http.targets import Target

_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"})
_BODILESS_METHODS: Final = frozenset({"GET", "HEAD"})
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE: Final = re.compile(r"[\t\x20-\x7e]*")
# Decided here alone: two of any of these make two readings of one request.
_RESERVED: Final = frozenset(
    {"accept-encoding", "connection", "content-length", "cookie", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"}
)


def render(method: str, target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """The whole request. ValueError for a method, header name or value that would not be one: a mistake of the caller, never of data."""
    if method not in _METHODS:
        msg = f"method {method!r} is not sent"
        raise ValueError(msg)
    lines = [f"{method} {target.path} HTTP/1.1", f"Host: {target.authority}"]
    if not any(name.lower() == "user-agent" for name in headers):
        lines.append("User-Agent: PayCoreX")
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value) or name.lower() in _RESERVED:
            msg = f"header {name!r} is not sent"
            raise ValueError(msg)
        lines.append(f"{name}: {value}")
    # A compressed answer could unpack to any size.
    lines += ["Accept-Encoding: identity", "Connection: close"]
    if body or method not in _BODILESS_METHODS:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def transmit(connection: socket.socket, request: bytes, deadline: Deadline) -> None:
    """Send all. Raises Timeout and Interrupted: from the first byte on, the receiver may have acted."""
    rest = memoryview(request)
    try:
        # Not sendall: over TLS its timeout starts anew with each piece.
        while rest:
            connection.settimeout(deadline.remaining_seconds())
            rest = rest[connection.send(rest) :]
    except TimeoutError as error:
        raise Timeout("the request was not taken in time") from error
    except OSError as error:
        raise Interrupted("the connection ended while sending") from error
