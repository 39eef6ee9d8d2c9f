"""Proxy: `http://127.0.0.1:8080/...` forwards to the emulator's `/_aws/execute-api/<api>/<stage>/...`.

Passes everything through as it came - method, path, query, every header, the raw body - because signatures are made over them. Pictures,
papers and what is compressed go out as bytes: AWS decodes the base64 in which a function answers them (`BinaryMediaTypes` in the
template), the emulator does not.
`/_local/...` is the proxy's own: there the platform receives the webhooks of its demo merchant. `/docs/` is the documentation.
"""

import base64
import binascii
import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from local import ports
from local.docs_site import site

OWN_PREFIX: Final = "/_local/"
# Longer than any client waits: a function that is being started answers when it has started.
_UPSTREAM_SECONDS: Final = 160
_MAX_BODY_BYTES: Final = 11 * 1024 * 1024
# RFC 9110 7.6.1: about this connection, not about the message.
_HOP_BY_HOP: Final = frozenset({"connection", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
# Well below the time after which the emulator closes an idle connection, so that no request meets a closed one.
_IDLE_SECONDS: Final = 20

# What the doors answer as bytes.
_BINARY: Final = frozenset({"image/png", "application/zip", "application/pdf", "application/xml"})

Headers = list[tuple[str, str]]
# A page of the documentation sends requests with a key that its reader typed: no other site shows it in a frame of its own.
_UNFRAMED: Final = (("Content-Security-Policy", "frame-ancestors 'none'"), ("X-Frame-Options", "DENY"))
# Path, headers, body of a request to the proxy itself; answers the status.
OwnRoute = Callable[[str, Headers, bytes], int]


@dataclass(frozen=True, slots=True)
class Passed:
    """A request that went through."""

    at: float
    method: str
    path: str
    status: int
    milliseconds: float
    request_id: str | None


class Proxy:
    """The proxy, serving in threads of its own until it is stopped."""

    def __init__(self, port: int, upstream: str, *, own: OwnRoute, passed: Callable[[Passed], None]) -> None:
        handler = type("Handler", (_Handler,), {"upstream": urlsplit(upstream), "own": staticmethod(own), "passed": staticmethod(passed)})
        self._server = _Server((ports.HOST, port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="proxy", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{ports.HOST}:{self._server.server_port}"

    def stop(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is not worth a stack trace."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    upstream: Any
    own: OwnRoute
    passed: Callable[[Passed], None]
    _connection: http.client.HTTPConnection | None = None
    _used_at = 0.0

    def handle_one_request(self) -> None:
        """Every method is passed on alike."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self._body()
        if body is None:
            self._answer(413, "Payload Too Large", [], b"")
        elif self.path.startswith(OWN_PREFIX):
            self._answer(self.own(self.path, self.headers.items(), body), "", [], b"")
        elif f"{self.path.partition('?')[0]}/".startswith(f"{site.PREFIX}/") and self.command in {"GET", "HEAD"}:
            self._show_page()
        else:
            self._pass_on(body)
        self.wfile.flush()

    def finish(self) -> None:
        """The client has gone, so its connection to the emulator may too."""
        if self._connection is not None:
            self._connection.close()
        super().finish()

    def _body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = int(self.headers.get("Content-Length") or 0)
        if length > _MAX_BODY_BYTES:
            self.close_connection = True
            return None
        return self.rfile.read(length)

    def _chunks(self) -> bytes | None:
        parts: list[bytes] = []
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline(4)
            if sum(map(len, parts)) > _MAX_BODY_BYTES:
                self.close_connection = True
                return None
        while self.rfile.readline(8192).strip():
            pass
        return b"".join(parts)

    def _show_page(self) -> None:
        """A page of the documentation."""
        if site.is_folder_without_slash(self.path):
            self._answer(301, "", [("Location", f"{self.path.partition('?')[0]}/")], b"")
            return
        status, kind, content = site.find(self.path)
        self._answer(status, "", [("Content-Type", kind), ("Cache-Control", "no-cache"), *_UNFRAMED], content)

    def _pass_on(self, body: bytes) -> None:
        started = time.time()
        try:
            response, content = self._ask(body)
        except (OSError, http.client.HTTPException):
            self._connection = None
            self._answer(502, "Bad Gateway", [("Content-Type", "text/plain")], b"The emulator does not answer.\n")
            return
        self._answer(response.status, response.reason, response.getheaders(), _decoded(response, content))
        took = (time.time() - started) * 1000
        self.passed(Passed(started, self.command, self.path, response.status, took, response.getheader("X-Request-Id")))

    def _ask(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self._upstream_connection()
        connection.putrequest(self.command, self.upstream.path + self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in _HOP_BY_HOP | {"content-length"}:
                connection.putheader(name, value)
        if body or self.command in {"POST", "PUT", "PATCH"}:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
        content = response.read()
        self._used_at = time.monotonic()
        return response, content

    def _upstream_connection(self) -> http.client.HTTPConnection:
        if self._connection is None or time.monotonic() - self._used_at > _IDLE_SECONDS:
            if self._connection is not None:
                self._connection.close()
            self._connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=_UPSTREAM_SECONDS)
        return self._connection

    def _answer(self, status: int, reason: str, headers: Headers, body: bytes) -> None:
        self.send_response_only(status, reason or None)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _decoded(response: http.client.HTTPResponse, content: bytes) -> bytes:
    """A picture, a paper, an archive or what is compressed as bytes; everything else, and what is bytes already, as it is."""
    content_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if content_type not in _BINARY and response.getheader("Content-Encoding") is None:
        return content
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        return content
