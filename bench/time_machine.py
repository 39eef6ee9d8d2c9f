"""A business month on the local platform: `python -m bench.time_machine`.

A copy of the working tree is started as a user does, a merchant begins what ends later (holds, links that no one pays, disputes, payments
to be paid out), and the clock is moved on by 35 days. It takes a few minutes, most of it the start.

The wall's time says what a user waits, and grows with other work on the machine; CPU does not. A stop waits for its runs one after
another, so that their order is the same each time: one core is at work, and the goal is held to the CPU.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench import table
from bench.platform_home import Home, new_home
from bench.platform_load import Caller
from local import time_machine
from local.platform_file import read

DAYS: Final = 35
EACH: Final = 5
GOAL_SECONDS: Final = 60
SHOWN: Final = 5
HEADERS: Final = ("what", "measured", "goal")
_DISPUTED: Final = "4000000000000259"
_APPROVED: Final = "4242424242424242"
_NEVER_PAID: Final = "12.01"


@dataclass(frozen=True, slots=True)
class Month:
    """What the jump came to. runs: of schedules. stops: how often the clock stood still. used: CPU seconds by process, the most first."""

    seconds: float
    used: dict[str, float]
    stops: int
    runs: int

    @property
    def cpu_seconds(self) -> float:
        """Of all processes of the platform."""
        return sum(self.used.values())


def begin(caller: Caller) -> None:
    """What ends within the month."""
    caller.call("POST", "/v1/wallet/create", {"user_id": "asha"})
    caller.call("POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "1000.00"})
    for number in (_APPROVED, _DISPUTED):
        card = {"user_id": "asha", "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2031}
        token: Any = caller.call("POST", "/v1/tokens/create", card)["token_id"]
        for _each in range(EACH):
            caller.call("POST", "/v1/payments/create", {"amount": "10.00", "method": "tokenized", "token_id": token})
    for _each in range(EACH):
        caller.call("POST", "/v1/payments/create", {"amount": _NEVER_PAID, "method": "upi_intent"})
        held = {"amount": "10.00", "method": "wallet", "user_id": "asha", "capture_method": "manual"}
        caller.call("POST", "/v1/payments/create", held)


def jumped(home: Home) -> Month:
    """Move the clock of a platform that runs."""
    known = read(Path(home.directory) / ".local" / "platform.json")
    caller = Caller(known["base_url"], known["demo"]["api_key"], known["demo"]["secret"])
    begin(caller)
    before, began, stops = home.cpu_seconds(), time.monotonic(), list[float]()
    runs = time_machine.advance(
        time_machine.asking(known["emulator_url"]),
        DAYS * 86_400,
        chain_url=known["chain_url"],
        shown=lambda clock: stops.append(clock["now"]),
    )
    seconds, after = time.monotonic() - began, home.cpu_seconds()
    # A function whose environment was replaced meanwhile has less than before.
    used = {name: max(after[name] - before.get(name, 0.0), 0.0) for name in after}
    return Month(seconds, dict(sorted(used.items(), key=lambda each: -each[1])), len(stops), runs)


def _most(month: Month) -> list[tuple[str, float]]:
    """Which processes used the most."""
    return list(month.used.items())[:SHOWN]


def main() -> None:
    """Measure, and write the section."""
    with new_home() as home:
        home.start()
        month = jumped(home)
    load = os.getloadavg()[1]
    rows = [
        (f"{DAYS} days", f"{month.cpu_seconds:.0f} s of CPU", f"at most {GOAL_SECONDS} s"),
        ("", f"{month.seconds:.0f} s on the wall, {month.seconds / month.cpu_seconds:.1f} times that", ""),
        ("stops", str(month.stops), f"at most {time_machine.MAX_STOPS}"),
        ("runs of schedules", f"{month.runs}, {1000 * month.cpu_seconds / max(month.runs, 1):.0f} ms of CPU each", ""),
        *((f"CPU of {name}", f"{seconds:.1f} s, {100 * seconds / month.cpu_seconds:.0f} %", "") for name, seconds in _most(month)),
    ]
    about = (
        f"`python -m bench.time_machine`, {os.cpu_count()} cores, load {load:.1f} in the last five minutes; other work on it slows this. "
        f"{4 * EACH} payments were begun before: paid, disputed, held, and links that no one pays."
    )
    table.write_section("time machine", f"## A month by the local clock\n\n{about}\n\n{table.markdown(HEADERS, rows)}")
    print(table.markdown(HEADERS, rows))


if __name__ == "__main__":
    main()
