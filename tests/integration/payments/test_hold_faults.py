"""What is held, captured and released, whatever happens to a call: the client's retry and the janitor end it once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from paycorex import ledger, storage
from paycorex.ledger import Account
from paycorex.records.capture import CaptureItem
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth, healthy
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

METHODS = ["wallet", "tokenized"]
MOST_CALLS = 80
# Of a tick, which asks each shard of five tables what is due.
MOST_CALLS_OF_A_TICK = 120
# A card whose provider was not asked before the process ended.
NEVER_ASKED = ("failed", "failed")


@dataclass
class Wish:
    """Something that a client wants once. captured: minor units that are the merchant's in the end, by so many captures; expected: how
    the payment and its authorization stand then.
    """

    path: str
    body: dict[str, Any] = field(default_factory=dict)
    expected: tuple[str, str] = ("authorized", "authorized")
    captured: int = 0
    captures: int = 0
    verb: str = "POST"

    def ask(self, world: World, who: Signer) -> Reply:
        return world.call(who, self.verb, self.path, self.body, key="k")


def hold(world: World, who: Signer, method: str) -> Wish:
    body: dict[str, Any] = {"amount": "100.00", "method": method, "capture_method": "manual"}
    if method == "wallet":
        world.wallet(who, "asha", "1000.00")
        return Wish("/v1/payments/create", {**body, "user_id": "asha"})
    return Wish("/v1/payments/create", {**body, "token_id": support.token(world, who, support.APPROVE)})


def held(world: World, who: Signer, method: str) -> str:
    wish = hold(world, who, method)
    made = world.call(who, "POST", wish.path, wish.body)
    assert made.body["status"] == "authorized", made.raw
    payment_id: str = made.body["payment_id"]
    return payment_id


def capture_a_part(world: World, who: Signer, method: str) -> Wish:
    path = f"/v1/payments/{held(world, who, method)}/capture"
    return Wish(path, {"amount": "30.00", "final": False}, captured=3000, captures=1)


def capture_the_last(world: World, who: Signer, method: str) -> Wish:
    path = f"/v1/payments/{held(world, who, method)}/capture"
    return Wish(path, {"amount": "80.00"}, ("success", "released"), captured=8000, captures=1)


def void(world: World, who: Signer, method: str) -> Wish:
    return Wish(f"/v1/payments/{held(world, who, method)}/void", {}, ("failed", "voided"))


def void_the_rest(world: World, who: Signer, method: str) -> Wish:
    payment_id = held(world, who, method)
    world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "30.00", "final": False})
    return Wish(f"/v1/payments/{payment_id}/void", {}, ("success", "released"), captured=3000, captures=1)


def _held_for_a_person(world: World, who: Signer, method: str) -> Wish:
    """A risk rule holds what was to be charged at once."""
    rule = {"rule_id": "look", "by": "customer", "max_payments": 0, "window_seconds": 600, "then": "review"}
    assert world.call(who, "PATCH", "/v1/merchants/me", {"risk_rules": [rule]}).status == 200
    world.clock.now += 120
    body = {"amount": "100.00", "method": method, "token_id": support.token(world, who, support.APPROVE)}
    return Wish("/v1/payments/create", body)


def approve(world: World, who: Signer, method: str) -> Wish:
    return _decided(world, who, method, Wish("", {"review": "approve"}, ("success", "captured"), captured=10_000, captures=1))


def decline(world: World, who: Signer, method: str) -> Wish:
    return _decided(world, who, method, Wish("", {"review": "decline"}, ("failed", "voided")))


def _decided(world: World, who: Signer, method: str, wish: Wish) -> Wish:
    asked = _held_for_a_person(world, who, method)
    made = world.call(who, "POST", asked.path, asked.body).body
    assert made["risk"]["decision"] == "pending"
    return replace(wish, path=f"/v1/payments/{made['payment_id']}", verb="PATCH")


Maker = Callable[[World, Signer, str], Wish]
CASES = [
    *((make, method) for make in (hold, capture_a_part, capture_the_last, void, void_the_rest) for method in METHODS),
    *((make, "tokenized") for make in (approve, decline)),
]
every_case = pytest.mark.parametrize(("make", "method"), CASES, ids=[f"{make.__name__}-{method}" for make, method in CASES])


def ends_once(world: World, who: Signer, wish: Wish, method: str) -> None:
    """Whatever became of it, the client asks again until it is answered, the janitor ends the rest, and it happened once."""
    reply = wish.ask(world, who)
    for _ in range(5):
        if reply.status not in {409, 503}:
            break
        world.clock.now += 35
        reply = wish.ask(world, who)
    for _ in range(6):
        support.tick(world, after_seconds=120)
    payment = next(iter(world.call(who, "GET", "/v1/payments").body["data"]))
    stands = payment["status"], payment["authorization"]["status"]
    if stands == NEVER_ASKED and wish.path.endswith("create"):
        assert not support.books()
        return
    assert reply.status in {200, 201}, reply.raw
    assert stands == wish.expected
    made = [item for item in storage.scan_all(CaptureItem) if item.status == "success"]
    assert (len(made), sum(int(item.amount) for item in made)) == (wish.captures, wish.captured)
    assert ledger.balance_of(Account.of_merchant(who.merchant_id, "INR")) == wish.captured
    if method == "wallet":
        rest = 0 if wish.expected[0] != "authorized" else 10_000 - wish.captured
        shown = world.call(who, "GET", "/v1/wallet?user_id=asha").body["data"][0]
        assert (shown["available"], shown["held"]) == (f"{(100_000 - wish.captured - rest) / 100:.2f}", f"{rest / 100:.2f}")
    assert support.findings() == []
    assert support.charged_twice() == []


@every_case
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_kill_or_a_lost_answer_at_every_call_and_then_a_retry(make: Maker, method: str, fault: Fault) -> None:
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
            ends_once(world, who, wish, method)
            if calls < index:
                return
    pytest.fail("more calls than a request may make")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_janitor_that_is_killed_at_every_call_ends_a_hold_once(method: str, fault: Fault) -> None:
    """The end by its time, with something captured."""
    for index in range(1, MOST_CALLS_OF_A_TICK):
        with World().running() as world:
            who = world.register()
            payment_id = held(world, who, method)
            world.call(who, "POST", f"/v1/payments/{payment_id}/capture", {"amount": "30.00", "final": False})
            world.clock.now += 8 * 86_400
            client = FaultyClient(world.dynamo, Nth(index, fault))
            world.install(client, world.kms, world.sqs)
            # A tick that cannot list what is due ends at once.
            with suppress(Killed, storage.OutcomeUnknown):
                support.tick(world)
            calls = client.count()
            client.decider = healthy
            world.restart()
            for _ in range(6):
                support.tick(world, after_seconds=4000)
            payment = support.show(world, who, payment_id)
            assert (payment["status"], payment["authorization"]["status"]) == ("success", "released")
            assert ledger.balance_of(Account.of_merchant(who.merchant_id, "INR")) == 3000
            assert support.findings() == []
            if calls < index:
                return
    pytest.fail("more calls than a tick may make")
