"""One wallet under many clients: how long postings wait for each other, whose they are, and whether any is given up.

Environments are processes of their own over one table whose calls take as long as DynamoDB's, and whose transactions overlap: a transaction
that comes to an item that another one is writing is refused with `TransactionConflict`, as there.
"""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from bench import table
from paycorex import clock, ledger
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Journal
from tests.fakes.overlapping_dynamo import READ_SECONDS, OverlappingDynamo
from tests.scenarios import lane_traffic
from tests.support.environments import run_at_once
from tests.support.world import Signer, World

POSTINGS = 150
CLIENTS = (1, 2, 6, 16)
WRITE_SECONDS = 0.016
HEADERS = ("clients", "postings", "given up", "seconds", "seconds without contention", "median ms", "99th percentile ms", "longest ms")


def measure() -> list[tuple[str, ...]]:
    """One row a number of clients."""
    return [row(clients) for clients in CLIENTS]


def row(clients: int) -> tuple[str, ...]:
    """That many clients fill one wallet."""
    took, seconds = contend(clients)
    done = sorted(each for each in took if each is not None)
    alone = POSTINGS * (2 * READ_SECONDS + WRITE_SECONDS)
    shown = (
        *(clients, len(done), len(took) - len(done), f"{seconds:.1f}", f"{alone:.1f}"),
        *(round(1000 * each) for each in (statistics.median(done), done[int(len(done) * 0.99)], done[-1])),
    )
    return tuple(map(str, shown))


def contend(clients: int) -> tuple[list[float | None], float]:
    """How long each posting took, None for those that were given up, and how long all of them."""
    world = World()
    with world.running():
        world.dynamo = OverlappingDynamo(world.dynamo, time.sleep, write_seconds=WRITE_SECONDS)
        tasks: list[Callable[[], float | None]] = [partial(_post, number) for number in range(POSTINGS)]
        started = time.monotonic()
        took = run_at_once(world, tasks, environments=clients)
        return took, time.monotonic() - started


def pay_at_once(world: World, environments: int, *, payments: int) -> list[tuple[int, float]]:
    """Status and seconds of one merchant's payments, each from a wallet of its own, by so many environments through authorizer and door."""
    clock.use(time.time)
    who = world.register()
    for number in range(payments):
        world.wallet(who, f"user-{number}", "10.00")
    table, world.dynamo = world.dynamo, OverlappingDynamo(world.dynamo, time.sleep)
    try:
        tasks: list[Callable[[], tuple[int, float]]] = [partial(_pay, world, who, number) for number in range(payments)]
        return run_at_once(world, tasks, environments=environments)
    finally:
        world.dynamo = table


def _pay(world: World, who: Signer, number: int) -> tuple[int, float]:
    clock.use(time.time)
    started = time.monotonic()
    status = world.pay(who, f"user-{number}", "1.00").status
    return status, time.monotonic() - started


def journal(number: int) -> Journal:
    """A top-up of the one wallet."""
    return lane_traffic.top_up(str(number))


def _post(number: int) -> float | None:
    clock.use(time.time)
    started = time.monotonic()
    try:
        ledger.post(journal(number), lambda _entries: [])
    except TemporarilyUnavailable:
        return None
    return time.monotonic() - started


def main() -> None:
    shown = table.markdown(HEADERS, measure())
    sys.stdout.write(f"{shown}\n")
    note = (
        f"`python -m bench.contention`: {POSTINGS} postings to one wallet by environments of their own; a read takes "
        f"{READ_SECONDS * 1000:.0f} ms and a transaction {WRITE_SECONDS * 1000:.0f} ms, and transactions that overlap are refused."
    )
    table.write_section("contention", f"## Many clients on one wallet\n\n{note}\n\n{shown}")


if __name__ == "__main__":
    main()
