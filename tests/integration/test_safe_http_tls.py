"""safe_http against receivers that cannot prove who they are: nothing of the request is sent to them."""

import socket
import time

import pytest

from paycorex import safe_http
from paycorex.safe_http import Policy, TlsFailed
from tests.support.certificates import Authority
from tests.support.http_servers import Raw, RecordingServer
from tests.support.pretended_internet import HOST, PretendInternet

# Beyond the limit in force: scheduling, on two busy cores.
SLACK_SECONDS = 1.5


def refused_by_tls(internet: PretendInternet, server: RecordingServer) -> str:
    internet.connect(HOST, server)
    with pytest.raises(TlsFailed) as failed:
        internet.post()
    assert failed.value.error_class == "tls_failed"
    assert (server.connections, server.requests) == (1, [])
    return str(failed.value)


def test_a_certificate_of_nobody_is_refused(internet: PretendInternet, authority: Authority) -> None:
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
    with RecordingServer([Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")]) as server:
        internet.connect(HOST, server)
        # The receiver waits for the end of a line that a TLS greeting does not have; whichever side gives up first, nothing was sent.
        with pytest.raises(safe_http.NotSent):
            internet.post(connect_seconds=0.3)
        assert server.requests == []


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
