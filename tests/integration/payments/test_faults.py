"""Acceptance 44 and 46 to 49 for every method: whatever happens to a call, the client's retry and the janitor end it once."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from paycorex import storage
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from payments.payment import settlement as settle
from payments.payment.states import Outcome
from payments.payment.versions import Change
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, Script, healthy
from tests.support import payments as support
from tests.support.environments import run_at_once
from tests.support.gateway import Reply
from tests.support.world import Signer, World

METHODS = ["wallet", "tokenized", "upi_intent"]
ELEVEN_MINUTES = 660
MOST_CALLS = 80


@dataclass
class Wish:
    """Something that a client wants once: a path, a body and a key."""

    path: str
    body: dict[str, Any]

    def ask(self, world: World, who: Signer, key: str = "k") -> Reply:
        return world.call(who, "POST", self.path, self.body, key=key)


def create(world: World, who: Signer, method: str) -> Wish:
    body: dict[str, Any] = {"amount": "10.00", "method": method}
    if method == "wallet":
        world.wallet(who, "asha", "100.00")
        body["user_id"] = "asha"
    elif method == "tokenized":
        body["token_id"] = support.token(world, who, support.APPROVE)
    return Wish("/v1/payments/create", body)


def refund(world: World, who: Signer, method: str) -> Wish:
    payment_id = create(world, who, method).ask(world, who, "first").body["payment_id"]
    if method == "upi_intent":
        support.settle_all(world)
    return Wish("/v1/payments/refund", {"payment_id": payment_id, "amount": "4.00"})


def cancel(world: World, who: Signer, method: str) -> Wish:
    card = support.token(world, who, support.REDIRECT)
    more = {"token_id": card} if method == "tokenized" else {}
    made = world.call(who, "POST", "/v1/payments/create", {"amount": "10.00", "method": method, **more})
    return Wish(f"/v1/payments/{made.body['payment_id']}/cancel", {})


CASES = [(make, method) for make in (create, refund) for method in METHODS] + [(cancel, "tokenized"), (cancel, "upi_intent")]
Maker = Callable[[World, Signer, str], Wish]
every_case = pytest.mark.parametrize(("make", "method"), CASES, ids=[f"{make.__name__}-{method}" for make, method in CASES])


@pytest.fixture
def faulty(world: World) -> Iterator[FaultyClient]:
    client = FaultyClient(world.dynamo)
    world.install(client, world.kms, world.sqs)
    yield client
    client.decider = healthy


def how_many() -> tuple[list[str], list[str]]:
    """Statuses of payments and of refunds."""
    return [item.status for item in storage.scan_all(PaymentItem)], [item.status for item in storage.scan_all(RefundItem)]


def ends_once(world: World, who: Signer, wish: Wish) -> None:
    """Whatever became of it, the client asks again until it is answered, the janitor ends the rest, and it happened once."""
    reply = wish.ask(world, who)
    for _ in range(5):
        if reply.status not in {409, 503}:
            break
        world.clock.now += 35
        reply = wish.ask(world, who)
    support.settle_all(world)
    payments, refunds = how_many()
    assert len(payments) == 1
    assert len(refunds) == (wish.path.endswith("refund"))
    assert set(payments + refunds) <= {"success", "failed"}
    assert support.findings() == []
    assert support.charged_twice() == []
    if not wish.path.endswith("cancel"):
        assert reply.status in {201, 402, 503}, reply.raw
    else:
        assert (reply.status, reply.body["failure_code"]) == (200, "canceled"), reply.raw


@every_case
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER])
def test_a_kill_at_every_call_and_then_a_retry(make: Maker, method: str, fault: Fault) -> None:
    """Acceptance 48."""
    for index in range(1, MOST_CALLS):
        with World().running() as world:
            who = world.register()
            wish = make(world, who, method)
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            with suppress(Killed):
                wish.ask(world, who)
            calls = client.count()
            client.decider = healthy
            world.restart()
            ends_once(world, who, wish)
            if calls < index:
                return
    pytest.fail("more calls than a request may make")


@every_case
@pytest.mark.parametrize("wait_seconds", [0, ELEVEN_MINUTES])
def test_an_answer_lost_after_every_write_and_then_a_retry(make: Maker, method: str, wait_seconds: int) -> None:
    """Acceptance 46."""
    for index in range(1, MOST_CALLS):
        with World().running() as world:
            who = world.register()
            wish = make(world, who, method)
            client = FaultyClient(world.dynamo, Nth(index, Fault.COMMIT_THEN_TIMEOUT))
            world.install(client, world.kms, world.sqs)
            wish.ask(world, who)
            calls = client.count()
            client.decider = healthy
            world.clock.now += wait_seconds
            ends_once(world, who, wish)
            if calls < index:
                return
    pytest.fail("more calls than a request may make")


@every_case
@pytest.mark.parametrize(
    ("fault", "times"),
    [(Fault.CONFLICT, 1), (Fault.CONFLICT, 4), (Fault.CONFLICT, 10_000), (Fault.THROTTLED, 1), (Fault.IN_PROGRESS, 3)],
)
def test_a_busy_store_delays_or_refuses_and_never_doubles(
    world: World, who: Signer, faulty: FaultyClient, make: Maker, method: str, fault: Fault, times: int
) -> None:
    """Acceptance 47."""
    wish = make(world, who, method)
    faulty.decider = Script([fault] * times, operation="TransactWriteItems")
    before = faulty.count("TransactWriteItems")
    started = world.clock.now
    reply = wish.ask(world, who)
    assert world.clock.now - started < 25
    assert faulty.count("TransactWriteItems") - before < 40
    if times < 5:
        assert reply.status in {200, 201}, reply.raw
    faulty.decider = healthy
    ends_once(world, who, wish)


@pytest.mark.parametrize(("times", "status"), [(1, 409), (4, 409), (10_000, 503)])
def test_a_refusal_is_answered_only_when_it_is_remembered(world: World, who: Signer, faulty: FaultyClient, times: int, status: int) -> None:
    """A conflict while it was written down was taken for nothing: the client was refused, and its retry succeeded."""
    wish = create(world, who, "tokenized")
    payment_id = wish.ask(world, who, "first").body["payment_id"]
    late = Wish(f"/v1/payments/{payment_id}/late", {"action": "accept"})
    faulty.decider = Script([Fault.CONFLICT] * times, operation="TransactWriteItems")
    refused = late.ask(world, who)
    assert refused.status == status, refused.raw
    faulty.decider = healthy
    second = Change(Outcome.PAID, connector="sandbox", provider_reference="second")
    settle.apply(support.stored(payment_id), second)
    again = late.ask(world, who)
    assert again.status == (409 if status == 409 else 200), again.raw


@pytest.mark.parametrize("method", METHODS)
def test_the_same_key_a_hundred_times_at_once_is_one_effect(world: World, who: Signer, method: str) -> None:
    """Acceptance 44."""
    wish = create(world, who, method)
    replies = run_at_once(world, [lambda: wish.ask(world, who)] * 100, environments=6)
    statuses = {reply.status for reply in replies}
    assert statuses <= {201, 409}, statuses
    assert {reply.code for reply in replies if reply.status == 409} <= {"request_in_progress"}
    assert len({reply.body["payment_id"] for reply in replies if reply.status == 201}) == 1
    ends_once(world, who, wish)


@pytest.mark.parametrize("method", METHODS)
def test_another_request_under_the_key_changes_nothing_and_another_merchants_is_its_own(world: World, who: Signer, method: str) -> None:
    """Acceptance 44."""
    wish = create(world, who, method)
    assert wish.ask(world, who).status == 201
    before = world.dump()
    reused = Wish(wish.path, {**wish.body, "amount": "11.00"}).ask(world, who)
    assert (reused.status, reused.code) == (409, "idempotency_key_reused")
    assert world.dump() == before
    other = world.register("Other")
    assert create(world, other, method).ask(world, other).status == 201
    support.settle_all(world)
