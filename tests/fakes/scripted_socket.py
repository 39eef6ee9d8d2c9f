"""A socket that was never opened: gives the bytes it was given, in the pieces it was given them, and keeps what is sent."""

import socket
from collections.abc import Iterable
from typing import Self, cast


class ScriptedSocket:
    """A piece may be an OSError, which is raised. After the last piece the connection has ended. `send` takes at most `takes`."""

    def __init__(self, pieces: Iterable[bytes | OSError] = (), *, takes: int = 7) -> None:
        self.sent = b""
        self.closed = False
        self.timeouts: list[float | None] = []
        self.send_failure: OSError | None = None
        self._pieces = list(pieces)
        self._takes = takes

    def as_socket(self) -> socket.socket:
        return cast("socket.socket", self)

    def settimeout(self, seconds: float | None) -> None:
        self.timeouts.append(seconds)

    def send(self, data: bytes) -> int:
        if self.send_failure is not None:
            raise self.send_failure
        self.sent += bytes(data[: self._takes])
        return min(len(data), self._takes)

    def recv_into(self, buffer: memoryview) -> int:
        if not self._pieces:
            return 0
        piece = self._pieces.pop(0)
        if isinstance(piece, OSError):
            raise piece
        count = min(len(piece), len(buffer))
        buffer[:count] = piece[:count]
        if piece[count:]:
            self._pieces.insert(0, piece[count:])
        return count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.closed = True
