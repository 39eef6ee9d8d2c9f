"""What `make run` saved last time, and an emulator that has to be on another port this time."""

import json
import time
from pathlib import Path

from local import ports
from local.emulator import launch


def test_a_queue_and_what_waits_in_it_move_to_the_new_port(tmp_path: Path) -> None:
    first = launch(tmp_path, port=ports.free_port(), persist=True)
    try:
        queues = first.client("sqs")
        made = queues.create_queue(QueueName="webhooks")["QueueUrl"]
        queues.send_message(QueueUrl=made, MessageBody="a delivery")
    finally:
        first.stop()
    second = launch(tmp_path, port=ports.free_port(), persist=True)
    try:
        queues = second.client("sqs")
        found = queues.get_queue_url(QueueName="webhooks")["QueueUrl"]
        assert found.startswith(second.url)
        assert [message["Body"] for message in queues.receive_message(QueueUrl=found)["Messages"]] == ["a delivery"]
    finally:
        second.stop()


def made_an_hour_ago(home: Path, names: list[str]) -> None:
    """As if the platform had been deployed then."""
    first = launch(home, port=ports.free_port(), persist=True)
    try:
        first.client("sqs").create_queue(QueueName="ticks")
        for name in names:
            target = {"Arn": "arn:aws:sqs:ap-south-1:000000000000:ticks", "RoleArn": "arn:aws:iam::000000000000:role/x"}
            window = {"Mode": "OFF"}
            first.client("scheduler").create_schedule(
                Name=name, ScheduleExpression="rate(1 minute)", Target=target, FlexibleTimeWindow=window
            )
    finally:
        first.stop()
    saved = home / "state" / "scheduler.json"
    content = json.loads(saved.read_text())
    for schedule in content["payload"]["schedules"]["data"].values():
        schedule["CreationDate"] -= 3600
    saved.write_text(json.dumps(content))


def test_no_schedule_runs_while_the_platform_starts_again(tmp_path: Path) -> None:
    """All of them together, in the first seconds, would start every function at once; the first requests would wait behind them."""
    made_an_hour_ago(tmp_path, ["janitor", "sweeper", "sealing"])
    second = launch(tmp_path, port=ports.free_port(), persist=True)
    try:
        queues = second.client("sqs")
        url = queues.get_queue_url(QueueName="ticks")["QueueUrl"]
        # The emulator looks at its schedules every ten seconds.
        time.sleep(25)
        assert "Messages" not in queues.receive_message(QueueUrl=url)
        begun = [schedule["CreationDate"].timestamp() for schedule in second.client("scheduler").list_schedules()["Schedules"]]
        assert len(set(begun)) == 3, "nor all at once a minute later"
    finally:
        second.stop()
