"""The log view: it shows every line once, also those of a jump of the clock, which are more than one answer holds."""

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import logs

PAGE = 3


class LogService:
    """FilterLogEvents as the emulator has it: the oldest lines from a time on, at most `limit`, and no token for the rest."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def say(self, moment_ms: int, message: str) -> None:
        """Write a line."""
        self.lines.append({"logStreamName": "one", "timestamp": moment_ms, "message": json.dumps({"message": message, "level": "ERROR"})})

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        """One answer."""
        later = [line for line in self.lines if line["timestamp"] >= asked["startTime"]]
        return {"events": sorted(later, key=lambda line: int(line["timestamp"]))[: asked["limit"]]}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> LogService:
    monkeypatch.setattr(logs, "_PAGE", PAGE)
    return LogService()


def written(service: LogService, file: Path, says: list[tuple[int, str]]) -> list[str]:
    """What stands in the view's file after two looks."""
    emulator: Any = SimpleNamespace(client=lambda _name: service)
    view = logs.LogView(emulator, "/group", file)
    now = int(time.time() * 1000)
    for after_ms, message in says:
        service.say(now + after_ms, message)
    view._read()
    view._read()
    view.stop()
    return [json.loads(line)["message"] for line in file.read_text().splitlines()]


def test_lines_beyond_one_answer_are_shown_and_each_once(service: LogService, tmp_path: Path) -> None:
    says = [(number * 10, f"line {number}") for number in range(4 * PAGE + 1)]
    assert written(service, tmp_path / "log", says) == [message for _at, message in says]


def test_a_millisecond_that_fills_an_answer_does_not_hold_the_view_up(service: LogService, tmp_path: Path) -> None:
    says = [(0, f"same {number}") for number in range(2 * PAGE)] + [(5, "later")]
    assert "later" in written(service, tmp_path / "log", says)


def test_a_line_that_appears_late_is_shown_at_the_next_look(service: LogService, tmp_path: Path) -> None:
    emulator: Any = SimpleNamespace(client=lambda _name: service)
    view = logs.LogView(emulator, "/group", tmp_path / "log")
    now = int(time.time() * 1000)
    service.say(now, "first")
    view._read()
    service.say(now - 400, "late")
    view._read()
    view.stop()
    assert [json.loads(line)["message"] for line in (tmp_path / "log").read_text().splitlines()] == ["first", "late"]
