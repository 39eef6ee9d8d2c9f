"""What a receiver does with a request it has read: answer, wait, drip, flood, cut off. Each is played once per request."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

# How often a behaviour that waits looks whether the test is over.
_LOOK_SECONDS = 0.5


class Wire(Protocol):
    """The connection a behaviour plays on."""

    def sendall(self, data: bytes, /) -> None: ...
    def recv(self, limit: int, /) -> bytes: ...
    def settimeout(self, seconds: float, /) -> None: ...


class Behaviour(Protocol):
    """`stopping` is set when the test is over: every wait ends with it."""

    def play(self, wire: Wire, stopping: threading.Event) -> None: ...


def head(status: int, headers: Sequence[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers), "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


@dataclass(frozen=True)
class Reply:
    """A whole answer, after `delay_seconds`."""

    status: int = 200
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = ()
    delay_seconds: float = 0

    def play(self, wire: Wire, stopping: threading.Event) -> None:
        stopping.wait(self.delay_seconds)
        wire.sendall(head(self.status, [*self.headers, ("Content-Length", str(len(self.body)))]) + self.body)


@dataclass(frozen=True)
class Raw:
    """Exactly these bytes, then the end of the connection."""

    data: bytes

    def play(self, wire: Wire, stopping: threading.Event) -> None:
        wire.sendall(self.data)


@dataclass(frozen=True)
class Hang:
    """Reads the request and never answers; ends when the caller has hung up."""

    def play(self, wire: Wire, stopping: threading.Event) -> None:
        wire.settimeout(_LOOK_SECONDS)
        while not stopping.is_set():
            try:
                if not wire.recv(1):
                    return
            except TimeoutError:
                continue


@dataclass(frozen=True)
class Drip:
    """`at_once`, then `data` one byte every `pause_seconds`."""

    data: bytes
    at_once: bytes = b""
    pause_seconds: float = 1

    def play(self, wire: Wire, stopping: threading.Event) -> None:
        wire.sendall(self.at_once)
        for byte in self.data:
            if stopping.wait(self.pause_seconds):
                return
            wire.sendall(bytes([byte]))


@dataclass(frozen=True)
class CutMidBody:
    """Announces `announced_bytes` and ends the connection after `body`."""

    body: bytes = b"half"
    announced_bytes: int = 1000
    status: int = 200

    def play(self, wire: Wire, stopping: threading.Event) -> None:
        wire.sendall(head(self.status, [("Content-Length", str(self.announced_bytes))]) + self.body)


@dataclass(frozen=True)
class Flood:
    """`at_once`, then `piece` over and over until `total_bytes` or until the other side has had enough."""

    piece: bytes = b"x" * 65_536
    at_once: bytes = field(default_factory=lambda: head(200, [("Content-Length", str(1 << 30))]))
    total_bytes: int = 1 << 30

    def play(self, wire: Wire, stopping: threading.Event) -> None:
        wire.sendall(self.at_once)
        for _ in range(self.total_bytes // len(self.piece)):
            if stopping.is_set():
                return
            wire.sendall(self.piece)


class Script:
    """Behaviours in their order; the last one goes on for ever. A bare status is a Reply of it."""

    def __init__(self, steps: Sequence[Behaviour | int]) -> None:
        played = [Reply(step) if isinstance(step, int) else step for step in steps] or [Reply()]
        self._last = played[-1]
        self._rest: Iterator[Behaviour] = iter(played)
        self._lock = threading.Lock()

    def next(self) -> Behaviour:
        with self._lock:
            return next(self._rest, self._last)
