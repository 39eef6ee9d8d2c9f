"""Moving the clock of a running platform from outside: the emulator stop by stop, and the test chain after it."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Final

from local import chain, platform_file
from local.emulator_plugin.time_machine import APART_SECONDS, PATH

# How many stops a long jump has at most where every minute of it has something due: a business month stays under a minute.
MAX_STOPS: Final = 300
# The longest function of a stop ends before.
_STOP_SECONDS: Final = 900.0
# The variable by which AWS's clients find an emulator.
_POINTED_AT: Final = "AWS_ENDPOINT_URL"
_CHAIN_APART_SECONDS: Final = 2.0
# A block's head without its transactions.
_NEWEST: Final = ("latest", False)

Ask = Callable[[str, str], dict[str, Any]]


class NoPlatform(Exception):
    """The local platform does not run, or does not answer."""


def clock_of(ask: Ask) -> dict[str, Any]:
    """`now`: seconds since the epoch on the platform. `ahead_seconds`: of this machine's time. Raises NoPlatform."""
    return ask("GET", PATH)


def ahead_of_local_platform() -> float:
    """By how many seconds the platform is ahead that the operators' commands are pointed at; 0 where that is not the local one.

    Raises NoPlatform when it does not answer.
    """
    known = platform_file.read(platform_file.PLATFORM)
    if known is None or os.environ.get(_POINTED_AT) != known["emulator_url"]:
        return 0.0
    return float(clock_of(asking(known["emulator_url"]))["ahead_seconds"])


def advance(
    ask: Ask,
    seconds: float,
    *,
    chain_url: str | None = None,
    apart: float | None = None,
    shown: Callable[[dict[str, Any]], None] = lambda _clock: None,
) -> int:
    """Move the platform's clock; how many schedules ran. Raises NoPlatform."""
    until = float(clock_of(ask)["now"]) + seconds
    between = max(apart if apart is not None else seconds / MAX_STOPS, APART_SECONDS)
    ran, now = 0, 0.0
    while now < until:
        stop = ask("GET", f"{PATH}?until={until}&apart={between}")["next"]
        if chain_url is not None:
            move_chain(chain_url, float(stop))
        clock = ask("POST", f"{PATH}?until={stop}&apart={between}")
        now, ran = float(clock["now"]), ran + int(clock["ran"])
        shown(clock)
    return ran


def hop(ask: Ask, moment: float) -> None:
    """Move the clock alone, and run nothing: the next stop makes up for it. Raises NoPlatform."""
    ask("POST", f"{PATH}?until={moment}&apart={APART_SECONDS}&hop=1")


def asking(emulator_url: str) -> Ask:
    """How the emulator at this address is asked."""

    def ask(method: str, path: str) -> dict[str, Any]:
        request = urllib.request.Request(emulator_url + path, method=method)  # noqa: S310 - our own loopback address
        try:
            with urllib.request.urlopen(request, timeout=_STOP_SECONDS) as response:  # noqa: S310 - the same
                answer: dict[str, Any] = json.load(response)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise NoPlatform(f"The emulator at {emulator_url} did not answer: {error}") from error
        return answer

    return ask


def move_chain(url: str, moment: float) -> None:
    """Let the test chain's next blocks be of this moment; forward only. Raises NoPlatform."""
    try:
        behind = moment - int(chain.ask(url, "eth_getBlockByNumber", *_NEWEST)["timestamp"], 16)
        if behind > _CHAIN_APART_SECONDS:
            chain.ask(url, "evm_increaseTime", int(behind))
            chain.ask(url, "evm_mine")
    except (OSError, RuntimeError, ValueError) as error:
        raise NoPlatform(f"The test chain at {url} did not take the time: {error}") from error
