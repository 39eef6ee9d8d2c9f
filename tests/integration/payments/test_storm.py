"""A thousand mixed payments through a sandbox that fails a fifth of its calls in every way; and with requests killed and repeated.

At the end every payment is final, every attempt is on it, the ledger is sound, and the sandbox's own books took no money twice.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from paycorex import storage
from paycorex.ledger import lanes
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from payments import attempts, janitor
from tests.support import payments as support
from tests.support.faults import Fault, FaultyClient, Killed, Seeded, healthy
from tests.support.gateway import Reply
from tests.support.world import Signer, World

RETRIES = 8


@dataclass
class Shop:
    """A merchant whose clients retry with the same key until they know."""

    world: World
    who: Signer
    dice: random.Random
    duplicates: bool
    tokens: list[str] = field(default_factory=list)
    wallet_user: str = "asha"
    told: dict[str, Reply] = field(default_factory=dict)

    def send(self, path: str, body: dict[str, Any], key: str) -> Reply | None:
        """A request as an honest client makes it; None when nobody answered in the end."""
        reply: Reply | None = None
        for _ in range(RETRIES):
            with suppress(Killed):
                reply = self.world.call(self.who, "POST", path, body, key=key)
                if reply.status < 500 and reply.code != "request_in_progress":
                    break
            self.world.clock.now += self.dice.choice((0.5, 5, 40))
        if self.duplicates and self.dice.random() < 0.2:
            with suppress(Killed):
                self.world.call(self.who, "POST", path, body, key=key)
        return reply

    def pay(self, number: int) -> None:
        amount = f"{self.dice.randint(1, 900)}.{self.dice.randint(0, 99):02d}"
        body: dict[str, Any] = {"amount": amount}
        kind = self.dice.random()
        if kind < 0.5:
            body |= {"method": "tokenized", "token_id": self.dice.choice(self.tokens)}
        elif kind < 0.8:
            body |= {"method": "upi_intent", "expires_in": 300}
        else:
            body |= {"method": "wallet", "user_id": self.wallet_user}
        reply = self.send("/v1/payments/create", body, f"pay-{number}")
        if reply is not None:
            self.told[f"pay-{number}"] = reply
        self._then(reply, number)

    def _then(self, reply: Reply | None, number: int) -> None:
        """Some are canceled or refunded, in part or in full."""
        if reply is None or reply.status != 201:
            return
        payment_id, dice = reply.body["payment_id"], self.dice.random()
        if dice < 0.05:
            self.send(f"/v1/payments/{payment_id}/cancel", {}, f"cancel-{number}")
        elif dice < 0.3:
            body = {"payment_id": payment_id} | ({"amount": "0.50"} if self.dice.random() < 0.5 else {})
            self.send("/v1/payments/refund", body, f"refund-{number}")


def open_shop(world: World, seed: int, *, duplicates: bool) -> Shop:
    # Ids follow from keys, and waits from this seed: the same seed is the same storm.
    lanes._random.seed(seed)
    made = world.send("POST", "/v1/merchants/register", [("Idempotency-Key", "shop")], b'{"name":"Shop","email":"shop@example.com"}').body
    who = Signer(made["api_key"], made["secret"], made["merchant_id"], made["key_id"], made)
    support.settings(
        world,
        who,
        connectors={"sandbox": {"failure_percent": "20"}, "sandbox_backup": {"failure_percent": "20"}},
        routing_rules=[{"when": {}, "use": [{"connector": "sandbox", "weight": 3}, {"connector": "sandbox_backup"}]}],
    )
    shop = Shop(world, who, random.Random(seed), duplicates)
    numbers = [support.APPROVE] * 6 + [support.DECLINE, support.RETRYABLE, support.REDIRECT, support.SLOW, support.PENDING]
    numbers += [support.TIMEOUT_APPROVED, support.TIMEOUT_LOST, support.OUTAGE, support.REFUND_FAILS, support.REFUND_PENDING]
    shop.tokens = [support.token(world, who, number, f"user-{index}") for index, number in enumerate(numbers)]
    world.wallet(who, shop.wallet_user, "40000.00")
    return shop


def run(world: World, shop: Shop, payments: int) -> None:
    for number in range(payments):
        shop.pay(number)
        if number % 10 == 0:
            with suppress(Killed, storage.Unavailable, storage.OutcomeUnknown):
                janitor.run(may_go_on=lambda: True, limit=50)


def check_the_end(shop: Shop) -> Counter[str]:
    """What must hold once everything is quiet. How the payments ended."""
    assert support.undecided() == []
    assert support.findings() == []
    assert support.charged_twice() == []
    lines = {(line.payment_id, line.reference): line for line in support.books()}
    statuses: Counter[str] = Counter()
    for item in storage.scan_all(PaymentItem):
        statuses[f"{item.method} {item.status}"] += 1
        _check_books(item, lines)
    for key, reply in shop.told.items():
        if reply.status == 201:
            assert support.stored(reply.body["payment_id"]).request_hash, key
    _check_refunds(lines)
    return statuses


def _check_books(item: PaymentItem, lines: dict[tuple[str, str], Any]) -> None:
    """Each line of the sandbox's books is an attempt of the payment, and what it took is where the ledger has it."""
    own = [line for (payment_id, _), line in lines.items() if payment_id == item.payment_id and line.kind != "refund"]
    known = {attempts.attempt_id(item.payment_id, number) for number in range(len(item.attempts or ()))}
    assert {line.charge_id.partition("#")[2] for line in own} <= known
    taken = [line for line in own if line.status == "approved"]
    held = {money["provider_reference"] for money in item.late_money or ()}
    paid = {item.provider_reference} if item.status == "success" else set()
    assert {line.reference for line in taken} <= held | paid, item.payment_id
    if item.status == "success" and item.method != "wallet":
        assert [line.reference for line in taken if line.reference == item.provider_reference]


def _check_refunds(lines: dict[tuple[str, str], Any]) -> None:
    for refund in storage.scan_all(RefundItem):
        payment = support.stored(refund.payment_id)
        assert 0 <= int(payment.amount_refunded) <= int(payment.amount)
        assert payment.amount_refunded == payment.amount_reserved
        if payment.method != "wallet":
            line = lines.get((refund.payment_id, refund.provider_reference or ""))
            assert (refund.status == "success") == (line is not None and line.status == "approved"), refund.refund_id


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=7).running() as world:
        yield world


def test_a_thousand_mixed_payments_through_a_failing_sandbox_all_end(world: World) -> None:
    shop = open_shop(world, 7, duplicates=False)
    run(world, shop, 1000)
    support.settle_all(world)
    ended = check_the_end(shop)
    assert sum(ended.values()) >= 950, ended
    seen = {attempt["status"] for item in storage.scan_all(PaymentItem) for attempt in item.attempts or ()}
    assert seen >= {attempts.APPROVED, attempts.DECLINED, attempts.UNAVAILABLE}
    ways = {line.way for line in support.books()}
    assert ways >= {"approve", "decline", "retryable", "redirect", "slow", "pending", "timeout_approved"}, ways


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_with_requests_killed_and_repeated_at_random(world: World, seed: int) -> None:
    shop = open_shop(world, seed, duplicates=True)
    weather = {Fault.KILL_BEFORE: 0.004, Fault.KILL_AFTER: 0.004, Fault.COMMIT_THEN_TIMEOUT: 0.01, Fault.THROTTLED: 0.01}
    faulty = FaultyClient(world.dynamo, Seeded(seed, weather))
    world.install(faulty, world.kms, world.sqs)
    run(world, shop, 1000)
    faulty.decider = healthy
    support.settle_all(world)
    check_the_end(shop)
    assert sum(logged.fault is not Fault.PASS for logged in faulty.log) > 100
