"""Every request as one readable line, made of what the proxy saw and what the functions logged about it."""

import json
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.emulator import Emulator
from local.proxy import Passed
from local.webhook_receiver import Received

_POLL_SECONDS: Final = 0.5
# A function's log arrives a moment after its answer; the gateway's own answers have none.
_PATIENCE_SECONDS: Final = 1.5
_REMEMBERED: Final = 2_000
# Lines may appear a little after the time they bear. Each look reads this much again, so it is kept short.
_OVERLAP_MS: Final = 1_000
# The most that FilterLogEvents answers at once.
_PAGE: Final = 10_000
# Lambda's own lines around each invocation.
_FRAME: Final = ("START RequestId", "END RequestId", "REPORT RequestId")
_SHOWN_WORK: Final = frozenset({"deliveries", "dead letters", "swept", "transfer found"})
_HIDDEN: Final = frozenset({"level", "location", "message", "timestamp", "service", "xray_trace_id", "_aws", "stack", "cold_start"})


def request_line(at: float, method: str, path: str, status: int, milliseconds: float, logged: Mapping[str, Any] | None) -> str:
    """Time, method, path, status, milliseconds, merchant, and the error's code if it is one."""
    clock = time.strftime("%H:%M:%S", time.localtime(at))
    facts = logged or {}
    about = [str(facts[name]) for name in ("merchant_id", "code", "reason") if facts.get(name)]
    if facts.get("replayed"):
        about.append("replayed")
    return f"{clock}  {method:<6} {path:<44} {status}  {milliseconds:6.0f} ms  {'  '.join(about)}".rstrip()


def work_line(at: float, logged: Mapping[str, Any]) -> str | None:
    """A line about work behind the requests; None for what is not worth one."""
    if logged.get("message") not in _SHOWN_WORK and logged.get("level") not in {"WARNING", "ERROR", "CRITICAL"}:
        return None
    facts = [f"{name}={value}" for name, value in logged.items() if name not in _HIDDEN and value not in {None, 0}]
    clock = time.strftime("%H:%M:%S", time.localtime(at))
    return f"{clock}  {logged.get('service', '')}: {logged.get('message', '')}  {' '.join(facts)}".rstrip()


def webhook_line(received: Received) -> str:
    """A webhook that the demo merchant got: its event, what it is about, and whether its signature is right."""
    clock = time.strftime("%H:%M:%S", time.localtime(received.at))
    data = received.content.get("data", {})
    about = data.get("payment_id") or data.get("tx_hash") or ""
    return f"{clock}  webhook {received.event}  {about}  its signature is {'right' if received.genuine else 'WRONG'}"


class LogView:
    """Follows the functions' log group and the proxy, prints one line per request, keeps everything in a file."""

    def __init__(self, emulator: Emulator, group: str, file: Path) -> None:
        self._client = emulator.client("logs")
        self._group = group
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a", buffering=1)
        self._since = int(time.time() * 1000)
        self._shows = False
        self._seen: set[tuple[str, int, str]] = set()
        self._logged: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._waiting: deque[Passed] = deque()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="logs", daemon=True)

    def came(self, received: Received) -> None:
        """A webhook of the demo merchant."""
        self._show(webhook_line(received))

    def passed(self, request: Passed) -> None:
        """The proxy has answered a request."""
        self._waiting.append(request)

    def start(self) -> None:
        """Print from here on. What came before is in the file only."""
        self._read()
        self._waiting.clear()
        self._shows = True
        self._thread.start()

    def stop(self) -> None:
        """Print what is left and stop."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._file.close()

    def _follow(self) -> None:
        while not self._stopping.wait(_POLL_SECONDS):
            try:
                self._read()
            except (BotoCoreError, ClientError):
                # The emulator is busy or on its way out; the next look will tell.
                continue
            self._print()

    def _read(self) -> None:
        now = int(time.time() * 1000)
        for event in self._events_from(self._since - _OVERLAP_MS):
            key = (event["logStreamName"], event["timestamp"], event["message"])
            if key not in self._seen:
                self._seen.add(key)
                self._take(event["timestamp"] / 1000, event["message"])
        self._since = now
        # What the next look does not read again needs not be known.
        self._seen = {key for key in self._seen if key[1] >= now - _OVERLAP_MS}

    def _events_from(self, moment_ms: int) -> Iterator[dict[str, Any]]:
        """All of them, some perhaps twice: a moved clock runs a month's schedules at once, which write more than one answer holds.

        The emulator gives no token for the rest, so the next question begins where the answer ended.
        """
        while True:
            events = self._client.filter_log_events(logGroupName=self._group, startTime=moment_ms, limit=_PAGE)["events"]
            yield from events
            if len(events) < _PAGE:
                return
            last_ms = int(events[-1]["timestamp"])
            # A millisecond with more lines than an answer holds would be asked for without end.
            moment_ms = last_ms if last_ms > moment_ms else last_ms + 1

    def _take(self, at: float, message: str) -> None:
        if message.startswith(_FRAME) or not message.strip():
            return
        self._file.write(message.rstrip("\n") + "\n")
        try:
            logged = json.loads(message)
        except ValueError:
            # No function of ours writes anything but JSON: this is Python's own last word.
            self._show(message.rstrip())
            return
        if logged.get("message") == "request":
            self._logged[logged["request_id"]] = logged
            while len(self._logged) > _REMEMBERED:
                self._logged.popitem(last=False)
        elif line := work_line(at, logged):
            self._show(line)

    def _show(self, line: str) -> None:
        if self._shows:
            print(line, flush=True)

    def _print(self) -> None:
        while self._waiting:
            request = self._waiting[0]
            logged = self._logged.pop(request.request_id or "", None)
            if logged is None and time.time() - request.at - request.milliseconds / 1000 < _PATIENCE_SECONDS:
                return
            self._waiting.popleft()
            self._show(request_line(request.at, request.method, request.path, request.status, request.milliseconds, logged))
