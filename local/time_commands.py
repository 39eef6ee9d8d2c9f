"""`paycorex time`: what time it is on the local platform, and moving its clock forward with all that falls due meanwhile."""

import argparse
import json
import re
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

from local import platform_file
from local.time_machine import MAX_STOPS, NoPlatform, advance, asking, clock_of

MAX_JUMP_SECONDS: Final = 400 * 86_400
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_PART: Final = re.compile(r"([0-9]{1,9})([smhdw])")


class BadDuration(ValueError):
    """The message says how a duration is written."""


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `time`."""
    command = subparsers.add_parser("time", help="move the clock of the local platform forward, with all that falls due meanwhile")
    command.add_argument("by", nargs="?", help="how far, such as +35d, +2h30m or +90s; without it, show the clock")
    command.add_argument(
        "--apart", metavar="DURATION", help=f"the shortest way between two stops (default: a minute, or a {MAX_STOPS}th of the jump)"
    )
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=_run)


def seconds_of(text: str) -> int:
    """`+35d` in seconds. Raises BadDuration: only forward, at most 400 days."""
    digits = text.removeprefix("+")
    parts = _PART.findall(digits)
    if not parts or "".join(number + unit for number, unit in parts) != digits:
        raise BadDuration(f"{text!r} is no duration: +35d, +2h30m, +90s (units: w, d, h, m, s)")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if not 0 < seconds <= MAX_JUMP_SECONDS:
        raise BadDuration(f"a jump is between a second and {MAX_JUMP_SECONDS // 86_400} days")
    return seconds


def _run(arguments: argparse.Namespace) -> int:
    try:
        seconds = None if arguments.by is None else seconds_of(arguments.by)
        apart = None if arguments.apart is None else float(seconds_of(arguments.apart))
        known = _platform()
        ask = asking(known["emulator_url"])
        began, ran = time.monotonic(), 0
        if seconds is not None:
            shown = _nothing if arguments.json or not sys.stdout.isatty() else _show
            ran = advance(ask, seconds, chain_url=known["chain_url"], apart=apart, shown=shown)
        clock = clock_of(ask)
    except (BadDuration, NoPlatform) as reason:
        print(reason, file=sys.stderr)
        return 2
    took = time.monotonic() - began
    if arguments.json:
        print(json.dumps({"now": _text(clock["now"]), "ahead_seconds": round(clock["ahead_seconds"]), "schedules_run": ran}))
        return 0
    print(f"{_text(clock['now'])}, {_days(clock['ahead_seconds'])} of this machine's time")
    if seconds is not None:
        print(f"{ran} runs of schedules in {took:.1f} s")
    return 0


def _platform() -> dict[str, Any]:
    known: dict[str, Any] | None = platform_file.read(platform_file.PLATFORM)
    if known is None:
        raise NoPlatform("The local platform does not run: make run")
    return known


def _show(clock: dict[str, Any]) -> None:
    print(f"\r  {_text(clock['now'])}", end="\r", flush=True)


def _nothing(_clock: dict[str, Any]) -> None:
    """No progress is shown."""


def _text(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}Z"


def _days(seconds: float) -> str:
    return f"{abs(seconds) / 86_400:.2f} days {'ahead' if seconds >= 0 else 'behind'}"
