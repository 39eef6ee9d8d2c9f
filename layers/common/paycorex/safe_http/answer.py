"""Reads one HTTP/1.1 answer within a deadline and within size limits, whatever the receiver sends.

The standard library parses; what it reads from is `_Stream`, which renews the socket's timeout from the deadline before each read
(a byte a second never runs into a plain timeout) and stops at a number of bytes (endless headers, chunk extensions, trailers).
"""

import http.client
import io
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self, cast

from paycorex.safe_http.deadline import Deadline
from paycorex.safe_http.errors import BadAnswer, Interrupted, Timeout
from paycorex.safe_http.policy import Policy

# A body may come in chunks of one byte, which makes six of each.
_MAX_FRAMING_FACTOR: Final = 8
_SWITCHING_PROTOCOLS: Final = 101


@dataclass(frozen=True, slots=True)
class Answer:
    """The response of the receiver; redirects and errors are answers like any other.

    headers: names in lower case, repeated ones joined by ", ". body: as sent, never decompressed. truncated: there was more than the
    policy's `max_body_bytes`. duration_ms: from the call to the end of the answer. address: the one that was connected to.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool
    duration_ms: int
    address: str


@dataclass(frozen=True, slots=True)
class Received:
    """An answer before the client adds what it knows: when the call began and where it went."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool


class _Stream(io.RawIOBase):
    """The bytes of one connection, until the deadline or the allowance ends."""

    def __init__(self, connection: socket.socket, deadline: Deadline, allowance_bytes: int) -> None:
        super().__init__()
        self._connection = connection
        self._deadline = deadline
        self._allowance_bytes = allowance_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader only ever passes one
        if self._allowance_bytes <= 0:
            raise BadAnswer("the answer's head or framing is too large")
        self._connection.settimeout(self._deadline.remaining_seconds())
        count = self._connection.recv_into(buffer[: self._allowance_bytes])
        self._allowance_bytes -= count
        return count

    def allow(self, more_bytes: int) -> None:
        self._allowance_bytes += more_bytes


class _Source(io.BufferedReader):
    """What `HTTPResponse` takes for a socket. Stays open when a response is done with it: after an interim one comes the final."""

    in_head = True

    def makefile(self, _mode: str) -> Self:
        return self

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        # http.client takes the end of the connection for the end of the head, and half a head for an answer without a body.
        if self.in_head and not line.endswith(b"\n"):
            msg = "the connection ended in the head"
            raise ConnectionResetError(msg)
        return line

    def close(self) -> None:
        """Nothing: the connection is closed by who opened it."""

    def flush(self) -> None:
        """Nothing: a response that is collected after its stream would complain otherwise."""


def receive(connection: socket.socket, method: str, policy: Policy, deadline: Deadline) -> Received:
    """The answer to a request already sent by `method`. Raises Timeout, Interrupted, BadAnswer."""
    stream = _Stream(connection, deadline, policy.max_header_bytes)
    status: int | None = None
    try:
        response = _read_head(stream, method, policy)
        status = response.status
        stream.allow(policy.max_header_bytes + _MAX_FRAMING_FACTOR * policy.max_body_bytes)
        return _read_body(response, policy.max_body_bytes)
    except BadAnswer as error:
        error.status = error.status or status
        raise
    except TimeoutError as error:
        raise Timeout("no complete answer in time", status=status) from error
    except (http.client.IncompleteRead, OSError) as error:
        raise Interrupted("the connection ended before the answer did", status=status) from error
    except (http.client.HTTPException, ValueError) as error:
        # http.client takes a chunk's size as it comes, a negative one too.
        raise BadAnswer(f"not an HTTP answer ({type(error).__name__})", status=status) from error


def _read_head(stream: _Stream, method: str, policy: Policy) -> http.client.HTTPResponse:
    """The final answer's head. Interim ones (1xx, RFC 9110 15.2) are passed over; the stream's allowance bounds how many."""
    source = _Source(stream)
    while True:
        response = http.client.HTTPResponse(cast("socket.socket", source), method=method)
        response.begin()
        if not 100 <= response.status < 200 or response.status == _SWITCHING_PROTOCOLS:
            break
    source.in_head = False
    if len(response.headers) > policy.max_header_count:
        raise BadAnswer("the answer has too many headers", status=response.status)
    return response


def _read_body(response: http.client.HTTPResponse, max_bytes: int) -> Received:
    body = response.read(max_bytes + 1)
    truncated = len(body) > max_bytes
    # http.client keeps quiet about a body that is shorter than announced when asked for a number of bytes.
    if not truncated and response.length:
        raise Interrupted("the connection ended before the answer did", status=response.status)
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return Received(response.status, headers, body[:max_bytes], truncated)
