"""Lanes: what 1 to 64 of them take, how a merchant gets them, and how clients of one wallet wait.

On a simulated clock: the real posting in as many environments as are busy, over a table whose calls take time and whose transactions
refuse each other. Two cores could not run 1,600 payments a second in real time; here a second lasts as long as its postings need. The last
table is in real time: processes of their own that pay through authorizer and door, and there this machine's processors are the limit.
"""

import logging
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench import contention, table
from tests.fakes.overlapping_dynamo import READ_SECONDS, WRITE_SECONDS
from tests.scenarios import lane_traffic
from tests.scenarios.lane_traffic import Traffic
from tests.support.world import World

RATES = (25, 30)
LANES = (1, 2, 4, 8, 16, 32, 64)
# Payments of one measurement, at least; and what counts as served.
PAYMENTS = 1_000
LEAST_SECONDS = 5
# By then environments know their lanes.
WARM_SECONDS = 2
MOST_MILLISECONDS = 500
RAMPS = ((5, 120), (25, 60), (50, 40), (100, 40), (200, 40))
CLIENTS = (1, 2, 4, 8, 16, 32)
EACH = 40
PAUSE_SECONDS = 0.03
PROCESSES = (1, 2, 4, 8)
DOOR_PAYMENTS = 160

CEILING_HEADERS = ("lanes", *(f"p99 ms at {rate}/s a lane" for rate in RATES), "given up", "payments/s at p99 ≤ 500 ms", "a lane")
RAMP_HEADERS = ("payments/s", "lanes at the end", "the last after s", "given up", "p99 ms until then", "p99 ms later", "tries a posting")
WALLET_HEADERS = ("clients", "postings/s", "given up", "median ms", "90 % ms", "99 % ms", "longest ms", "first ends", "last ends", "tries")
DOOR_HEADERS = ("processes", "payments", "503", "payments/s", "median ms", "99 % ms")


def ceilings() -> Iterator[tuple[str, ...]]:
    """One row a number of lanes, which are bound there."""
    for lanes in LANES:
        found = {rate: lane_traffic.of_merchant(rate * lanes, max(PAYMENTS / rate / lanes, LEAST_SECONDS), lanes=lanes) for rate in RATES}
        served = max((rate for rate, traffic in found.items() if _is_served(traffic)), default=0)
        waits = (f"{_p99(traffic):.0f}" for traffic in found.values())
        given_up = sum(traffic.given_up for traffic in found.values())
        yield (str(lanes), *waits, str(given_up), str(served * lanes), str(served))


def _is_served(traffic: Traffic) -> bool:
    assert traffic.report.sound
    return traffic.given_up == 0 and _p99(traffic) <= MOST_MILLISECONDS


def _p99(traffic: Traffic) -> float:
    return traffic.milliseconds(0.99, from_second=WARM_SECONDS)


def ramps() -> Iterator[tuple[str, ...]]:
    """One row a rate that begins at once, of a merchant with one lane and no setting."""
    for rate, seconds in RAMPS:
        traffic = lane_traffic.of_merchant(rate, seconds)
        assert traffic.report.sound
        last, lanes = traffic.growth[-1]
        began = [wait for at, wait in traffic.waits if at <= max(last, 1)]
        late = traffic.milliseconds(0.99, from_second=seconds * 2 / 3)
        yield (
            *(str(rate), str(lanes), f"{last:.0f}", str(traffic.given_up)),
            *(f"{1000 * _share(began, 0.99):.0f}", f"{late:.0f}", f"{traffic.tries:.2f}"),
        )


def wallets() -> Iterator[tuple[str, ...]]:
    """One row a number of clients that fill one wallet."""
    for clients in CLIENTS:
        traffic = lane_traffic.of_wallet(clients, EACH, pause_seconds=PAUSE_SECONDS)
        assert traffic.report.sound
        ended = sorted(traffic.totals.values())
        yield (
            *(str(clients), f"{len(traffic.waits) / traffic.seconds:.0f}", str(traffic.given_up)),
            *(f"{traffic.milliseconds(share):.0f}" for share in (0.5, 0.9, 0.99, 1)),
            *(f"{ended[0]:.1f} s", f"{ended[-1]:.1f} s", f"{traffic.tries:.2f}"),
        )


def doors() -> Iterator[tuple[str, ...]]:
    """One row a number of processes, in real time."""
    for processes in PROCESSES:
        world = World()
        with world.running():
            answers = contention.pay_at_once(world, processes, payments=DOOR_PAYMENTS)
        # Each process sends one after another.
        seconds = sum(wait for _status, wait in answers) / processes
        waits = sorted(wait for status, wait in answers if status == 201)
        refused = sum(status == 503 for status, _ in answers)
        shown = (f"{len(waits) / seconds:.0f}", f"{1000 * statistics.median(waits):.0f}", f"{1000 * _share(waits, 0.99):.0f}")
        yield (str(processes), str(len(waits)), str(refused), *shown)


def _share(waits: list[float], share: float) -> float:
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * share))]


@contextmanager
def _no_log_lines() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def main() -> None:
    """Measure and write."""
    calls = f"a read takes {READ_SECONDS * 1000:.0f} ms, a transaction {WRITE_SECONDS * 1000:.0f} ms"
    parts = (
        (f"Card payments that arrive at random, on a simulated clock ({calls}), from the third second on:", CEILING_HEADERS, ceilings),
        ("A merchant with one lane, and no setting, gets so many payments a second from one moment to the next:", RAMP_HEADERS, ramps),
        (f"Clients of one wallet, {EACH} requests each, {PAUSE_SECONDS * 1000:.0f} ms between two:", WALLET_HEADERS, wallets),
        ("In real time, wallet payments by processes of their own; the processors of this machine are the limit:", DOOR_HEADERS, doors),
    )
    shown = []
    with _no_log_lines():
        for title, headers, rows in parts:
            shown.append(f"{title}\n\n{table.markdown(headers, rows())}")
            sys.stdout.write(f"{shown[-1]}\n\n")
            sys.stdout.flush()
    table.write_section("lanes", "## Lanes\n\n`python -m bench.lanes`.\n\n" + "\n\n".join(shown))


if __name__ == "__main__":
    main()
