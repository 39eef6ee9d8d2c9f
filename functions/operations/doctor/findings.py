"""What the doctor says: one finding for each thing that it looked at."""

from dataclasses import dataclass
from typing import Literal

type Status = Literal["ok", "wrong", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """check: which part of the examination. what: what was seen. todo: what to do, empty when nothing is to be done."""

    check: str
    status: Status
    what: str
    todo: str = ""


def ok(check: str, what: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", what)


def wrong(check: str, what: str, todo: str) -> Finding:
    """Something must be done."""
    return Finding(check, "wrong", what, todo)


def skipped(check: str, what: str, todo: str = "") -> Finding:
    """It could not be looked at, or does not apply."""
    return Finding(check, "skipped", what, todo)
