"""A storm while lanes grow: payments, refunds, lists, statistics, sealing and rollups by environments that overlap; the books hold.

All run at once on a simulated clock, over a table whose calls take time and whose transactions refuse each other.
"""

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from paycorex import clock, ledger
from paycorex.ledger import posting
from tests.fakes.overlapping_dynamo import OverlappingDynamo
from tests.support import proofs, rollups
from tests.support.payments import findings
from tests.support.timeline import Pool, Timeline
from tests.support.world import Signer, World

CLIENTS = 10
PAYMENTS_EACH = 8
DAY_MS = 86_400_000


@dataclass
class Storm:
    """One merchant's clients and the workers beside them. paid, refunded: what was acknowledged so far."""

    world: World
    timeline: Timeline
    who: Signer
    dice: random.Random
    pool: Pool = field(init=False)
    paid: list[str] = field(default_factory=list)
    refunded: int = 0
    seen: list[int] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.pool = Pool(self.timeline)

    def client(self, number: int) -> None:
        """Pay again and again, and refund some of it."""
        for _ in range(PAYMENTS_EACH):
            self.pool.serve(partial(self._pay, number))
            if self.dice.random() < 0.25:
                self.pool.serve(self._refund)
            self.pool.sleep(self.dice.uniform(0, 0.05))

    def reader(self) -> None:
        """Whatever was acknowledged before a look is in it, in an environment that knows nothing of new lanes."""
        while not self.is_over:
            self.pool.serve(self._look)
            self.pool.sleep(self.dice.uniform(0, 0.3))

    def worker(self) -> None:
        """Roll up and seal."""
        while not self.is_over:
            self.pool.serve(self._seal if self.dice.random() < 0.5 else partial(proofs.note_changes, self.world))
            self.pool.sleep(self.dice.uniform(0, 0.5))

    def clients(self) -> None:
        """All clients, and the end."""
        left = [CLIENTS]

        def one(number: int) -> None:
            self.client(number)
            left[0] -= 1
            self.is_over = left[0] == 0

        for number in range(CLIENTS):
            self.timeline.begin(partial(one, number))

    def _pay(self, number: int) -> None:
        made = self.world.pay(self.who, f"user-{number % 4}", "10.00")
        assert made.status == 201, made.raw
        self.paid.append(made.body["payment_id"])

    def _refund(self) -> None:
        body = {"payment_id": self.dice.choice(self.paid), "amount": "1.00"}
        reply = self.world.call(self.who, "POST", "/v1/payments/refund", body)
        assert reply.status == 201, reply.raw
        self.refunded += 1

    def _seal(self) -> None:
        proofs.seal(self.world)

    def _look(self) -> None:
        paid, refunded = set(self.paid), self.refunded
        shown = rollups.show(self.world, self.who)
        assert shown["count"]["success"] >= len(paid)
        assert shown["refunds"]["count"] >= refunded
        listed, cursor = set(), ""
        while True:
            page = self.world.call(self.who, "GET", f"/v1/payments?limit=100{cursor}").body
            listed |= {row["payment_id"] for row in page["data"]}
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert paid <= listed
        self.seen.append(ledger.lanes_to_read(self.who.merchant_id))


@pytest.fixture
def storm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storm]:
    """Lanes grow at the second refusal, so that a storm of seconds has some growth."""
    monkeypatch.setattr(posting, "REFUSALS_PER_LANE_ASKED", 2)
    monkeypatch.setattr("paycorex.ledger.lane_counts.GROWTH_SECONDS", 0.3)
    logging.disable(logging.CRITICAL)
    with World(seed=request.param).running() as world:
        timeline = Timeline()
        clock.use(timeline.time)
        storm = Storm(world, timeline, world.register(), random.Random(request.param))
        for number in range(4):
            world.wallet(storm.who, f"user-{number}", "100000.00")
        clock.use_sleeper(storm.pool.sleep)
        world.install(OverlappingDynamo(world.dynamo, storm.pool.sleep), world.kms, world.sqs)
        yield storm
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("storm", range(3), indirect=True)
def test_the_books_hold_and_no_reader_is_behind_while_lanes_grow(storm: Storm) -> None:
    world, who = storm.world, storm.who
    storm.timeline.run([storm.clients, storm.reader, storm.reader, storm.worker])
    assert len(storm.paid) == CLIENTS * PAYMENTS_EACH
    assert storm.seen == sorted(storm.seen)
    assert storm.seen[-1] > 2
    assert findings() == []
    assert rollups.show(world, who)["count"]["success"] == len(storm.paid)
    storm.timeline.now += 120
    proofs.seal(world)
    storm.timeline.now += 120
    proofs.seal(world)
    for payment_id in random.Random(0).sample(storm.paid, 5):
        assert proofs.proof(world, who, payment_id)["sealed"] is True
    today = int(storm.timeline.now * 1000) // DAY_MS * DAY_MS
    rollups.agree(world, who, today, today + DAY_MS)
