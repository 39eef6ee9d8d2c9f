"""Limits of a request to the internet. Two policies exist: the internet's, and the local stage's, which adds loopback."""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from paycorex.safe_http import network

Resolver = Callable[[str, int], Sequence[str]]
Dialer = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits of one request; `dataclasses.replace` makes a narrower or wider one.

    allow_loopback_http: http and https to 127.0.0.1, ::1 and localhost on any port, for the local stage only; it opens nothing else.
    ports: allowed beside that. connect_seconds: name, TCP and TLS together. total_seconds: wall clock from call to last byte.
    max_body_bytes: what is read of an answer's body, the rest is dropped. max_header_bytes, max_header_count: of an answer's head.
    resolver: host and port to addresses. dialer: address, port and seconds to a connected socket. ssl_context: makes or finds the
    context; one that does not verify is refused.
    """

    allow_loopback_http: bool = False
    ports: frozenset[int] = frozenset({443, 8443})
    connect_seconds: float = 5.0
    total_seconds: float = 10.0
    max_url_characters: int = 2048
    max_body_bytes: int = 65_536
    max_header_bytes: int = 32_768
    # The standard library's parser gives up beyond 100 of its own accord.
    max_header_count: int = 100
    resolver: Resolver = network.look_up
    dialer: Dialer = network.dial
    ssl_context: Callable[[], ssl.SSLContext] = network.trust

    @classmethod
    def public(cls) -> Self:
        """The internet: https to public addresses, port 443 or 8443."""
        return cls()

    @classmethod
    def local(cls) -> Self:
        """The local stage: as public, and loopback by http or https on any port."""
        return cls(allow_loopback_http=True)
