"""Sockets of the local platform: the proxy passes requests through as they came, and ports are claimed with good manners."""

import base64
import gzip
import http.client
import os
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from local import ports
from local.proxy import Passed, Proxy

PREFIX = "/_aws/execute-api/abc/local"


class Upstream(ThreadingHTTPServer):
    """Stands for the emulator: records requests, answers as scripted."""

    def __init__(self) -> None:
        super().__init__((ports.HOST, 0), _Answering)
        self.seen: list[tuple[str, str, list[tuple[str, str]], bytes]] = []
        self.answer: tuple[int, list[tuple[str, str]], bytes] = (200, [], b"")


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Upstream

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline()
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append((self.command, self.path, self.headers.items(), body))
        status, headers, content = self.server.answer
        self.send_response_only(status)
        for name, value in [*headers, ("Content-Length", str(len(content)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    server = Upstream()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def passed() -> list[Passed]:
    return []


@pytest.fixture
def proxy(upstream: Upstream, passed: list[Passed]) -> Iterator[Proxy]:
    def own(path: str, _headers: list[tuple[str, str]], body: bytes) -> int:
        return 200 if (path, body) == ("/_local/webhooks", b"{}") else 404

    started = Proxy(0, f"http://{ports.HOST}:{upstream.server_port}{PREFIX}", own=own, passed=passed.append)
    yield started
    started.stop()


def send(proxy: Proxy, method: str, target: str, body: bytes = b"", headers: list[tuple[str, str]] | None = None) -> Any:
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=5)
    connection.putrequest(method, target)
    for name, value in headers or []:
        connection.putheader(name, value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_what_a_signature_covers_arrives_as_it_was_sent(proxy: Proxy, upstream: Upstream) -> None:
    body = bytes(range(256)) * 5
    headers = [("X-Signature", "a"), ("x-signature", "b"), ("Content-Type", "application/json")]
    send(proxy, "POST", "/v1/a%2Fb//c?x=%20+&x=2&empty=", body, headers)
    method, target, given, received = upstream.seen[0]
    assert (method, target, received) == ("POST", f"{PREFIX}/v1/a%2Fb//c?x=%20+&x=2&empty=", body)
    assert [value for name, value in given if name.lower() == "x-signature"] == ["a", "b"]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "PUT", "OPTIONS"])
def test_every_method_is_passed_on(proxy: Proxy, upstream: Upstream, method: str) -> None:
    send(proxy, method, "/v1/x")
    assert upstream.seen[0][:2] == (method, f"{PREFIX}/v1/x")


def test_the_answer_comes_back_whole(proxy: Proxy, upstream: Upstream, passed: list[Passed]) -> None:
    upstream.answer = (402, [("X-Request-Id", "req_1"), ("Set-Thing", "one"), ("Set-Thing", "two")], b"\x00\xff")
    response, content = send(proxy, "GET", "/v1/x?y=1")
    assert (response.status, content) == (402, b"\x00\xff")
    assert response.headers.get_all("Set-Thing") == ["one", "two"]
    # Noted after the answer has gone out, on the proxy's own thread.
    deadline = time.monotonic() + 5
    while not passed and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [(one.method, one.path, one.status, one.request_id) for one in passed] == [("GET", "/v1/x?y=1", 402, "req_1")]


@pytest.mark.parametrize("content_type", ["image/png", "application/zip", "application/pdf", "application/xml"])
def test_bytes_that_the_emulator_answers_in_base64_go_out_as_they_were(proxy: Proxy, upstream: Upstream, content_type: str) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    for answered in (base64.b64encode(picture), picture):
        upstream.answer = (200, [("Content-Type", content_type)], answered)
        response, content = send(proxy, "GET", "/v1/payments/pay_x/qr.png")
        assert (content, response.getheader("Content-Length")) == (picture, str(len(picture)))


def test_what_is_compressed_goes_out_as_it_was_whatever_its_type(proxy: Proxy, upstream: Upstream) -> None:
    packed = gzip.compress(b'{"a": 1}')
    for answered in (base64.b64encode(packed), packed):
        upstream.answer = (200, [("Content-Type", "application/json"), ("Content-Encoding", "gzip")], answered)
        response, content = send(proxy, "GET", "/assets/texts_hi.json")
        assert (response.getheader("Content-Encoding"), gzip.decompress(content)) == ("gzip", b'{"a": 1}')


@pytest.mark.parametrize("content_type", ["application/json", "text/html; charset=utf-8", "image/svg+xml", "text/csv"])
def test_text_that_looks_like_base64_goes_out_as_it_is(proxy: Proxy, upstream: Upstream, content_type: str) -> None:
    upstream.answer = (200, [("Content-Type", content_type)], b"aGVsbG8=")
    assert send(proxy, "GET", "/v1/x")[1] == b"aGVsbG8="


def test_a_chunked_body_is_put_together(proxy: Proxy, upstream: Upstream) -> None:
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=5)
    connection.request("POST", "/v1/x", body=iter([b"one", b"two"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    assert connection.getresponse().status == 200
    connection.close()
    assert upstream.seen[0][3] == b"onetwo"


def test_its_own_paths_never_reach_the_emulator(proxy: Proxy, upstream: Upstream) -> None:
    assert send(proxy, "POST", "/_local/webhooks", b"{}")[0].status == 200
    assert send(proxy, "POST", "/_local/else", b"{}")[0].status == 404
    assert upstream.seen == []


@pytest.mark.parametrize("page", ["/docs/", "/docs/guides/modes/", "/docs/nothing-of-that-name/"])
def test_no_page_of_the_documentation_is_framed_by_another_site(proxy: Proxy, page: str) -> None:
    """A reader types a key there."""
    answer, _content = send(proxy, "GET", page)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_an_emulator_that_is_gone_is_a_502(proxy: Proxy, upstream: Upstream) -> None:
    upstream.shutdown()
    upstream.server_close()
    assert send(proxy, "GET", "/health")[0].status == 502


def test_a_taken_port_is_refused_with_its_holder_and_a_way_out() -> None:
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        with pytest.raises(ports.PortTaken) as refused:
            ports.claim(port, "EMULATOR_PORT")
    message = str(refused.value)
    assert f"Port {port} is taken by process {os.getpid()}" in message
    assert "make run EMULATOR_PORT=" in message


def test_a_free_port_is_claimed_as_asked() -> None:
    port = ports.free_port()
    assert ports.claim(port, "PORT") == port
    assert ports.is_free(ports.claim(None, "PORT"))
