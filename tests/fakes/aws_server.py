"""An AWS service on 127.0.0.1 that keeps connections open and answers as scripted, over HTTP or HTTPS."""

import contextlib
import json
import socket
import ssl
import threading
from types import TracebackType
from typing import Any, Self
from zlib import crc32

from tests.fakes.http_servers import Recorded, read_request
from tests.fakes.receiver_behaviours import Behaviour

__all__ = ["AwsServer", "answer", "refusal"]

# A behaviour ends its connection; bytes leave it open.
type Step = bytes | Behaviour

_PATIENCE_SECONDS = 20


def answer(members: dict[str, Any] | bytes, status: int = 200, **headers: str) -> bytes:
    """An answer with its checksum; headers by name with `_` for `-`, an empty one is left out."""
    body = members if isinstance(members, bytes) else json.dumps(members).encode()
    known = {
        "content_type": "application/x-amz-json-1.0",
        "content_length": str(len(body)),
        "x_amz_crc32": str(crc32(body)),
        "x_amzn_requestid": "request-1",
    } | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in known.items() if value)
    return f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode() + body


def refusal(code: str, status: int = 400, headers: dict[str, str] | None = None, **members: Any) -> bytes:
    """An error answer as DynamoDB words it."""
    return answer({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no", **members}, status, **(headers or {}))


class AwsServer:
    """Listens from creation until `close`. Each request is answered by the next step; the last one goes on for ever.

    requests: those read in full. connections: accepted ones.
    """

    def __init__(self, *steps: Step, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Recorded] = []
        self.connections = 0
        self._steps = list(steps)
        self._tls = tls
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"

    def targets(self) -> list[str]:
        """The operations that were asked for."""
        return [request.headers["x-amz-target"].partition(".")[2] for request in self.requests]

    def bodies(self) -> list[Any]:
        return [json.loads(request.body) for request in self.requests]

    def hang_up(self) -> None:
        """End the open connections, as a server does with idle ones."""
        with self._lock:
            while self._open:
                with contextlib.suppress(OSError):
                    self._open.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
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
            self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE_SECONDS)
        # A client that hangs up, refuses the certificate or gives up is what this server is for.
        with connection, contextlib.suppress(OSError, ValueError):
            with self._lock:
                self._open.append(connection)
            wire = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with wire:
                with self._lock:
                    # Wrapped, the connection is the wrapper's: that is what has to be shut down.
                    self._open[self._open.index(connection)] = wire
                while isinstance(step := self._next(read_request(wire)), bytes):
                    wire.sendall(step)
                step.play(wire, self._stopping)

    def _next(self, request: Recorded) -> Step:
        with self._lock:
            self.requests.append(request)
            return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
