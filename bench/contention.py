"""One wallet under many clients: how long postings wait for each other, whose they are, and whether any is given up.

Environments are processes of their own over one table whose calls take as long as DynamoDB's, and whose transactions overlap: a transaction
that comes to an item that another one is writing is refused with `TransactionConflict`, as there.
"""

import statistics
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore import xform_name

from bench import table
from paycorex import clock, ids, ledger
from paycorex.errors import TemporarilyUnavailable
from paycorex.ledger import Account, Journal, Reference, ReferenceType
from paycorex.money import Money
from tests.fakes.aws_errors import client_error
from tests.support.environments import run_at_once
from tests.support.world import World

POSTINGS = 150
CLIENTS = (1, 2, 6, 16)
READ_SECONDS = 0.004
WRITE_SECONDS = 0.016
HEADERS = ("clients", "postings", "given up", "seconds", "seconds without contention", "median ms", "99th percentile ms", "longest ms")


class SlowDynamo:
    """A table whose calls take time, and whose transactions meet."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._open: set[str] = set()

    def _make_api_call(self, operation: str, request: Mapping[str, Any]) -> Any:
        if operation != "TransactWriteItems":
            time.sleep(READ_SECONDS)
            return self._call(operation, request)
        places = [_place(item) for item in request["TransactItems"]]
        with self._lock:
            met = [place in self._open for place in places]
            if any(met):
                reasons = [{"Code": "TransactionConflict" if each else "None"} for each in met]
                raise client_error("dynamodb", "TransactWriteItems", "TransactionCanceledException", "refused", CancellationReasons=reasons)
            self._open.update(places)
        try:
            time.sleep(WRITE_SECONDS)
            return self._call(operation, request)
        finally:
            with self._lock:
                self._open.difference_update(places)

    def _call(self, operation: str, request: Mapping[str, Any]) -> Any:
        return getattr(self._client, xform_name(operation))(**request)


def _place(item: Mapping[str, Any]) -> str:
    parameters = item["Put"]
    return "/".join([parameters["TableName"], *(str(parameters["Item"].get(name)) for name in ("account", "seq"))])


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
        slow = SlowDynamo(world.dynamo)
        world.dynamo = slow
        tasks: list[Callable[[], float | None]] = [partial(_post, number) for number in range(POSTINGS)]
        started = time.monotonic()
        took = run_at_once(world, tasks, environments=clients)
        return took, time.monotonic() - started


def journal(number: int) -> Journal:
    """A top-up of the one wallet."""
    return Journal.transfer(
        source=Account.clearing("mer_contention", "topup", "INR"),
        target=Account.of_wallet("mer_contention", "wal_contention", "INR"),
        amount=Money(100, "INR"),
        reference=Reference(ReferenceType.TOPUP, ids.derive("trf", str(number))),
        description=None,
    )


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
