"""Deliveries over real sockets: TLS, hostile receivers, names that move. safe_http's own tests go deeper; here is what the log says."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from paycorex import settings, webhook_targets
from tests.fakes.http_servers import CutMidBody, Drip, Flood, Hang, RecordingServer, Reply
from tests.fakes.pretended_internet import PretendInternet
from tests.support.engine import Engine
from tests.support.webhooks import deliveries, register
from tests.support.world import Signer
from webhooks.delivery import http_post

REAL_POST = http_post.post
URL = "https://shop.example/hook"

Deliver = Callable[[], dict[str, Any]]


@pytest.fixture
def reached(engine: Engine, internet: PretendInternet) -> Iterator[Engine]:
    """The engine in a stage where only the (pretended) public internet may be called, within short times."""
    settings.use(engine.world.settings.model_copy(update={"allow_loopback_webhooks": False}))
    webhook_targets.use(internet.policy(connect_seconds=1.0, total_seconds=1.5))
    yield engine
    webhook_targets.use(None)


def attempt(engine: Engine, who: Signer) -> dict[str, Any]:
    """The first attempt of a payment's delivery."""
    engine.world.pay(who, "asha", "1.00")
    with engine.online(REAL_POST):
        engine.settle()
    [delivery] = deliveries(engine, who)
    made: dict[str, Any] = delivery["attempts"][0]
    return made


def test_28_the_public_library_verifies_what_an_https_receiver_got(reached: Engine, internet: PretendInternet) -> None:
    reached.world.clock.now = time.time()
    server = internet.receiver("shop.example")
    who, endpoint = register(reached, URL)
    assert attempt(reached, who)["status_code"] == 200
    [request] = server.requests
    assert Webhook(endpoint["secret"]).verify(request.body, request.headers)["event"] == "payment.success"


def test_30_a_redirect_is_a_failure_and_its_target_is_never_called(reached: Engine, internet: PretendInternet) -> None:
    second = internet.receiver("second.example")
    internet.receiver("shop.example", [Reply(302, headers=[("Location", "https://second.example/")])])
    who, _ = register(reached, URL)
    assert attempt(reached, who)["status_code"] == 302
    assert second.connections == 0
    assert deliveries(reached, who)[0]["status"] == "retrying"


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"], ["::ffff:10.0.0.1"]])
def test_32_a_name_that_moves_inside_after_registration_is_blocked(reached: Engine, internet: PretendInternet, answers: list[str]) -> None:
    internet.receiver("shop.example")
    who, _ = register(reached, URL)
    internet.names["shop.example"] = answers
    internet.dialed.clear()
    assert attempt(reached, who)["error"] == "blocked"
    assert internet.dialed == []


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Hang(), "timeout"),
        (Drip(b"x" * 100, at_once=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"), "timeout"),
        (CutMidBody(), "interrupted"),
        (Reply(200, headers=[(f"X-{number}", "x") for number in range(10_000)]), "bad_answer"),
    ],
    ids=["never answers", "a byte a second", "ends mid-body", "ten thousand headers"],
)
def test_33_a_hostile_answer_is_a_failed_attempt_within_the_time(
    reached: Engine, internet: PretendInternet, behaviour: Any, error: str
) -> None:
    internet.receiver("shop.example", [behaviour])
    who, _ = register(reached, URL)
    started = time.monotonic()
    assert attempt(reached, who)["error"] == error
    assert time.monotonic() - started < 4
    assert deliveries(reached, who)[0]["status"] == "retrying"


def test_33_of_an_endless_answer_one_kib_is_kept(reached: Engine, internet: PretendInternet) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    internet.receiver("shop.example", [Flood(at_once=head, total_bytes=200 * 1024 * 1024)])
    who, _ = register(reached, URL)
    assert attempt(reached, who)["response"] == "x" * 1024


def test_34_a_receiver_that_cannot_prove_its_name_gets_nothing(reached: Engine, internet: PretendInternet) -> None:
    other = RecordingServer(tls=internet.authority.server_context("other.example"))
    with other:
        internet.connect("shop.example", other)
        who, _ = register(reached, URL)
        assert attempt(reached, who)["error"] == "tls_failed"
        assert other.requests == []
