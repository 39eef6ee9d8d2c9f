"""A thousand mixed payments through a sandbox that fails a fifth of its calls in every way; and with requests killed and repeated.

At the end every payment is final, every attempt is on it, the ledger is sound, and the sandbox's own books took no money twice.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from paycorex import storage
from paycorex.ledger import lanes
from payments import janitor
from payments.payment import attempts
from tests.fakes.faults import Fault, FaultyClient, Killed, Seeded, healthy
from tests.scenarios import payment_load_end as end
from tests.scenarios.payment_load import Shop
from tests.support import payment_books
from tests.support import payments as support
from tests.support.crypto import Monitor
from tests.support.gateway import Reply
from tests.support.world import Signer, World

METHODS = ("wallet", "tokenized", "upi_intent", "crypto")


@dataclass
class InProcess:
    """The handlers in this process, as the platform under load."""

    world: World
    lost: tuple[type[BaseException], ...] = (Killed,)

    def call(self, who: Signer, method: str, target: str, body: Any = None, *, key: str | None = None) -> Reply:
        return self.world.call(who, method, target, body, key=key)

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Reply:
        return self.world.send(method, target, headers, body)

    def wait(self, seconds: float) -> None:
        self.world.clock.now += seconds


def open_shop(world: World, seed: int, *, repeats: float = 0.0) -> Shop:
    # Ids follow from keys, and waits from this seed: the same seed is the same load.
    lanes._random.seed(seed)
    made = world.send("POST", "/v1/merchants/register", [("Idempotency-Key", "shop")], b'{"name":"Shop","email":"shop@example.com"}').body
    who = Signer(made["api_key"], made["secret"], made["merchant_id"], made["key_id"], made)
    shop = Shop(InProcess(world), who, seed, repeats)
    shop.open()
    world.restart()
    return shop


def run(world: World, shop: Shop, payments: int) -> None:
    for number in range(payments):
        shop.pay(number)
        if number % 10 == 0:
            with suppress(Killed, storage.Unavailable, storage.OutcomeUnknown):
                janitor.run(may_go_on=lambda: True, limit=50)


def settle(world: World, shop: Shop) -> None:
    """Payers send their coins, the janitor looks after the rest, the merchant decides about what came late."""
    monitor = Monitor(world, shop.who)
    assert shop.pay_crypto(monitor.pays) > 10
    support.settle_all(world)
    # For a day the janitor looks for money of payments that were given up.
    for _ in range(30):
        support.tick(world, after_seconds=600)
    assert shop.decide_late() > 5
    support.settle_all(world)
    shop.ask_again()


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=7).running() as world:
        yield world


def test_a_thousand_mixed_payments_through_a_failing_sandbox_all_end(world: World) -> None:
    shop = open_shop(world, 7)
    run(world, shop, 1000)
    settle(world, shop)
    ended = end.check(shop)
    assert support.findings() == []
    assert sum(ended.values()) >= 950, ended
    assert {f"{method} {status}" for method in ("wallet", "tokenized", "upi_intent", "crypto") for status in ("success", "failed")} <= set(
        ended
    )
    seen = {attempt["status"] for item in payment_books.payments_of(shop.who.merchant_id) for attempt in item.attempts or ()}
    assert seen >= {attempts.APPROVED, attempts.DECLINED, attempts.UNAVAILABLE}
    ways = {line.way for line in support.books()}
    assert ways >= {"approve", "decline", "retryable", "redirect", "slow", "pending", "timeout_approved"}, ways


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_with_requests_killed_and_repeated_at_random(world: World, seed: int) -> None:
    shop = open_shop(world, seed, repeats=0.2)
    fault_rates = {Fault.KILL_BEFORE: 0.004, Fault.KILL_AFTER: 0.004, Fault.COMMIT_THEN_TIMEOUT: 0.01, Fault.THROTTLED: 0.01}
    faulty = FaultyClient(world.dynamo, Seeded(seed, fault_rates))
    world.install(faulty, world.kms, world.sqs)
    run(world, shop, 1000)
    faulty.decider = healthy
    settle(world, shop)
    end.check(shop)
    assert support.findings() == []
    assert sum(logged.fault is not Fault.PASS for logged in faulty.log) > 100
