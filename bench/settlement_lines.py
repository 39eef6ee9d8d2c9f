"""What lines of a settlement report cost: time, units and dollars per million, by the file's size and what the merchant has already.

`python -m bench.settlement_lines [LINES …]` writes its section of docs/performance.md. The real importer runs over DynamoDB in memory and a
bucket's service on this machine; seconds are this process's own, units are what DynamoDB would charge.
"""

import os
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

from bench import table
from bench.metering import Meter, MeteredClient
from paycorex import settings
from tests.fakes.object_store import ObjectStore
from tests.support import reports
from tests.support.reports import stripe_file, stripe_row
from tests.support.world import Signer, World

LINES: Final = (5_000, 10_000, 20_000)
# Lines of a payout.
PER_PAYOUT: Final = 2_500
# Lines that the merchant has already, of earlier reports.
HISTORY: Final = 20_000
# Dollars per million units on demand, and of Lambda a second of half a gigabyte.
WRITE_DOLLARS: Final = 0.625
READ_DOLLARS: Final = 0.125
LAMBDA_DOLLARS_A_SECOND: Final = 0.5 * 0.0000166667
HEADERS: Final = (
    *("lines", "lines before", "CPU s", "ms a line", "write units a line", "of indexes", "read units a line"),
    "dollars per million lines",
)


def main() -> None:
    """Measure and write the section."""
    sizes = [int(text) for text in sys.argv[1:]] or list(LINES)
    rows = list(_rows(sizes))
    text = (
        "## Lines of a settlement report\n`python -m bench.settlement_lines`: a report of Stripe is read by the importer and booked, "
        f"{PER_PAYOUT:,} lines a payout. Time grows with the lines and not with what the merchant has.\n\n" + table.markdown(HEADERS, rows)
    )
    table.write_section("settlement_lines", text)
    print(text)


def _rows(sizes: list[int]) -> Iterator[tuple[str, ...]]:
    for lines, before in [(size, 0) for size in sizes] + [(sizes[0], HISTORY)]:
        with World().running() as world, ObjectStore() as bucket:
            environment = {**os.environ, **bucket.environment()}
            _use(environment)
            settings.use(world.settings.model_copy(update={"reports_bucket": "reports"}))
            who = world.register()
            if before:
                _import(world, who, 1_000_000, before)
            client = MeteredClient(world.dynamo)
            world.install(client, world.kms, world.sqs)
            started = time.process_time()
            _import(world, who, 0, lines)
            yield _row(lines, before, time.process_time() - started, client.meter)


def _use(environment: dict[str, str]) -> None:
    """Have links signed for the bucket on this machine."""

    def found() -> dict[str, str]:
        return environment

    vars(settings)["aws_environment"] = found


def _import(world: World, who: Signer, first: int, lines: int) -> None:
    rows = (stripe_row(number, payout=f"po_{number // PER_PAYOUT}") for number in range(first, first + lines))
    import_id = reports.upload(world, who, stripe_file(*rows))
    for _ in range(50):
        reports.tick(world)
        shown: dict[str, Any] = reports.shown(world, who, import_id)
        if shown["status"] == "done":
            reports.tick(world)
            assert shown["accepted"] == lines, shown
            return
    raise AssertionError("not done")


def _row(lines: int, before: int, seconds: float, meter: Meter) -> tuple[str, ...]:
    writes, indexes, reads = meter.write_units / lines, meter.index_write_units / lines, meter.read_units / lines
    dollars = (writes + indexes) * WRITE_DOLLARS + reads * READ_DOLLARS + seconds / lines * 1e6 * LAMBDA_DOLLARS_A_SECOND
    numbers = (f"{seconds:.1f}", f"{seconds / lines * 1000:.2f}", f"{writes:.2f}", f"{indexes:.2f}", f"{reads:.2f}", f"{dollars:.2f}")
    return (f"{lines:,}", f"{before:,}", *numbers)


if __name__ == "__main__":
    main()
