"""Snapshots of an initialised environment (Lambda SnapStart): what must not be in one, and what a restored environment makes anew.

A snapshot is taken after a function's modules were loaded, and many environments begin from the same one, days later. So whatever is
unique, random, secret or connected is dropped before, or drawn after. Random bits of `secrets` come from the kernel for each call; a random
state of our own registers here. Without SnapStart nothing here runs.
"""

import random
from collections.abc import Callable
from typing import Any, Final

Action = Callable[[], Any]

_before: Final[list[Action]] = []
_after: Final[list[Action]] = []


def before_snapshot(action: Action) -> Action:
    """Have something dropped before a snapshot is taken."""
    _before.append(action)
    return action


def after_restore(action: Action) -> Action:
    """Have something made anew in every restored environment, before its first event."""
    _after.append(action)
    return action


def about_to_be_taken() -> None:
    """Lambda's hook before the snapshot."""
    for action in _before:
        action()


def restored() -> None:
    """Lambda's hook after a restore. The state of `random` itself is a library's, which jitters its retries with it."""
    random.seed()
    for action in _after:
        action()


def register() -> None:
    """Tell Lambda's runtime about both hooks. It brings the module along; anywhere else there are no snapshots."""
    try:
        import snapshot_restore_py as runtime  # type: ignore[import-not-found]  # noqa: PLC0415 - a part of Lambda's runtime alone
    except ImportError:
        return
    runtime.register_before_snapshot(about_to_be_taken)
    runtime.register_after_restore(restored)


register()
