"""What the limit of requests a second costs a request, and how well it holds across environments.

Environments are copies of the module's state over one in-memory table; each sends its share of a steady flood, a request at a time.
"""

import heapq
import time
from dataclasses import replace

from bench import table
from paycorex import clock, request_rates
from paycorex.credentials import ALL_SCOPES, Caller
from paycorex.errors import RateLimited
from tests.support.metering import MeteredDynamo
from tests.support.world import World

SECONDS = 20
NOTE = (
    "`python -m bench.rates`: a flood against a limit, spread evenly over environments that start cold; tokens for two seconds are a burst."
)
HEADERS = ("limit a second", "asked a second", "environments", "admitted a second", "most in one second", "write units a request admitted")
CALLER = Caller("mer_bench", "key_bench", frozenset(ALL_SCOPES), "INR", 1, "00" * 16)


def flood(limit: int, asked: int, environments: int) -> tuple[str, ...]:
    """One row."""
    world = World()
    with world.running():
        meter = MeteredDynamo(world.dynamo)
        world.install(meter, world.kms, world.sqs)
        moment = [world.clock.now]
        clock.use(lambda: moment[0])
        caller = replace(CALLER, requests_per_second=limit * 100 // request_rates.KEY_PERCENT)
        copies = [request_rates.Rates() for _ in range(environments)]
        start, admitted = moment[0], [0] * SECONDS
        arrivals = [(start + index / asked, index % environments) for index in range(asked * SECONDS)]
        heapq.heapify(arrivals)
        while arrivals:
            moment[0], index = heapq.heappop(arrivals)
            try:
                copies[index].take(caller)
            except RateLimited:
                continue
            admitted[min(SECONDS - 1, int(moment[0] - start))] += 1
        units = meter.written.total() / sum(admitted)
    return (str(limit), str(asked), str(environments), f"{sum(admitted) / SECONDS:.0f}", str(max(admitted)), f"{units:.3f}")


def cost() -> str:
    """CPU of one admitted request, its share of the reports included."""
    world = World()
    with world.running():
        caller = replace(CALLER, requests_per_second=10**9)
        request_rates.take(caller)
        count = 20_000
        started = time.process_time()
        for _ in range(count):
            request_rates.take(caller)
        return f"{(time.process_time() - started) / count * 1e6:.1f}"


def measure() -> list[tuple[str, ...]]:
    """Floods of twice and ten times a limit, and one that keeps to it."""
    cases = [(100, 80, 4), (100, 200, 4), (100, 1_000, 20), (100, 1_000, 50), (500, 5_000, 50), (10, 100, 8)]
    return [flood(*case) for case in cases]


if __name__ == "__main__":
    spent = f"One admitted request takes {cost()} µs of CPU, its share of the reports in memory included."
    shown = f"{table.markdown(HEADERS, measure())}\n\n{spent}"
    table.write_section("rates", f"## Requests a second\n\n{NOTE}\n\n{shown}")
    print(shown)
