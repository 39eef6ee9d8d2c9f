"""Receivers on 127.0.0.1 that record every request and behave as scripted, over HTTP or HTTPS.

    with RecordingServer([503, Reply(200, b"ok")], tls=authority.server_context("shop.example")) as server: ...

For code that refuses loopback, `PretendInternet` gives such a server a public name and address without loosening a single check.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.fakes.receiver_behaviours import Behaviour, CutMidBody, Drip, Flood, Hang, Raw, Reply, Script

__all__ = ["CutMidBody", "Drip", "Flood", "Hang", "Raw", "Recorded", "RecordingServer", "Reply"]

# Nothing a test does on loopback takes this long; a handler that waits longer is stuck.
_PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Recorded:
    """A request as it arrived. Header names in lower case; at_seconds: on the monotonic clock."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at_seconds: float


class RecordingServer:
    """Listens from creation until `close`. Each connection is one request, answered by the script's next step.

    requests: those read in full. connections: accepted ones, with or without a request. `script` may be set again at any time.
    """

    def __init__(self, script: Sequence[Behaviour | int] = (200,), *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Recorded] = []
        self.connections = 0
        self.script = script
        self._tls = tls
        self._stopping = threading.Event()
        self._arrived = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._serving: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def script(self) -> Script:
        return self._script

    @script.setter
    def script(self, steps: Sequence[Behaviour | int]) -> None:
        self._script = Script(steps)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{path}"

    def wait_for(self, count: int, timeout_seconds: float = 5) -> list[Recorded]:
        """The requests, once there are at least `count`; AssertionError if they do not come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= count, timeout_seconds), self.requests
            return list(self.requests)

    def behaviour_for(self, request: Recorded) -> Behaviour:
        """The script's next step; a server that looks at what it was asked answers by itself."""
        return self.script.next()

    def close(self) -> None:
        self._stopping.set()
        # Closing alone does not wake a thread that is blocked in accept.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(_PATIENCE_SECONDS)
        for thread in self._serving:
            thread.join(_PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            # A finished thread keeps its stack for as long as it may still be joined.
            self._serving = [thread for thread in self._serving if thread.is_alive()]
            self._serving.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            self._serving[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE_SECONDS)
        # A client that gives up, refuses the certificate or hangs up is what these servers are for.
        with connection, contextlib.suppress(OSError, ValueError):
            wire = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with wire:
                request = read_request(wire)
                behaviour = self.behaviour_for(request)
                with self._arrived:
                    self.requests.append(request)
                    self._arrived.notify_all()
                behaviour.play(wire, self._stopping)


def read_request(wire: socket.socket) -> Recorded:
    """Raises OSError or ValueError for a connection that ends early or carries no request."""
    with wire.makefile("rb") as stream:
        method, path, version = stream.readline().decode("latin-1").split(" ")
        # A greeting of TLS can hold two spaces and a new line.
        if version.rstrip() != "HTTP/1.1":
            msg = "not HTTP"
            raise ValueError(msg)
        headers: dict[str, str] = {}
        while line := stream.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        body = stream.read(length)
    if len(body) != length:
        msg = "the request ended early"
        raise ValueError(msg)
    return Recorded(method, path, headers, body, time.monotonic())
