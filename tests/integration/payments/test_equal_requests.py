"""Equal requests in one second: under v1 milliseconds keep them apart, seconds make a refusal that says why, or a replay that says so."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
ORDER = {"amount": "10.00", "method": "upi_intent"}


def made(world: World) -> int:
    return len(world.dump()["test-payments"])


def order(world: World, who: Signer, scheme: str, moment: float, key: str | None) -> Reply:
    world.clock.now = moment
    return world.call(who, "POST", CREATE, ORDER, key=key, scheme=scheme)


@pytest.mark.parametrize("scheme", ["v1-ms", "v2"])
@pytest.mark.parametrize("key_of", [lambda _: None, lambda number: f"order-{number}"], ids=["no key", "a key each"])
def test_twenty_equal_orders_four_at_a_time_are_twenty_payments(
    world: World, who: Signer, scheme: str, key_of: Callable[[int], str | None]
) -> None:
    second = float(int(world.clock.now))
    # A client signs one request after another: no two in the same millisecond.
    tasks = [partial(order, world, who, scheme, second + number / 50, key_of(number)) for number in range(20)]
    replies = run_at_once(world, tasks, environments=4)
    assert [reply.status for reply in replies] == [201] * 20
    assert len({reply.body["payment_id"] for reply in replies}) == made(world) == 20
    assert len(support.books()) == 20
    assert not any("replayed" in reply.body or "idempotent-replayed" in reply.headers for reply in replies)


def test_with_seconds_an_order_without_a_key_that_is_a_replay_says_so_in_its_body(world: World, who: Signer) -> None:
    replies = [order(world, who, "v1", 1_800_000_100.0, None) for _ in range(5)]
    assert [reply.status for reply in replies] == [201] * 5
    assert [reply.body.get("replayed") for reply in replies] == [None, True, True, True, True]
    assert {reply.headers.get("idempotent-replayed") for reply in replies[1:]} == {"true"}
    assert made(world) == 1


def test_with_a_key_a_replay_is_the_first_answer_again(world: World, who: Signer) -> None:
    """There the client knows that it is a retry, and the header says it."""
    first, again = (order(world, who, "v1", 1_800_000_100.0, "order-1") for _ in range(2))
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")


def test_with_seconds_an_order_with_a_key_of_its_own_is_asked_to_sign_again(world: World, who: Signer) -> None:
    assert order(world, who, "v1", 1_800_000_100.0, "order-0").status == 201
    with nothing_written(world):
        refused = order(world, who, "v1", 1_800_000_100.0, "order-1")
    assert_refused(refused, "signature_reused")
    assert "Sign again with a new timestamp" in refused.body["error"]["message"]
    assert order(world, who, "v1", 1_800_000_101.0, "order-1").status == 201
    assert made(world) == 2


@pytest.mark.parametrize("key_of", [lambda _: None, lambda number: f"cancel-{number}"], ids=["no key", "a key each"])
def test_three_cancellations_in_a_loop_cancel_three(world: World, who: Signer, key_of: Callable[[int], str | None]) -> None:
    payments = [support.collect(world, who, f"1{number}.00").body["payment_id"] for number in range(3)]
    world.clock.now = float(int(world.clock.now)) + 1
    for number, payment in enumerate(payments):
        reply = world.call(who, "POST", f"/v1/payments/{payment}/cancel", {}, key=key_of(number), scheme="v1-ms")
        assert (reply.status, reply.body["payment_id"]) == (200, payment)
    assert [support.show(world, who, payment)["status"] for payment in payments] == ["failed"] * 3


def test_with_seconds_the_second_cancellation_is_refused_and_never_answers_about_the_first(world: World, who: Signer) -> None:
    payments = [support.collect(world, who, f"1{number}.00").body["payment_id"] for number in range(2)]
    world.clock.now = 1_800_000_200.0
    assert world.call(who, "POST", f"/v1/payments/{payments[0]}/cancel", {}, scheme="v1").status == 200
    world.clock.now = 1_800_000_200.2
    with nothing_written(world):
        assert_refused(world.call(who, "POST", f"/v1/payments/{payments[1]}/cancel", {}, scheme="v1"), "signature_reused")
    assert support.show(world, who, payments[1])["status"] == "pending"


@pytest.mark.parametrize(("offset_ms", "passes"), [(-299_000, True), (299_000, True), (-302_000, False), (302_000, False)])
@pytest.mark.parametrize("scheme", ["v1", "v2"])
def test_milliseconds_have_the_same_window(world: World, who: Signer, scheme: str, offset_ms: int, passes: bool) -> None:
    moment, body = int(world.clock.now * 1000) + offset_ms, b'{"user_id":"asha"}'
    target = "/v1/wallet/create"
    headers = who.v1(body, timestamp=moment) if scheme == "v1" else who.v2("POST", target, body, timestamp=moment)
    assert world.send("POST", target, headers, body).status == (201 if passes else 401)


def test_two_endpoints_are_tested_within_one_second(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    from webhooks.delivery import http_post

    monkeypatch.setattr(http_post, "post", lambda *_, **__: http_post.Outcome(200, 5, None, ""))
    urls = ("https://a.example/hook", "https://b.example/hook")
    endpoints = [world.call(who, "POST", "/v1/webhooks/provider", {"url": url}).body["endpoint_id"] for url in urls]
    world.clock.now = float(int(world.clock.now)) + 1
    replies = [world.call(who, "POST", f"/v1/webhooks/provider/{endpoint}/test", {}, scheme="v1-ms") for endpoint in endpoints]
    assert [(reply.status, reply.body["endpoint_id"]) for reply in replies] == [(200, endpoint) for endpoint in endpoints]
