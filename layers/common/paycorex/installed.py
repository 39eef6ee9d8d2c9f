"""What installed distributions offer by name: how a room adds to what all share, without being known there."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points


# What is installed does not change while a process lives, and looking through it opens a file of every package.
@cache
def points(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of a group (pyproject.toml), by name."""
    return tuple(sorted(entry_points(group=group), key=lambda point: point.name))
