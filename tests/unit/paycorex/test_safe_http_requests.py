"""What is written to a receiver, to whom it is sent and for how long is waited, without a network."""

import ssl

import pytest

from paycorex.safe_http import (
    ConnectFailed,
    ConnectTimedOut,
    Interrupted,
    NotSent,
    Policy,
    SendError,
    Timeout,
    parse_target,
    send,
)
from paycorex.safe_http.request import render
from tests.fakes.scripted_socket import ScriptedSocket

LOCAL = Policy.local()
URL = "http://127.0.0.1:8080/hook?a=1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def through(connection: ScriptedSocket, **changes: object) -> Policy:
    return Policy(allow_loopback_http=True, dialer=lambda _address, _port, _seconds: connection.as_socket(), **changes)  # type: ignore[arg-type]  # by name


def test_the_request_is_exactly_this() -> None:
    connection = ScriptedSocket([OK])
    answer = send("POST", URL, {"Content-Type": "application/json"}, b"{}", policy=through(connection))
    assert connection.sent == (
        b"POST /hook?a=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: PayCoreX\r\nContent-Type: application/json\r\n"
        b"Accept-Encoding: identity\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    )
    assert (answer.status, answer.body, answer.truncated, answer.address) == (200, b"ok", False, "127.0.0.1")
    assert connection.closed


def test_a_get_has_no_length_and_an_empty_post_has_one() -> None:
    target = parse_target("https://shop.example/", LOCAL)
    assert b"Content-Length" not in render("GET", target, {}, b"")
    assert b"Content-Length: 0\r\n\r\n" in render("POST", target, {"user-agent": "x"}, b"")
    assert b"User-Agent" not in render("POST", target, {"user-agent": "x"}, b"")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "x"),
        ("content-LENGTH", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Cookie", "a"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "x"),
        ("X", "a\r\nY: b"),
        ("X", "a\n"),
        ("X", "\x00"),
        ("X", "é"),
        ("X y", "a"),
        ("X:", "a"),
        ("", "a"),
        ("X\r\n", "a"),
    ],
)
def test_a_header_that_would_change_the_request_is_a_mistake_found_before_connecting(name: str, value: str) -> None:
    policy = Policy(allow_loopback_http=True, dialer=lambda *_: pytest.fail("connected"))
    with pytest.raises(ValueError, match="not sent"):
        send("POST", URL, {name: value}, b"", policy=policy)


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "post", "GET /", ""])
def test_other_methods_are_not_sent(method: str) -> None:
    with pytest.raises(ValueError, match="not sent"):
        render(method, parse_target("https://shop.example/", LOCAL), {}, b"")


def test_a_request_that_breaks_off_may_have_been_received() -> None:
    connection = ScriptedSocket()
    connection.send_failure = BrokenPipeError()
    with pytest.raises(Interrupted):
        send("POST", URL, {}, b"{}", policy=through(connection))
    connection.send_failure = TimeoutError()
    with pytest.raises(Timeout):
        send("POST", URL, {}, b"{}", policy=through(connection))


@pytest.mark.parametrize(("failure", "error"), [(ConnectionRefusedError(), ConnectFailed), (TimeoutError(), ConnectTimedOut)])
def test_without_a_connection_nothing_was_sent(failure: OSError, error: type[SendError]) -> None:
    def failing(_address: str, _port: int, _seconds: float) -> None:
        raise failure

    with pytest.raises(NotSent) as failed:
        send("POST", URL, {}, b"{}", policy=Policy(allow_loopback_http=True, dialer=failing))  # type: ignore[arg-type]  # never returns
    assert type(failed.value) is error


def test_a_dead_first_address_leaves_time_for_the_next() -> None:
    connection = ScriptedSocket([OK])
    tried: list[tuple[str, float]] = []

    def half_dead(address: str, _port: int, seconds: float) -> object:
        tried.append((address, seconds))
        if address == "127.0.0.1":
            raise TimeoutError
        return connection

    policy = Policy(allow_loopback_http=True, dialer=half_dead)  # type: ignore[arg-type]  # a scripted socket
    assert send("POST", "http://localhost:1/", {}, b"", policy=policy).address == "::1"
    assert [address for address, _ in tried] == ["127.0.0.1", "::1"]
    assert tried[0][1] <= 2.5 < tried[1][1] <= 5


@pytest.mark.parametrize(("asked", "total"), [(None, 10), (3, 3), (60, 10)])
def test_a_timeout_only_shortens_and_each_wait_gets_what_remains(asked: float | None, total: float) -> None:
    connection = ScriptedSocket([OK[:5], OK[5:]])
    send("POST", URL, {}, b"{}", policy=through(connection), timeout_seconds=asked)
    waits = [seconds for seconds in connection.timeouts if seconds is not None]
    assert total - 1 < waits[-1] < waits[0] <= total
    assert waits == sorted(waits, reverse=True)


def test_a_context_that_does_not_verify_is_never_used() -> None:
    careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    careless.check_hostname = False
    connection = ScriptedSocket([OK])
    with pytest.raises(ValueError, match="verify"):
        send("POST", "https://127.0.0.1/", {}, b"{}", policy=through(connection, ssl_context=lambda: careless))
    assert connection.sent == b""
    assert connection.closed


def test_the_default_limits_are_the_documented_ones() -> None:
    policy = Policy.public()
    assert (policy.connect_seconds, policy.total_seconds, policy.max_body_bytes) == (5, 10, 65_536)
    assert policy.ports == {443, 8443}
    assert not policy.allow_loopback_http
    assert Policy.local().allow_loopback_http
    context = policy.ssl_context()
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
