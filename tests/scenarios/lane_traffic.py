"""Traffic on a merchant's lanes or on one wallet, on a simulated clock: the real posting in many environments, over a slow table.

A second of it costs a processor only what the postings cost, so 64 lanes at their ceiling fit on a laptop, and waits are exact.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from paycorex import clock, ids, ledger
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, Journal, Reference, ReferenceType, lane_counts
from paycorex.ledger.verification import Report, Verifier
from paycorex.money import Money
from tests.fakes.overlapping_dynamo import WRITE_SECONDS, OverlappingDynamo
from tests.support.timeline import Pool, Timeline
from tests.support.world import World

# What a door does before it posts.
DOOR_SECONDS = 0.02
LOOK_SECONDS = 0.25


@dataclass
class Traffic:
    """What happened. waits: when each posting began, in seconds from the start, and what it took. growth: when how many lanes were seen."""

    waits: list[tuple[float, float]] = field(default_factory=list)
    given_up: int = 0
    growth: list[tuple[float, int]] = field(default_factory=list)
    seconds: float = 0.0
    transactions: int = 0
    environments: int = 0
    # By client, where there are some.
    totals: dict[int, float] = field(default_factory=dict)
    report: Report = field(default_factory=Report)

    def milliseconds(self, share: float, *, from_second: float = 0.0) -> float:
        """The wait that this share of the postings that began from a second on did not exceed."""
        waits = sorted(wait for began, wait in self.waits if began >= from_second)
        return 1000 * waits[min(len(waits) - 1, int(len(waits) * share))]

    @property
    def tries(self) -> float:
        """Transactions for each posting that was written."""
        return self.transactions / len(self.waits)


def of_merchant(rate: float, seconds: float, *, lanes: int | None = None, seed: int = 0, write_seconds: float = WRITE_SECONDS) -> Traffic:
    """Card payments of one merchant that arrive at random, so many a second. lanes: so many and no more; None: one that may grow."""
    traffic = Traffic()
    with _running(seed, write_seconds, traffic) as (world, timeline, pool):
        who = world.register()
        if lanes is not None:
            world.spread(who, lanes)
        start, dice = timeline.now, random.Random(seed)

        def arrive() -> None:
            number = 0
            while timeline.now < start + seconds:
                number += 1
                journal = payment(who.merchant_id, number)
                timeline.begin(partial(pool.serve, partial(_post, journal, traffic, start, pool)))
                timeline.sleep(dice.expovariate(rate))

        timeline.run([arrive, lambda: _watch(world, who.merchant_id, timeline, start + seconds, traffic)])
        traffic.seconds = timeline.now - start
    return traffic


def of_wallet(clients: int, each: int, *, pause_seconds: float, seed: int = 0, write_seconds: float = WRITE_SECONDS) -> Traffic:
    """Clients that fill one wallet, each with one request after another and a pause between two."""
    traffic = Traffic()
    with _running(seed, write_seconds, traffic) as (_world, timeline, pool):
        start = timeline.now

        def client(number: int) -> Callable[[], None]:
            def fill() -> None:
                for count in range(each):
                    pool.sleep(pause_seconds)
                    journal = top_up(f"{number}-{count}")
                    pool.serve(partial(_post, journal, traffic, start, pool, door_seconds=0.0))
                traffic.totals[number] = timeline.now - start

            return fill

        timeline.run([client(number) for number in range(clients)])
        traffic.seconds = timeline.now - start
    return traffic


def payment(merchant_id: str, number: int) -> Journal:
    """A card payment."""
    return Journal.transfer(
        source=Account.clearing(merchant_id, "card", "INR"),
        target=Account.of_merchant(merchant_id, "INR"),
        amount=Money(100, "INR"),
        reference=Reference(ReferenceType.PAYMENT, ids.derive("pay", str(number))),
        description=None,
    )


def top_up(name: str) -> Journal:
    """A top-up of the one wallet."""
    return Journal.transfer(
        source=Account.clearing("mer_contention", "topup", "INR"),
        target=Account.of_wallet("mer_contention", "wal_contention", "INR"),
        amount=Money(100, "INR"),
        reference=Reference(ReferenceType.TOPUP, ids.derive("trf", name)),
        description=None,
    )


@contextmanager
def _running(seed: int, write_seconds: float, traffic: Traffic) -> Iterator[tuple[World, Timeline, Pool]]:
    world, timeline = World(seed=seed), Timeline()
    pool = Pool(timeline)
    with world.running():
        slow = OverlappingDynamo(world.dynamo, pool.sleep, write_seconds=write_seconds)
        world.install(slow, world.kms, world.sqs)
        clock.use(timeline.time)
        clock.use_sleeper(pool.sleep)
        yield world, timeline, pool
        traffic.transactions, traffic.environments = slow.transactions, pool.made
        world.install(world.dynamo, world.kms, world.sqs)
        traffic.report = Verifier(segments=1).run()


def _post(journal: Journal, traffic: Traffic, start: float, pool: Pool, *, door_seconds: float = DOOR_SECONDS) -> None:
    pool.sleep(door_seconds)
    began = pool.timeline.now
    try:
        ledger.post(journal, lambda _entries: [])
    except TemporarilyUnavailable:
        traffic.given_up += 1
    else:
        traffic.waits.append((began - start, pool.timeline.now - began))


def _watch(world: World, merchant_id: str, timeline: Timeline, end: float, traffic: Traffic) -> None:
    """Look at the number of lanes now and then, past the clock."""
    start, key = timeline.now, lane_counts.LanesItem.wire_key(merchant_id)
    while timeline.now < end:
        item = world.dynamo.get_item(TableName=lane_counts.LanesItem.physical_table(), Key=key)["Item"]
        lanes = lane_counts.LaneCounts.of(lane_counts.LanesItem.load(item)).open
        if not traffic.growth or traffic.growth[-1][1] != lanes:
            traffic.growth.append((timeline.now - start, lanes))
        timeline.sleep(LOOK_SECONDS)
