"""What has to be put right in the state that an emulator saved, before the next one starts from it."""

import json
import re
import time
from pathlib import Path
from typing import Final

from local.ports import HOST

# A queue's URL is its name, and the emulator looks it up under the port that it has now.
_QUEUE: Final = re.compile(rf"http://{re.escape(HOST)}:[0-9]+(?=/[0-9]{{12}}/)")
# One function is started after the other: each start unpacks thousands of files in the emulator's own process, where all wait for all.
_SPREAD_SECONDS: Final = 5.0
_NAMES_QUEUES: Final = ("cloudformation.json", "lambda.json", "sqs.json")


def prepare(state: Path, port: int) -> None:
    """Make the state that was saved in this directory, if any was, one that an emulator on this port can go on with."""
    _forget_stream_positions(state / "lambda.json")
    _begin_schedules_anew(state / "scheduler.json")
    for name in _NAMES_QUEUES:
        _move_queues(state / name, port)


def _forget_stream_positions(saved: Path) -> None:
    """Let stream readers begin at the beginning: the emulator saves how far they have read, but not the streams, which start empty."""
    if not saved.is_file():
        return
    content = json.loads(saved.read_text())
    content["payload"]["dynamodb_stream_positions"] = {"__account_region_scoped__": True, "data": {}}
    saved.write_text(json.dumps(content))


def _begin_schedules_anew(saved: Path) -> None:
    """Let schedules count from this start, as after a deployment: the emulator saves when each was made and not when it last ran, and so
    would run all of them at once, in the seconds in which the first requests start the functions that they need.
    """
    if not saved.is_file():
        return
    content = json.loads(saved.read_text())
    schedules = content["payload"]["schedules"]["data"].values()
    for index, schedule in enumerate(one for one in schedules if one["State"] == "ENABLED"):
        schedule["CreationDate"] = time.time() + index * _SPREAD_SECONDS
    saved.write_text(json.dumps(content))


def _move_queues(saved: Path, port: int) -> None:
    """Move queue URLs, and the mappings that name them, to this port: it may differ from the last run's."""
    if not saved.is_file():
        return
    before = saved.read_text()
    after = _QUEUE.sub(f"http://{HOST}:{port}", before)
    if after != before:
        saved.write_text(after)
