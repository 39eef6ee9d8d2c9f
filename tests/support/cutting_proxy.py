"""A proxy in front of an HTTP server that loses requests and answers, by a seed: what a bad network does to a client."""

import http.client
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

HOST: Final = "127.0.0.1"
# What may happen to a request. `lost`: it never arrives; `cut`: it takes effect and its answer is lost, whole or after some bytes.
HAPPENINGS: Final = ("lost", "cut", "half", "503", "429", "through")


class CuttingProxy:
    """It forwards to a port of this machine. `happened` counts what it did."""

    def __init__(self, port: int, *, seed: int, weights: tuple[int, ...] = (2, 4, 2, 1, 1, 3)) -> None:
        self.port, self.happened, self._weights = port, Counter[str](), weights
        self._dice, self._lock = random.Random(seed), threading.Lock()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer((HOST, 0), handler)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}"

    def next(self) -> str:
        """What happens to the next request."""
        with self._lock:
            (happening,) = self._dice.choices(HAPPENINGS, self._weights)
            self.happened[happening] += 1
            return happening

    @contextmanager
    def serving(self) -> Iterator["CuttingProxy"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    proxy: CuttingProxy

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        happening = self.proxy.next()
        if happening == "lost":
            self.close_connection = True
            return
        if happening in {"503", "429"}:
            self._reply(int(happening), [("Retry-After", "0")], b"{}")
            return
        upstream = http.client.HTTPConnection(HOST, self.proxy.port, timeout=30)
        upstream.request(self.command, self.path, body or None, dict(self.headers.items()))
        answer = upstream.getresponse()
        content, headers = answer.read(), [(name, value) for name, value in answer.getheaders() if name.lower() == "content-type"]
        upstream.close()
        if happening == "cut":
            self.close_connection = True
        else:
            self._reply(answer.status, headers, content, half=happening == "half")

    def _reply(self, status: int, headers: list[tuple[str, str]], content: bytes, *, half: bool = False) -> None:
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(content)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if half else content)
        self.close_connection |= half

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Quiet."""
