"""The options of `make run`, from the environment that make passes on."""

import os
from dataclasses import dataclass
from typing import Final, Self

DEFAULT_PORT: Final = 8080
DEFAULT_EMULATOR_PORT: Final = 4566
_PORTS: Final = range(1, 65536)


class BadOption(Exception):
    """An option that makes no sense; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Options:
    """port: where the API and the web page are. emulator_port: None takes the usual one or, if that is taken, any."""

    port: int
    emulator_port: int | None
    fresh: bool
    detach: bool
    # Fill an empty platform with thirty days of payments.
    demo: bool

    @classmethod
    def from_environment(cls) -> Self:
        """Raises BadOption."""
        return cls(
            port=_port("PORT") or DEFAULT_PORT,
            emulator_port=_port("EMULATOR_PORT"),
            fresh=_switch("FRESH"),
            detach=_switch("DETACH"),
            demo=_switch("DEMO"),
        )


def _port(name: str) -> int | None:
    given = os.environ.get(name, "").strip()
    if not given:
        return None
    if not given.isdecimal() or int(given) not in _PORTS:
        raise BadOption(f"{name}={given} is no port: make run {name}={DEFAULT_PORT}")
    return int(given)


def _switch(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() not in {"", "0", "no", "false"}
