"""Statistics of a merchant with a million payments: read units and time, by days asked for and by lanes.

The rows are generated: the rollups as the stream would have left them, and the newest entry of each lane. What the numbers are is not the
point here (tests recount them); what they cost is.
"""

import contextlib
import io
import logging
import random
import statistics
import time
from typing import Any

from bench import table
from bench.metering import Meter, MeteredClient
from dashboard.statistics import rollup_store
from dashboard.statistics.tallies import DAY_MS, QUARTERS_PER_DAY, Tally
from paycorex import storage
from paycorex.ledger import Account, Journal, Reference, ReferenceType
from paycorex.ledger import store as ledger_store
from paycorex.ledger.entry import Entry
from paycorex.ledger.journal import Posting
from tests.support.world import Signer, World

PAYMENTS = 1_000_000
DAYS = 365
RUNS = 15
METHODS = ("wallet", "tokenized", "upi_intent", "crypto")
HEADERS = ("days", "lanes", "read units", "calls", "median ms", "payments counted")


def measure() -> list[tuple[str, ...]]:
    """One row a combination."""
    rows = []
    with contextlib.redirect_stdout(io.StringIO()):
        logging.disable(logging.CRITICAL)
        for lanes in (1, 8, 64):
            world = World()
            with world.running():
                who = world.register()
                world.spread(who, lanes)
                world.restart()
                generate(world, who, lanes)
                rows += [row(world, who, days, lanes) for days in (1, 30, 90, 365)]
        logging.disable(logging.NOTSET)
    return rows


def generate(world: World, who: Signer, lanes: int) -> None:
    """A year of payments, spread over all quarters."""
    dice, today = random.Random(7), int(world.clock.now * 1000) // DAY_MS
    each = 2 * PAYMENTS // (DAYS * QUARTERS_PER_DAY * len(METHODS)) + 1
    for day in range(today - DAYS, today + 1):
        money, unsettled = Tally(), Tally()
        for quarter in range(day * QUARTERS_PER_DAY, (day + 1) * QUARTERS_PER_DAY):
            for method in METHODS:
                money.add_to_quarter(quarter, f"paid:{method}", dice.randrange(each), dice.randrange(10_000_000))
            money.add_to_quarter(quarter, "refund", dice.randrange(3), dice.randrange(100_000))
            unsettled.add_to_quarter(quarter, "failed", dice.randrange(3), 0)
        writes = rollup_store.with_more("money", who.merchant_id, "INR", money)
        storage.transact([*writes, *rollup_store.with_more("open", who.merchant_id, "INR", unsettled)])
    for lane in range(lanes):
        storage.transact(lane_writes(who, lane, PAYMENTS // lanes))


def lane_writes(who: Signer, lane: int, seq: int) -> list[storage.Write]:
    """The newest entry of a lane, all counted."""
    account = Account.of_merchant(who.merchant_id, "INR").on_lane(lane)
    other = Account.clearing(who.merchant_id, "topup", "INR")
    journal = Journal(Reference(ReferenceType.PAYMENT, f"pay_{lane}"), (Posting(account, 100, 0), Posting(other, 0, 100)))
    entry = Entry.after(None, journal.postings[0], journal, 1)
    object.__setattr__(entry, "seq", seq)
    return [ledger_store.append(entry), rollup_store.move_lane(who.merchant_id, "INR", lane, before=0, after=seq)]


def row(world: World, who: Signer, days: int, lanes: int) -> tuple[str, ...]:
    """What one question costs, warm."""
    metered = MeteredClient(world.dynamo)
    world.install(metered, world.kms, world.sqs)
    from paycorex import clock

    start = clock.rfc3339((int(world.clock.now * 1000) // DAY_MS - days) * DAY_MS)
    times, body = [], dict[str, Any]()
    for _ in range(RUNS):
        metered.meter = Meter()
        began = time.perf_counter()
        reply = world.call(who, "GET", f"/v1/dashboard/stats?from={start}&timezone=Asia/Kolkata")
        times.append((time.perf_counter() - began) * 1000)
        assert reply.status == 200, reply.raw
        body = reply.body
    meter = metered.meter
    shown = (days, lanes, meter.read_units, sum(meter.calls.values()), round(statistics.median(times)))
    return (*(f"{value:g}" for value in shown), f"{body['count']['total']:,}")


INTRODUCTION = """## Statistics of a merchant with a million payments

`python -m bench.stats`: the payments are spread over a year, every quarter of an hour of it taken. Days of another zone, until now.

"""

if __name__ == "__main__":
    found = measure()
    table.write_section("stats", INTRODUCTION + table.markdown(HEADERS, found))
    print(table.markdown(HEADERS, found))
