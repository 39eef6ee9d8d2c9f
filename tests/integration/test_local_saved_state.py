"""What `make run` saved last time, and an emulator that has to be on another port this time."""

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
