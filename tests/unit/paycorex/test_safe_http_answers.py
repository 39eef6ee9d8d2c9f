"""What is read from a receiver, byte by byte: whole answers, cut ones, and what is no answer at all."""

import contextlib
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex import clock
from paycorex.safe_http import (
    BadAnswer,
    Interrupted,
    OutcomeUnknown,
    Policy,
    Timeout,
    retry_after_seconds,
)
from paycorex.safe_http.answer import Received, receive
from paycorex.safe_http.deadline import Deadline
from tests.fakes.scripted_socket import ScriptedSocket

LOCAL = Policy(allow_loopback_http=True, max_body_bytes=100, max_header_bytes=2000, max_header_count=20)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def read(*pieces: bytes | OSError, method: str = "POST", policy: Policy = LOCAL) -> Received:
    return receive(ScriptedSocket(pieces).as_socket(), method, policy, Deadline(5))


def test_an_answer_in_single_bytes_is_the_same_answer() -> None:
    assert read(*(bytes([byte]) for byte in OK)) == read(OK) == Received(200, {"content-length": "2"}, b"ok", truncated=False)


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\nTrailer: x\r\n\r\n", b"ok"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08", b"\x1f\x8b\x08"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100, b"x" * 100),
    ],
)
def test_whole_answers(data: bytes, body: bytes) -> None:
    received = read(data)
    assert (received.body, received.truncated) == (body, False)


@pytest.mark.parametrize("framing", ["Content-Length: 101", "Content-Length: 1000000000", "Transfer-Encoding: chunked", "X: y"])
def test_a_body_over_the_limit_is_cut_and_says_so(framing: str) -> None:
    chunk = b"65\r\n" if "chunked" in framing else b""
    received = read(f"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n".encode() + chunk + b"x" * 101)
    assert (received.body, received.truncated) == (b"x" * 100, True)


@pytest.mark.parametrize("framing", [b"Content-Length: 2\r\n\r\nok", b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"])
def test_an_answer_cut_anywhere_is_never_taken_for_a_whole_one(framing: bytes) -> None:
    whole = b"HTTP/1.1 200 OK\r\nX-A: b\r\n" + framing
    # The line feed alone may be missing at the very end.
    for length in range(len(whole.rstrip())):
        with pytest.raises(Interrupted):
            read(whole[:length])
    assert read(whole).body == b"ok"


def test_repeated_headers_are_joined_and_names_are_lower_case() -> None:
    assert read(b"HTTP/1.1 204 No\r\nX-A: 1\r\nx-a: 2\r\n\r\n").headers == {"x-a": "1, 2"}


def test_the_answer_to_head_has_no_body() -> None:
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", method="HEAD").body == b""


@pytest.mark.parametrize(
    ("pieces", "error", "status"),
    [
        ([], Interrupted, None),
        ([b"HTTP/1.1 2"], Interrupted, None),
        ([ConnectionResetError()], Interrupted, None),
        ([ssl.SSLError("alert")], Interrupted, None),
        ([TimeoutError()], Timeout, None),
        ([OK[:-1]], Interrupted, 200),
        ([OK[:-1], ConnectionResetError()], Interrupted, 200),
        ([OK[:-1], TimeoutError()], Timeout, 200),
        ([b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"], Interrupted, 500),
        ([b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab"], Interrupted, 500),
        ([b"SSH-2.0-OpenSSH_9\r\n"], BadAnswer, None),
        ([b"HTTP/2.0 200 OK\r\n\r\n"], BadAnswer, None),
        ([b"HTTP/1.1 abc\r\n\r\n"], BadAnswer, None),
        ([b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 21 + b"\r\n"], BadAnswer, 200),
        ([b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 10_000 + b"\r\n"], BadAnswer, None),
        ([b"HTTP/1.1 200 OK\r\nA: " + b"b" * 2000 + b"\r\n\r\n"], BadAnswer, None),
        ([b"HTTP/1.1 200 " + b"O" * 100_000], BadAnswer, None),
        ([b"HTTP/1.1 100 Continue\r\n\r\n" * 1000], BadAnswer, None),
        ([b"HTTP/1.1 103 Hints\r\n\r\n" * 1000], BadAnswer, None),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 10_000], BadAnswer, 200),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nab\r\n0\r\n\r\n"], BadAnswer, 200),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 1000], BadAnswer, 200),
    ],
)
def test_what_is_no_whole_answer_leaves_the_outcome_unknown(
    pieces: list[bytes | OSError], error: type[OutcomeUnknown], status: int | None
) -> None:
    with pytest.raises(OutcomeUnknown) as failed:
        read(*pieces)
    assert type(failed.value) is error
    assert failed.value.status == status


@given(
    st.lists(st.binary(max_size=50) | st.sampled_from([OK, b"HTTP/1.1 200 OK\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n", b"5\r\n"]))
)
def test_any_bytes_are_an_answer_or_an_unknown_outcome(pieces: list[bytes]) -> None:
    with contextlib.suppress(OutcomeUnknown):
        received = read(*pieces)
        assert 101 <= received.status <= 999
        assert len(received.body) <= LOCAL.max_body_bytes


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 60),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:02:00 -0000", 60),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 5000, None),
        ("Thu, 01 Jan 1970 00:02:00 +" + "9" * 18, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int | None) -> None:
    clock.use(lambda: 60.0)
    try:
        assert retry_after_seconds({"retry-after": text}) == seconds
    finally:
        clock.use(None)
    assert retry_after_seconds({}) is None


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,2} Jan [0-9]+ [0-9]+:[0-9]+:[0-9]+ [-+A-Z][0-9]*", fullmatch=True))
def test_any_text_is_a_wait_or_none(text: str) -> None:
    seconds = retry_after_seconds({"retry-after": text})
    assert seconds is None or seconds >= 0
