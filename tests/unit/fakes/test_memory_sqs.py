"""Queues in memory behave as SQS does where retries and dead letters depend on it."""

from dataclasses import dataclass

import pytest

from tests.fakes.memory_sqs import MemorySqs, redrive_policy


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sqs(clock: Clock) -> MemorySqs:
    return MemorySqs(clock=clock)


def new_queue(sqs: MemorySqs, name: str = "work", **attributes: str) -> str:
    url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url


def bodies(sqs: MemorySqs, url: str) -> list[str]:
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in received.get("Messages", [])]


def test_a_received_message_is_hidden_until_its_visibility_ends(sqs: MemorySqs, clock: Clock) -> None:
    url = new_queue(sqs, VisibilityTimeout="10")
    sqs.send_message(QueueUrl=url, MessageBody="a")
    assert bodies(sqs, url) == ["a"]
    assert bodies(sqs, url) == []
    clock.now += 10
    assert bodies(sqs, url) == ["a"]


def test_a_delayed_message_comes_when_it_is_due(sqs: MemorySqs, clock: Clock) -> None:
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=120)
    assert bodies(sqs, url) == []
    clock.now += 120
    assert bodies(sqs, url) == ["later"]


def test_a_deleted_message_does_not_come_back(sqs: MemorySqs, clock: Clock) -> None:
    url = new_queue(sqs)
    entries = [{"Id": name, "MessageBody": name} for name in "ab"]
    assert [done["Id"] for done in sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]] == ["a", "b"]
    first, second = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    deletions = [{"Id": "1", "ReceiptHandle": second["ReceiptHandle"]}]
    assert sqs.delete_message_batch(QueueUrl=url, Entries=deletions)["Successful"] == [{"Id": "1"}]
    clock.now += 3600
    assert bodies(sqs, url) == []


def test_visibility_can_be_given_back_while_in_flight_only(sqs: MemorySqs, clock: Clock) -> None:
    url = new_queue(sqs)
    sqs.send_message(QueueUrl=url, MessageBody="a")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    with pytest.raises(sqs.exceptions.MessageNotInflight):
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=30)
    assert bodies(sqs, url) == ["a"]


def test_what_is_received_too_often_becomes_a_dead_letter(sqs: MemorySqs, clock: Clock) -> None:
    dead = new_queue(sqs, "dead")
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    url = new_queue(sqs, **redrive_policy(dead_arn, 2))
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        assert bodies(sqs, url) == ["poison"]
        clock.now += 30
    assert bodies(sqs, url) == []
    assert bodies(sqs, dead) == ["poison"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessages"] == counts["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_received_messages_become_a_lambda_event(sqs: MemorySqs) -> None:
    url = new_queue(sqs)
    attributes = {"kind": {"DataType": "String", "StringValue": "x"}}
    sqs.send_message(QueueUrl=url, MessageBody="a", MessageAttributes=attributes)
    record = sqs.event(url, sqs.receive_message(QueueUrl=url))["Records"][0]
    assert record["body"] == "a"
    assert record["eventSource"] == "aws:sqs"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"] == {"kind": {"dataType": "String", "stringValue": "x"}}


def test_refusals_have_the_codes_of_sqs(sqs: MemorySqs) -> None:
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as refused:
        sqs.send_message(QueueUrl="https://none", MessageBody="a")
    assert refused.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
    entries = [{"Id": str(number), "MessageBody": "a"} for number in range(11)]
    with pytest.raises(sqs.exceptions.TooManyEntriesInBatchRequest):
        sqs.send_message_batch(QueueUrl=new_queue(sqs), Entries=entries)


def test_a_group_that_takes_up_the_consumers_comes_after_the_quiet_ones(sqs: MemorySqs, clock: Clock) -> None:
    url = new_queue(sqs)
    for number in range(60):
        sqs.send_message(QueueUrl=url, MessageBody=f"noisy {number}", MessageGroupId="noisy")
    clock.now += 1
    sqs.send_message(QueueUrl=url, MessageBody="quiet", MessageGroupId="quiet")
    assert bodies(sqs, url)[0] == "noisy 0"
    # With thirty in flight the group is noisy, and what came later from a quiet one goes first.
    assert "quiet" not in bodies(sqs, url) + bodies(sqs, url)
    assert bodies(sqs, url)[0] == "quiet"
    clock.now += 30
    assert len(bodies(sqs, url)) == 10


def test_a_group_that_holds_its_consumers_for_long_comes_after_the_quiet_ones(sqs: MemorySqs, clock: Clock) -> None:
    url = new_queue(sqs)
    for group, seconds in [("slow", 10), ("quick", 1)] + [(f"other {number}", 1) for number in range(20)]:
        sqs.send_message(QueueUrl=url, MessageBody=group, MessageGroupId=group)
        handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
        clock.now += seconds
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    for group in ("slow", "quick"):
        sqs.send_message(QueueUrl=url, MessageBody=group, MessageGroupId=group)
        clock.now += 1
    assert bodies(sqs, url) == ["quick", "slow"]
