"""safe_http against hostile answers: each ends within the time and size that the policy allows.

Timeouts are shortened to keep the tests short; the defaults are asserted in the unit tests, and what is proved is that the limit in
force is the one that ends the call.
"""

import gc
import gzip
import socket
import time

import psutil  # type: ignore[import-untyped]  # has no annotations
import pytest

from paycorex import safe_http
from paycorex.safe_http import BadAnswer, Interrupted, OutcomeUnknown, Timeout
from tests.fakes.http_servers import CutMidBody, Drip, Flood, Hang, Raw, Reply
from tests.fakes.pretended_internet import HOST, PretendInternet
from tests.fakes.receiver_behaviours import Behaviour, head

# Beyond the limit in force: scheduling, on two busy cores.
SLACK_SECONDS = 1.5
MEBIBYTE = 1 << 20


def test_a_large_request_to_a_receiver_that_does_not_read_ends_in_time(internet: PretendInternet) -> None:
    deaf = socket.create_server(("127.0.0.1", 0))
    with deaf:
        policy = internet.policy(allow_loopback_http=True, dialer=lambda _a, _p, t: socket.create_connection(deaf.getsockname(), t))
        with pytest.raises(Timeout):
            safe_http.send("POST", "http://127.0.0.1:1/", {}, b"x" * 20 * MEBIBYTE, policy=policy, timeout_seconds=0.3)


ENDLESS_CHUNK_LINE = head(200, [("Transfer-Encoding", "chunked")]) + b"1;"
DRIPPING_HEAD = Drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: y\r\n" * 1000, pause_seconds=0.05)
DRIPPING_BODY = Drip(b"x" * 1000, at_once=head(200, [("Content-Length", "1000")]), pause_seconds=0.05)
DRIPPING_INTERIM = Drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, pause_seconds=0.05)


@pytest.mark.parametrize(
    ("behaviour", "error", "status"),
    [
        pytest.param(Hang(), Timeout, None, id="never answers"),
        pytest.param(Reply(200, delay_seconds=30), Timeout, None, id="answers too late"),
        pytest.param(DRIPPING_HEAD, Timeout, None, id="a byte at a time, head"),
        pytest.param(DRIPPING_INTERIM, Timeout, None, id="a byte at a time, interim answers"),
        pytest.param(DRIPPING_BODY, Timeout, 200, id="a byte at a time, body"),
        pytest.param(Raw(head(200, [("X", "y")] * 10_000)), BadAnswer, None, id="10,000 headers"),
        pytest.param(Flood(at_once=b"HTTP/1.1 200 OK\r\nX: "), BadAnswer, None, id="endless header"),
        pytest.param(Flood(piece=b"X: y\r\n" * 1000, at_once=b"HTTP/1.1 200 OK\r\n"), BadAnswer, None, id="endless headers"),
        pytest.param(Flood(at_once=ENDLESS_CHUNK_LINE), BadAnswer, 200, id="endless chunk extension"),
        pytest.param(CutMidBody(), Interrupted, 200, id="closes mid-body"),
        pytest.param(Raw(b""), Interrupted, None, id="closes without an answer"),
        pytest.param(Raw(b"HTTP/1.1 200 OK\r\nContent-"), Interrupted, None, id="closes mid-head"),
        pytest.param(Raw(b"220 mail.example ESMTP\r\n"), BadAnswer, None, id="not HTTP"),
    ],
)
def test_a_hostile_answer_ends_in_time_with_the_outcome_unknown(
    internet: PretendInternet, behaviour: Behaviour, error: type[OutcomeUnknown], status: int | None
) -> None:
    server = internet.receiver(HOST, [behaviour])
    began = time.monotonic()
    with pytest.raises(OutcomeUnknown) as failed:
        internet.post(total_seconds=0.4)
    assert time.monotonic() - began < 0.4 + SLACK_SECONDS
    assert (type(failed.value), failed.value.status) == (error, status)
    # It did arrive: this is why it must not be sent elsewhere.
    assert len(server.requests) == 1


BOMB = gzip.compress(bytes(64 * MEBIBYTE), compresslevel=1)


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(Flood(), id="a body of 1 GB"),
        pytest.param(Flood(at_once=head(200, [("X", "y")])), id="an endless body"),
        pytest.param(
            Flood(piece=b"1000\r\n" + b"x" * 4096 + b"\r\n", at_once=head(200, [("Transfer-Encoding", "chunked")])), id="endless chunks"
        ),
        pytest.param(Reply(200, BOMB, [("Content-Encoding", "gzip")]), id="a gzip bomb"),
    ],
)
def test_a_huge_answer_is_cut_at_the_limit_and_costs_little_memory(internet: PretendInternet, behaviour: Behaviour) -> None:
    internet.receiver(HOST, [behaviour])
    internet.post()
    gc.collect()
    before = psutil.Process().memory_info().rss
    for _ in range(5):
        answer = internet.post()
        assert (answer.status, len(answer.body), answer.truncated) == (200, 65_536, True)
        assert answer.duration_ms < 3000
    # The receiver lives in this process too, so this is more than the client's share.
    assert psutil.Process().memory_info().rss - before < 20 * MEBIBYTE
