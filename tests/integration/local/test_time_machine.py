"""The time machine of the local platform, on an emulator of its own: what falls due meanwhile happens, in order, and once."""

import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from local import platform_file, ports, time_commands, time_machine
from local.emulator import Emulator, launch, start_emulator
from local.emulator_plugin import moved_clock
from local.emulator_plugin.time_machine import PATH
from paycorex import cli
from tests.integration.local.test_emulator_functions import ROLE, archive, invoke

CLOCK: Final = Path(__file__).parents[3] / "layers" / "common" / "paycorex" / "clock.py"
HOUR: Final = 3600
DAY: Final = 86_400
# Says what it was called with, and what time the platform's code had then.
NOTING: Final = """
import json, os
from paycorex import clock

def handler(event, context):
    said = {"at": clock.now_seconds(), "outside": clock.outside_seconds(), "event": event}
    with open(os.environ["NOTES"], "a") as file:
        file.write(json.dumps(said) + "\\n")
    return said
"""


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with start_emulator() as running:
        yield running


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def function(emulator: Emulator, notes: Path) -> str:
    """Of a function that notes each of its calls; returns its ARN."""
    made = emulator.client("lambda").create_function(
        FunctionName="noting",
        Runtime="python3.13",
        Handler="door.handler",
        Role=ROLE,
        Code={"ZipFile": archive({"door.py": NOTING, "paycorex/__init__.py": "", "paycorex/clock.py": CLOCK.read_text()})},
        Environment={"Variables": {"NOTES": str(notes)}},
    )
    return str(made["FunctionArn"])


def said(notes: Path, kind: str) -> list[dict[str, Any]]:
    """What was noted of the calls by one schedule, or of messages."""
    lines = [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []
    return [line for line in lines if line["event"].get("kind") == kind or (kind == "message" and "Records" in line["event"])]


def schedule(emulator: Emulator, function: str, name: str, expression: str) -> None:
    target = {"Arn": function, "RoleArn": ROLE, "Input": json.dumps({"kind": name})}
    emulator.client("scheduler").create_schedule(
        Name=name, ScheduleExpression=expression, FlexibleTimeWindow={"Mode": "OFF"}, Target=target
    )


def row_due(emulator: Emulator, *moments: float) -> None:
    """Rows under the index by which the platform's schedules find what is due."""
    client = emulator.client("dynamodb")
    key = [{"AttributeName": "due_shard", "KeyType": "HASH"}, {"AttributeName": "due_at", "KeyType": "RANGE"}]
    client.create_table(
        TableName="waiting",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("name", "due_shard", "due_at")],
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[{"IndexName": "by_due", "KeySchema": key, "Projection": {"ProjectionType": "KEYS_ONLY"}}],
        BillingMode="PAY_PER_REQUEST",
    )
    for moment in moments:
        place = f"{int(moment * 1000):013d}#row"
        client.put_item(TableName="waiting", Item={"name": {"S": place}, "due_shard": {"S": "due"}, "due_at": {"S": place}})


def test_a_jump_stops_where_something_is_due_and_runs_schedules_in_the_order_of_their_times(
    emulator: Emulator, function: str, notes: Path
) -> None:
    ask = time_machine.asking(emulator.url)
    began = time_machine.clock_of(ask)["now"]
    schedule(emulator, function, "minute", "rate(1 minute)")
    schedule(emulator, function, "hourly", "rate(1 hour)")
    row_due(emulator, began + 90 * 60, began + 2 * DAY)
    time_machine.advance(ask, 3 * DAY, apart=60)
    minutes, hours = said(notes, "minute"), said(notes, "hourly")
    after = [round((line["at"] - began) / 60) for line in minutes]
    # Where the rows are due, and four times a day besides.
    assert 90 in after
    assert 2 * 24 * 60 in after
    assert after == sorted(after)
    assert len(after) == len(set(after)) <= 3 * 4 + 3
    assert len(hours) > 3 * 3
    assert all(next_one["at"] - one["at"] >= HOUR for one, next_one in itertools.pairwise(hours))
    # At one stop the schedule that was due first runs first.
    order = [json.loads(line)["event"]["kind"] for line in notes.read_text().splitlines()]
    assert order[:2] == ["minute", "hourly"]


def test_the_platforms_code_and_its_queues_go_by_the_moved_clock_and_those_outside_by_theirs(
    emulator: Emulator, function: str, notes: Path
) -> None:
    ask = time_machine.asking(emulator.url)
    queues = emulator.client("sqs")
    url = queues.create_queue(QueueName="late")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    emulator.client("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName=function, BatchSize=1)
    queues.send_message(QueueUrl=url, MessageBody="first", DelaySeconds=900)
    assert said(notes, "message") == []
    time_machine.advance(ask, DAY)
    (received,) = said(notes, "message")
    # It was received at the stop at which it became visible, a quarter of an hour on.
    assert 880 <= received["at"] - received["outside"] < 900 + 2 * 60
    later = invoke(emulator, "noting")
    assert later["at"] - later["outside"] == pytest.approx(DAY, abs=5)
    assert abs(later["outside"] - time.time()) < 5


def test_rows_that_stay_due_do_not_hold_the_clock_up(emulator: Emulator, function: str, notes: Path) -> None:
    ask = time_machine.asking(emulator.url)
    schedule(emulator, function, "minute", "rate(1 minute)")
    row_due(emulator, time.time() - 5, time.time() - HOUR)
    time_machine.advance(ask, 2 * DAY, apart=60)
    assert len(said(notes, "minute")) <= 2 * 4 + 2


def test_the_clock_goes_only_forward_and_refuses_what_is_no_time(emulator: Emulator) -> None:
    ask = time_machine.asking(emulator.url)
    time_machine.advance(ask, HOUR)
    before = time_machine.clock_of(ask)
    ask("POST", f"{PATH}?until={before['now'] - HOUR}&apart=60")
    assert time_machine.clock_of(ask)["ahead_seconds"] == pytest.approx(before["ahead_seconds"], abs=1)
    with pytest.raises(time_machine.NoPlatform, match="400"):
        ask("POST", f"{PATH}?until=tomorrow")


def test_a_start_goes_on_with_the_clock_of_the_last_one(tmp_path: Path) -> None:
    home = tmp_path / "state"
    for start in range(2):
        running = launch(home, port=ports.free_port(), persist=True)
        try:
            ask = time_machine.asking(running.url)
            assert time_machine.clock_of(ask)["ahead_seconds"] == pytest.approx(start * DAY, abs=5)
            time_machine.advance(ask, DAY)
        finally:
            running.stop()
    assert json.loads((home / moved_clock.FILE).read_text())["ahead_seconds"] == pytest.approx(2 * DAY, abs=5)


@pytest.mark.parametrize(
    ("text", "seconds"), [("+35d", 35 * DAY), ("2h30m", 2 * HOUR + 1800), ("+90s", 90), ("1w", 7 * DAY), ("+400d", 400 * DAY)]
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    assert time_commands.seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "+", "35", "-1d", "+0d", "+401d", "+1d2", "1y", "d", "+1 d", "++1d", "9999999999d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(time_commands.BadDuration):
        time_commands.seconds_of(text)


def test_without_a_platform_the_command_says_how_to_start_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(platform_file, "PLATFORM", tmp_path / "none.json")
    assert cli.main(["time", "+1d"]) == 2
    assert "make run" in capsys.readouterr().err


def test_operators_commands_go_by_the_clock_of_the_local_platform_that_they_are_pointed_at(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "platform.json"
    file.write_text(json.dumps({"emulator_url": emulator.url}))
    monkeypatch.setattr(platform_file, "PLATFORM", file)
    time_machine.advance(time_machine.asking(emulator.url), DAY)
    assert time_machine.ahead_of_local_platform() == 0
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    assert time_machine.ahead_of_local_platform() == pytest.approx(DAY, abs=5)
