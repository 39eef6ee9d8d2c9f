"""A pytest plugin: notes which function asks AWS for what while tests run.

A call that the function's role does not allow fails the run. What was seen is kept in `tests/aws_calls.json`, so that a right which
no code uses fails too (tests/unit/test_rights_in_use.py). AWS_CALLS=add writes new calls into the file, AWS_CALLS=write makes it anew
from this run, AWS_CALLS=exact fails when file and run are not the same: for a whole run of the integration tests.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any, Final
from weakref import WeakKeyDictionary

import pytest

from paycorex import aws
from paycorex.http import App
from tests.support import rights
from tests.support.aws_actions import Call, calls

FILE: Final = Path(__file__).resolve().parents[1] / "aws_calls.json"
_SENT: Final = "aws_calls"
# Where tests begin a handler's work without its event: what the handler calls first, and the handler's module.
ENTERED: Final = {
    ("payments.janitor", "run"): "payments.janitor_door",
    ("settlements.matching.working", "run"): "settlements.reconciliation_door",
    ("paycorex.ledger.proof.checkpoints", "seal"): "operations.checkpoint_door",
    ("paycorex.ledger.proof.verification_runs", "work"): "operations.verification_door",
}
_NAMES: Final = frozenset({"handler", *(function for _, function in ENTERED)})
# What pytest calls a test from: outside of it is no handler.
_TEST: Final = "pytest_pyfunc_call"
_LOOKED_AT: Final = _NAMES | {_TEST}
# Only a bound on the search for a handler; no call is so deep.
_DEEPEST: Final = 400

noted: Final[set[tuple[str, str]]] = set()
_unknown: Final[set[str]] = set()
_doors: Final[WeakKeyDictionary[App, str]] = WeakKeyDictionary()
_of_this_thread: Final = threading.local()
# The simulator's clients interrupt each other's calls, in one thread and in others': a call there cannot be put down to one function.
_NOT_NOTED: Final = Path(__file__).resolve().parents[1] / "properties"
_paused: Final = threading.Event()


def handler_under_way() -> str | None:
    """The handler that runs in this thread, or for which this thread works: its module, and its network if it has one. None: no handler."""
    frame: FrameType | None = sys._getframe(1)
    for _ in range(_DEEPEST):
        if frame is None:
            break
        # Every call to AWS looks here through the whole stack: most frames are passed by their function's name alone.
        name = frame.f_code.co_name
        if name in _LOOKED_AT:
            if name == _TEST:
                break
            found = _module_of(frame) if name == "handler" else ENTERED.get((str(frame.f_globals.get("__name__")), name))
            if found is not None:
                return found
        frame = frame.f_back
    # A pool's thread works for many; others for the one that started them.
    owner: str | None = getattr(_of_this_thread, "owner", getattr(threading.current_thread(), "paycorex_owner", None))
    return owner


def _module_of(frame: FrameType) -> str | None:
    name: str = frame.f_globals["__name__"]
    if name.endswith("door"):
        # One handler serves several functions: its schedule says for which network it runs.
        event = frame.f_locals.get("event")
        return f"{name}:{event['network']}" if isinstance(event, Mapping) and "network" in event else name
    app = frame.f_locals.get("self")
    return _door_of(app) if isinstance(app, App) else None


def _door_of(app: App) -> str | None:
    """The module whose app this is. It is searched for among thousands of modules once, and then only looked at."""
    door = _doors.get(app)
    if door is None or getattr(sys.modules.get(door), "app", None) is not app:
        doors = (module for module, loaded in list(sys.modules.items()) if module.endswith(".door") and getattr(loaded, "app", None) is app)
        door = next(doors, None)
        if door is not None:
            _doors[app] = door
    return door


class Noting:
    """A client that notes what it is asked for while a handler runs, and passes everything on."""

    def __init__(self, service: str, client: Any) -> None:
        self._service = service
        self._client = client

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return self._noting(name, found) if callable(found) else found

    def _noting(self, method: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*positional: Any, **arguments: Any) -> Any:
            # A client's own methods, such as `get_paginator("scan")`, take their arguments by position; operations by name only.
            if not positional:
                note(self._service, method, arguments)
            return ask(*positional, **arguments)

        return asked


def note(service: str, method: str, arguments: Mapping[str, Any]) -> None:
    """Remember a call of the handler under way."""
    owner = None if _paused.is_set() else handler_under_way()
    if owner is None:
        return
    try:
        noted.update((owner, call.text()) for call in calls(service, method, arguments))
    except KeyError as missing:
        _unknown.add(f"{owner}: {service}.{method} names {missing}, which tests/support/aws_actions.py does not know")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note nothing in tests whose calls have no one owner."""
    if _NOT_NOTED in item.path.parents:
        _paused.set()
    else:
        _paused.clear()


def pytest_configure() -> None:
    """Stand between the handlers and the clients, and let threads know for whom they work."""
    make, submit, start = aws._client, ThreadPoolExecutor.submit, threading.Thread.start

    def client(service: str, *more: Any, **named: Any) -> Any:
        found = make(service, *more, **named)
        return found if _paused.is_set() or handler_under_way() is None else Noting(service, found)

    def submit_for(pool: ThreadPoolExecutor, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        owner = handler_under_way()

        def owned(*inner: Any, **named: Any) -> Any:
            _of_this_thread.owner = owner
            try:
                return work(*inner, **named)
            finally:
                del _of_this_thread.owner

        return submit(pool, owned, *args, **kwargs)

    def start_for(thread: threading.Thread) -> None:
        thread.paycorex_owner = handler_under_way()  # type: ignore[attr-defined]  # ours, read above
        start(thread)

    aws._client = client
    ThreadPoolExecutor.submit = submit_for  # type: ignore[method-assign,assignment]  # for the whole run
    threading.Thread.start = start_for  # type: ignore[method-assign,assignment]  # for the whole run


def stored() -> set[tuple[str, str]]:
    """What the file has: pairs of a handler's module and a call."""
    content: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {(handler, call) for handler, lines in content.items() for call in lines}


def write(pairs: set[tuple[str, str]]) -> None:
    """Write the file: calls by handler, in order."""
    content: dict[str, list[str]] = {}
    for handler, call in sorted(pairs):
        content.setdefault(handler, []).append(call)
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def pytest_testnodedown(node: Any) -> None:
    """With xdist: take over what a worker noted."""
    pairs, unknown = getattr(node, "workeroutput", {}).get(_SENT, ([], []))
    noted.update((handler, call) for handler, call in pairs)
    _unknown.update(unknown)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker sends what it noted; the run itself compares."""
    sent = getattr(session.config, "workeroutput", None)
    if sent is not None:
        sent[_SENT] = (sorted(noted), sorted(_unknown))
        return
    mode = os.environ.get("AWS_CALLS", "")
    if mode == "write":
        write(noted)
    elif mode == "add":
        write(noted | stored())
    if differences(mode):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def differences(mode: str) -> list[str]:
    """What is wrong with this run's calls; a line for each."""
    lines = [line for module, text in sorted(noted) for line in _refused(module, Call.parse(text))] if noted else []
    if mode == "exact":
        known = stored()
        lines += [f"{module} asks for what the file does not have: {call}" for module, call in sorted(noted - known)]
        lines += [f"{module} was not seen asking for: {call}" for module, call in sorted(known - noted)]
    return [*lines, *sorted(_unknown)]


def _refused(module: str, call: Call) -> Iterator[str]:
    for name in rights.refused(module, call.action, call.resource, dict(call.context)):
        yield f"{name} may not, but does: {call.text()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what differs, and what to do."""
    if lines := differences(os.environ.get("AWS_CALLS", "")):
        terminalreporter.section("calls to AWS against the functions' roles", red=True)
        for line in lines:
            terminalreporter.line(line)
        terminalreporter.line(
            "AWS_CALLS=add pytest <these tests> adds new ones, `make aws-calls` writes the file anew; the roles must follow."
        )
