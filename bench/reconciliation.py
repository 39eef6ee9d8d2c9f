"""A year of 200,000 payments over three providers with planted faults of every kind: what the reconciliation finds of them, and its cost.

`python -m bench.reconciliation [--payments 200000] [--days 365]`. It runs the real engine over the real ledger on the in-memory tables,
evening by evening, and prints how many planted faults were found, how many were invented, and how long it took.
"""

import argparse
import time
from collections.abc import Sequence
from typing import Final

from tests.scenarios.reconciliation_year import PROVIDERS, Year
from tests.support.world import World

PAYMENTS: Final = 200_000
DAYS: Final = 365
FAULT_EVERY: Final = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 when every planted fault was found, none invented, and every evening explained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=PAYMENTS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--fault-every", type=int, default=FAULT_EVERY)
    chosen = parser.parse_args(arguments)
    world = World()
    with world.running():
        merchant_id = world.register().merchant_id

        def set_time(seconds: float) -> None:
            world.clock.now = seconds

        year = Year(merchant_id, chosen.payments, chosen.days, set_time, chosen.fault_every)
        began = time.perf_counter()
        year.live()
        took = time.perf_counter() - began
        return _reported(year, took)


def _reported(year: Year, took: float) -> int:
    found = year.found()
    print(f"{year.payments} payments on {year.days} days at {len(PROVIDERS)} providers, {len(year.faults)} planted faults")
    print(", ".join(f"{kind} {count}" for kind, count in sorted(year.counts().items())))
    print(f"items planted {found.planted}, found {found.found}: precision {found.precision:.4f}, recall {found.recall:.4f}")
    print(f"evenings that were not explained to the last unit: {len(year.unexplained)}")
    print(f"{took:.0f} s, {took / year.payments * 1000:.2f} ms a payment with its booking, its report and its reconciliation")
    for wrong in (*found.missing_items[:10], *found.invented[:10], *year.unexplained[:10]):
        print(f"WRONG {wrong}")
    return 0 if found.precision == found.recall == 1.0 and not year.unexplained else 1


if __name__ == "__main__":
    raise SystemExit(main())
