"""safe_http against receivers that cannot prove who they are: nothing of the request is sent to them."""

import contextlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from paycorex import safe_http
from paycorex.safe_http import Policy, TlsFailed
from tests.fakes.certificates import Authority
from tests.fakes.http_servers import RecordingServer
from tests.fakes.pretended_internet import BODY, HOST, PretendInternet

# Beyond the limit in force: scheduling, on two busy cores.
SLACK_SECONDS = 1.5
# A record's first bytes: handshake, SSL 3 or later (RFC 8446, 5.1).
TLS_HANDSHAKE = b"\x16\x03"


def refused_by_tls(internet: PretendInternet, server: RecordingServer) -> str:
    internet.connect(HOST, server)
    with pytest.raises(TlsFailed) as failed:
        internet.post()
    assert failed.value.error_class == "tls_failed"
    assert (server.connections, server.requests) == (1, [])
    return str(failed.value)


def test_a_certificate_of_an_unknown_authority_is_refused(internet: PretendInternet, authority: Authority) -> None:
    with RecordingServer(tls=authority.server_context(HOST, self_signed=True)) as server:
        assert "self-signed" in refused_by_tls(internet, server)


def test_a_certificate_of_another_authority_is_refused(internet: PretendInternet) -> None:
    with RecordingServer(tls=Authority("Another").server_context(HOST)) as server:
        assert "issuer" in refused_by_tls(internet, server)


def test_an_expired_certificate_is_refused(internet: PretendInternet, authority: Authority) -> None:
    with RecordingServer(tls=authority.server_context(HOST, expired=True)) as server:
        assert "expired" in refused_by_tls(internet, server)


@pytest.mark.parametrize("name", ["other.example", "sub.shop.example", "127.0.0.1"])
def test_a_certificate_for_another_host_is_refused(internet: PretendInternet, authority: Authority, name: str) -> None:
    with RecordingServer(tls=authority.server_context(name)) as server:
        assert "mismatch" in refused_by_tls(internet, server)


def test_tls_1_0_is_refused(internet: PretendInternet, authority: Authority) -> None:
    with RecordingServer(tls=authority.old_server_context(HOST)) as server:
        assert "PROTOCOL" in refused_by_tls(internet, server)


def test_a_receiver_without_tls_is_refused(internet: PretendInternet) -> None:
    """Like a web server's plain port: it answers the greeting, in HTTP, as soon as anything arrives."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as receiver:
        internet.names[HOST], internet.routes["1.1.1.1"] = ["1.1.1.1"], listener.getsockname()[1]
        arrived = receiver.submit(_answer_in_http, listener)
        with pytest.raises(TlsFailed, match="WRONG_VERSION_NUMBER"):
            internet.post()
    assert arrived.result().startswith(TLS_HANDSHAKE)
    assert b"POST" not in arrived.result()
    assert BODY not in arrived.result()


def _answer_in_http(listener: socket.socket) -> bytes:
    """All that the client sent, until it hung up."""
    connection, _ = listener.accept()
    with connection:
        arrived = connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        # A client that hangs up with our answer half read resets the connection.
        with contextlib.suppress(ConnectionResetError):
            while more := connection.recv(65536):
                arrived += more
    return arrived


def test_a_handshake_that_hangs_ends_with_the_connect_limit_and_nothing_was_sent(internet: PretendInternet) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        internet.names[HOST], internet.routes["1.1.1.1"] = ["1.1.1.1"], listener.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(safe_http.ConnectTimedOut):
            internet.post(connect_seconds=0.3)
        assert time.monotonic() - began < 0.3 + SLACK_SECONDS


def test_the_systems_authorities_do_not_trust_the_tests_authority(internet: PretendInternet) -> None:
    server = internet.receiver(HOST)
    with pytest.raises(TlsFailed):
        internet.post(ssl_context=Policy.public().ssl_context)
    assert server.requests == []
