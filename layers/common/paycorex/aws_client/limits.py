"""How long a client waits and how often it sends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`read_seconds` bounds the wait for the next bytes, `answer_seconds` that for the whole answer. `sends` counts the first one."""

    connect_seconds: float = 1.0
    read_seconds: float = 3.0
    answer_seconds: float = 6.0
    sends: int = 2
