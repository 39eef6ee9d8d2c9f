"""A business month on the local platform: `python -m bench.time_machine`.

A copy of the working tree is started as a user does, a merchant begins what ends later (holds, links that no one pays, disputes, payments
to be paid out), and the clock is moved on by 35 days. It takes a few minutes, most of it the start.
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
HEADERS: Final = ("what", "measured", "goal")
_DISPUTED: Final = "4000000000000259"
_APPROVED: Final = "4242424242424242"
_NEVER_PAID: Final = "12.01"


@dataclass(frozen=True, slots=True)
class Month:
    """What the jump came to. runs: of schedules. stops: how often the clock stood still."""

    seconds: float
    cpu_seconds: float
    stops: int
    runs: int


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
    used, began, stops = sum(home.cpu_seconds().values()), time.monotonic(), list[float]()
    runs = time_machine.advance(
        time_machine.asking(known["emulator_url"]),
        DAYS * 86_400,
        chain_url=known["chain_url"],
        shown=lambda clock: stops.append(clock["now"]),
    )
    return Month(time.monotonic() - began, sum(home.cpu_seconds().values()) - used, len(stops), runs)


def main() -> None:
    """Measure, and write the section."""
    with new_home() as home:
        home.start()
        month = jumped(home)
    load = os.getloadavg()[1]
    rows = [
        (f"{DAYS} days", f"{month.seconds:.0f} s, {month.cpu_seconds:.0f} s of CPU", f"at most {GOAL_SECONDS} s"),
        ("stops", str(month.stops), f"at most {time_machine.MAX_STOPS}"),
        ("runs of schedules", str(month.runs), ""),
    ]
    about = (
        f"`python -m bench.time_machine`, {os.cpu_count()} cores, load {load:.1f} in the last five minutes; other work on it slows this. "
        f"{4 * EACH} payments were begun before: paid, disputed, held, and links that no one pays."
    )
    table.write_section("time machine", f"## A month by the local clock\n\n{about}\n\n{table.markdown(HEADERS, rows)}")
    print(table.markdown(HEADERS, rows))


if __name__ == "__main__":
    main()
