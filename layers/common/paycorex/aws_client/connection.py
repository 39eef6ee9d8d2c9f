"""Connections to one endpoint, kept open between requests. Failures are botocore's exceptions, so that callers need to know no others.

Times are the system's and not `paycorex.clock`'s: sockets must time out in simulations too.
"""

import contextlib
import select
import socket
import ssl
import time
from typing import Final

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
    SSLError,
)

from paycorex import clock
from paycorex.aws_client.answers import HttpAnswer, Incomplete, Unreadable, receive
from paycorex.aws_client.endpoints import Endpoint
from paycorex.aws_client.limits import Limits
from paycorex.aws_client.trust import Trust, UnknownIssuer

_CHUNK_BYTES: Final = 64 * 1024
_MAX_IDLE: Final = 10


class Connection:
    """One open connection: a request, then its answer, any number of times."""

    def __init__(self, wire: socket.socket, limits: Limits) -> None:
        self._wire = wire
        self._limits = limits
        self._used_at = (clock.system_seconds(), time.monotonic())
        self._poll = select.poll()
        self._poll.register(wire, select.POLLIN | select.POLLHUP | select.POLLERR)

    def exchange(self, message: bytes, max_body_bytes: int) -> HttpAnswer:
        """Send a request and read its answer. Raises OSError (TimeoutError too), Incomplete, Unreadable."""
        until = time.monotonic() + self._limits.answer_seconds
        self._wire.settimeout(self._limits.read_seconds)
        self._wire.sendall(message)

        def read() -> bytes:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._wire.settimeout(min(left, self._limits.read_seconds))
            return self._wire.recv(_CHUNK_BYTES)

        answer = receive(read, max_body_bytes)
        self._used_at = (clock.system_seconds(), time.monotonic())
        return answer

    def is_usable(self, max_idle_seconds: float) -> bool:
        """False when the other side has ended it, sent what was not asked for, or it has been idle for longer than this.

        A frozen environment's monotonic clock may stand still meanwhile, so both clocks are asked.
        """
        wall, monotonic = self._used_at
        idle = max(clock.system_seconds() - wall, time.monotonic() - monotonic)
        return idle <= max_idle_seconds and not self._poll.poll(0)

    def close(self) -> None:
        """End it; what the other side thinks of that does not matter."""
        with contextlib.suppress(OSError):
            self._wire.close()


class Pool:
    """The idle connections to an endpoint; each request takes one or opens one. Safe for threads."""

    def __init__(self, endpoint: Endpoint, limits: Limits, trust: Trust | None) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._trust = trust
        self._idle: list[Connection] = []

    def exchange(self, message: bytes, max_body_bytes: int, *, max_idle_seconds: float) -> HttpAnswer:
        """One request and its answer.

        Raises EndpointConnectionError, ConnectTimeoutError or SSLError when nothing was sent; ReadTimeoutError, ConnectionClosedError or
        HTTPClientError when the service may have carried it out.
        """
        connection = self._take(max_idle_seconds)
        reusable = False
        try:
            answer = connection.exchange(message, max_body_bytes)
            reusable = answer.reusable
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=self._endpoint.url, error=error) from error
        except (OSError, Incomplete) as error:
            raise ConnectionClosedError(endpoint_url=self._endpoint.url, error=error) from error
        except Unreadable as error:
            raise HTTPClientError(error=error) from error
        finally:
            if reusable and len(self._idle) < _MAX_IDLE:
                self._idle.append(connection)
            else:
                connection.close()
        return answer

    def close(self) -> None:
        """End all idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _take(self, max_idle_seconds: float) -> Connection:
        while True:
            try:
                # The one that was used last: the others may rest until they are closed.
                connection = self._idle.pop()
            except IndexError:
                return Connection(self._dial(), self._limits)
            if connection.is_usable(max_idle_seconds):
                return connection
            connection.close()

    def _dial(self) -> socket.socket:
        url = self._endpoint.url
        try:
            raw = socket.create_connection((self._endpoint.host, self._endpoint.port), self._limits.connect_seconds)
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self._trust is None:
            return raw
        try:
            return self._trust.wrap(raw, self._endpoint.host)
        except UnknownIssuer:
            raw.close()
        except BaseException as error:
            raw.close()
            raise _handshake_failure(error, url) from error
        # Nothing was sent yet, and from now on no issuer is unknown that the system knows.
        return self._dial()


def _handshake_failure(error: BaseException, url: str) -> BaseException:
    if isinstance(error, TimeoutError):
        return ConnectTimeoutError(endpoint_url=url, error=error)
    if isinstance(error, ssl.SSLError):
        return SSLError(endpoint_url=url, error=error)
    if isinstance(error, OSError):
        return EndpointConnectionError(endpoint_url=url, error=error)
    return error
