"""The local platform as a user meets it: `python -m bench.platform`.

A copy of the working tree is started cold, then again; twenty requests come at once to it while it is idle; clients pay from wallets,
after ten payments and after many. It takes about ten minutes. AGE: how many payments make it old. CLIENTS: how many pay at once.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bench import platform_queries, table
from bench.platform_home import Home, Started, new_home
from bench.platform_load import Caller, Load, together

CLIENTS: Final = int(os.environ.get("CLIENTS", "8"))
AGE: Final = int(os.environ.get("AGE", "10000"))
BURST: Final = 20
ROUNDS: Final = 3
PAYMENTS_A_ROUND: Final = 320
HEADERS: Final = ("what", "measured", "goal", "")
LOAD_HEADERS: Final = (
    "payments so far",
    "payments a second",
    "p50 ms",
    "p99 ms",
    "longest ms",
    "failed",
    "CPU ms a payment",
    "of it emulator",
    "functions",
    "proxy",
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant and its users' wallets, one for each client."""

    home: Home
    credentials: dict[str, str]

    def pay(self, client: int) -> Callable[[], Any]:
        """A payment by this client, on a connection that it keeps."""
        caller = Caller(self.home.base_url, self.credentials["api_key"], self.credentials["secret"])
        order = {"amount": "1.00", "method": "wallet", "user_id": f"user-{client}"}
        return lambda: caller.call("POST", "/v1/payments/create", order)

    def pay_together(self, payments: int, clients: int = CLIENTS) -> Load:
        """So many payments by so many clients at once."""
        return together([[self.pay(client)] * (payments // clients) for client in range(clients)])


def opened(home: Home) -> Shop:
    """A shop with money in its wallets."""
    url = home.base_url
    made = Caller(url).call("POST", "/v1/merchants/register", {"name": "Bench", "email": f"bench-{time.time_ns()}@example.com"})
    caller = Caller(url, made["api_key"], made["secret"])
    for client in range(max(CLIENTS, BURST)):
        caller.call("POST", "/v1/wallet/create", {"user_id": f"user-{client}"})
        caller.call("POST", "/v1/wallet/topup", {"user_id": f"user-{client}", "amount": "1000000"})
    return Shop(home, made)


@dataclass(frozen=True, slots=True)
class Measured:
    """A load's rounds, and the CPU milliseconds of one payment, by process."""

    before: int
    rounds: list[Load]
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        """Payments a second: the median of the rounds."""
        return statistics.median(load.rate for load in self.rounds)

    def at(self, share: float) -> float:
        """Milliseconds: the median of the rounds."""
        return statistics.median(load.at(share) for load in self.rounds) * 1000

    @property
    def cpu_ms(self) -> float:
        """Of a payment, all processes together."""
        return sum(self.cpu.values())

    def row(self) -> tuple[str, ...]:
        """For the table."""
        failed = sum(load.failed.total() for load in self.rounds)
        functions = self.cpu_ms - self.cpu["emulator"] - self.cpu["proxy"]
        milliseconds = [f"{value:.1f}" for value in (self.cpu["emulator"], functions, self.cpu["proxy"])]
        latency = [f"{value:.0f}" for value in (self.at(0.5), self.at(0.99), self.at(1))]
        return (f"{self.before:,}", f"{self.rate:.1f}", *latency, str(failed), f"{self.cpu_ms:.1f}", *milliseconds)


def measure(shop: Shop, before: int) -> Measured:
    """Rounds of the load."""
    used = shop.home.cpu_seconds()
    rounds = [shop.pay_together(PAYMENTS_A_ROUND) for _ in range(ROUNDS)]
    spent = shop.home.cpu_seconds()
    return Measured(before, rounds, {part: (spent[part] - used.get(part, 0.0)) * 1000 / (ROUNDS * PAYMENTS_A_ROUND) for part in spent})


def main() -> None:
    """Measure and write."""
    with new_home() as home:
        cold = home.start()
        shop = opened(home)
        home.stop()
        second = home.start()
        burst = shop.pay_together(BURST, BURST)
        shop.pay_together(CLIENTS * 4)
        young = measure(shop, 10)
        shop.pay_together(AGE - ROUNDS * PAYMENTS_A_ROUND)
        old = measure(shop, AGE)
        stop = home.stop()
        third = home.start()
        report(Results(cold, second, third, stop, burst, young, old))


@dataclass(frozen=True, slots=True)
class Results:
    """Of one run: the three starts, the seconds of stopping an old platform, and the loads."""

    cold: Started
    second: Started
    third: Started
    stop: float
    burst: Load
    young: Measured
    old: Measured


def report(found: Results) -> None:
    """The tables."""
    young, old, burst = found.young, found.old, found.burst
    rows = [
        _start_row("first `make run`, packages cached", found.cold, 60),
        _start_row("second `make run`", found.second, 15),
        _start_row(f"`make run` with {AGE:,} payments", found.third, 15),
        _row(f"{BURST} payments at once to an idle platform, the last answer", burst.at(1) if not burst.failed else float("inf"), 5, "s"),
        _row(f"payments a second, {CLIENTS} clients", young.rate, 30, "", least=True),
        _row(f"the same after {AGE:,} payments", old.rate, 30, "", least=True),
        _row("99th percentile", young.at(0.99) / 1000, 1, "s"),
        _row(f"the same after {AGE:,} payments", old.at(0.99) / 1000, 1, "s"),
        _row(f"CPU a payment after {AGE:,} against before", old.cpu_ms / young.cpu_ms, 1.1, "times"),
        (f"`make stop` with {AGE:,} payments", f"{found.stop:.1f} s", "", ""),
    ]
    tables: list[tuple[Sequence[str], list[tuple[str, ...]]]] = [
        (HEADERS, [*rows]),
        (LOAD_HEADERS, [young.row(), old.row()]),
        (platform_queries.HEADERS, platform_queries.rows()),
    ]
    shown = "\n\n".join(table.markdown(headers, lines) for headers, lines in tables)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} in the last five minutes"
    note = f"`python -m bench.platform`, {machine}; other work on it slows all of this, CPU a payment the least. {CLIENTS} clients."
    table.write_section("platform", f"## The local platform\n\n{note}\n\n{shown}")
    print(shown, flush=True)


def _start_row(what: str, started: Started, goal: float) -> tuple[str, str, str, str]:
    what, measured, bound, verdict = _row(what, started.seconds, goal, "s")
    return what, f"{measured}, {started.cpu_seconds:.0f} s of CPU", bound, verdict


def _row(what: str, value: float, goal: float, unit: str, *, least: bool = False) -> tuple[str, str, str, str]:
    reached = value >= goal if least else value <= goal
    bound = "at least" if least else "at most"
    return what, f"{value:.1f} {unit}".strip(), f"{bound} {goal} {unit}".strip(), "" if reached else "not reached"


if __name__ == "__main__":
    main()
