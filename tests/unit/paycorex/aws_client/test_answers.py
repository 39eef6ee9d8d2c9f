"""What is read from a connection: whole answers in any pieces, cut ones, too large ones, and what is no answer."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.aws_client.answers import HttpAnswer, Incomplete, Unreadable, receive

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def read(pieces: Iterable[bytes], max_body_bytes: int = 100) -> HttpAnswer:
    rest = iter(pieces)
    return receive(lambda: next(rest, b""), max_body_bytes)


def test_an_answer_in_single_bytes_is_the_same_answer() -> None:
    assert read(bytes([byte]) for byte in OK) == read([OK]) == HttpAnswer(200, {"content-length": "2"}, b"ok", reusable=True)


@pytest.mark.parametrize(
    ("wire", "body", "reusable"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok", False),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end", False),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\nConnection: Close\r\n\r\nok", b"ok", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok, and more", b"ok", False),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"ok", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\no\r\n1\r\nk\r\n0\r\nTrailer: x\r\n\r\n", b"ok", True),
    ],
)
def test_every_framing_is_read(wire: bytes, body: bytes, reusable: bool) -> None:
    answer = read([wire])
    assert (answer.body, answer.reusable) == (body, reusable)


@pytest.mark.parametrize(
    "wire",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"Trailer: x\r\n" * 7000,
    ],
)
def test_what_is_no_answer_or_too_large_is_unreadable(wire: bytes) -> None:
    with pytest.raises(Unreadable):
        read([wire])


@given(st.integers(0, len(OK) - 1))
def test_an_answer_that_ends_early_is_incomplete(length: int) -> None:
    with pytest.raises(Incomplete):
        read([OK[:length]])


@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises((Incomplete, Unreadable)):
        read([noise])
