"""A world behind real HTTP, for a browser: requests go through the in-process gateway one at a time, streams and queues move after each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support import rollups
from tests.support.engine import Engine
from tests.support.world import PREFIX, World

HOST = "127.0.0.1"
LOCALHOST = "localhost"


class HttpWorld:
    """The server. `world` may be used between requests while holding `lock`."""

    def __init__(self, world: World, engine: Engine) -> None:
        self.world, self.engine, self.lock = world, engine, threading.RLock()
        handler = type("Handler", (_Handler,), {"served": self})
        self._server = ThreadingHTTPServer((HOST, 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}"

    @property
    def console_url(self) -> str:
        """The same by a name, which passkeys need."""
        return f"http://{LOCALHOST}:{self._server.server_port}"

    @contextmanager
    def serving(self) -> Iterator["HttpWorld"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def move(self) -> None:
        """Bring the streams to their readers. The payments' stream has two, and the memory keeps one place in it."""
        brought: list[dict[str, Any]] = []
        drain = self.world.dynamo.drain_stream

        def drained(table: str) -> list[dict[str, Any]]:
            records = list(drain(table))
            brought.extend(records if table == f"{PREFIX}payments" else [])
            return records

        self.world.dynamo.drain_stream = drained  # type: ignore[method-assign]  # listens for the length of this call
        try:
            self.engine.settle()
        finally:
            del self.world.dynamo.drain_stream
        rollups.roll(brought + drain(f"{PREFIX}ledgers"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes: with Nagle's algorithm every answer waits 40 ms for the acknowledgement of its head.
    disable_nagle_algorithm = True
    served: HttpWorld

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.served.lock:
            headers = list(self.headers.items())
            if self.headers.get("Host", "").startswith(LOCALHOST):
                # As the gateway says it; browsers take passkeys and secure cookies over plain HTTP from localhost alone.
                headers.append(("X-Forwarded-Proto", "http"))
            reply = self.served.world.send(self.command, self.path, headers, body)
            if self.command != "GET":
                self.served.move()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.raw)))
        self.end_headers()
        self.wfile.write(reply.raw)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_OPTIONS = do_TRACE = do_QUERY = _answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Quiet."""
