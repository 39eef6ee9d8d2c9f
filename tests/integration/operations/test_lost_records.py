"""`paycorex admin recover`: what a function on a stream could not handle is handed to it again, and nothing else is touched."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from operations import failed_stream_records
from paycorex import aws, cli, settings
from tests.fakes.faults import Fault, FaultyClient, Seeded
from tests.support.engine import Engine, failures, handler_of
from tests.support.webhooks import deliveries, register

STREAM = "arn:aws:dynamodb:ap-south-1:000000000000:table/test-payments/stream/2027"
FUNCTION = "arn:aws:lambda:ap-south-1:000000000000:function:WebhookDispatcherFunction"


@dataclass
class Streams:
    """A shard with records, two a page."""

    records: list[dict[str, Any]]

    def get_shard_iterator(self, **asked: Any) -> dict[str, Any]:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in self.records]
        if asked["SequenceNumber"] not in numbers:
            raise ClientError({"Error": {"Code": "TrimmedDataAccessException"}}, "GetShardIterator")
        assert (asked["StreamArn"], asked["ShardIteratorType"]) == (STREAM, "AT_SEQUENCE_NUMBER")
        return {"ShardIterator": str(numbers.index(asked["SequenceNumber"]))}

    def get_records(self, **asked: Any) -> dict[str, Any]:
        at = int(asked["ShardIterator"])
        moment = {"ApproximateCreationDateTime": datetime(2027, 1, 1, tzinfo=UTC)}
        page = [{**record, "dynamodb": {**record["dynamodb"], **moment}} for record in self.records[at : at + 2]]
        return {"Records": page, "NextShardIterator": str(at + 2)}


@dataclass
class Functions:
    """The dispatcher, as Lambda invokes it."""

    patterns: list[str] = field(default_factory=list)
    invoked: list[dict[str, Any]] = field(default_factory=list)
    breaks: bool = False

    def list_event_source_mappings(self, **asked: Any) -> dict[str, Any]:
        assert asked == {"FunctionName": FUNCTION, "EventSourceArn": STREAM}
        filters = [{"Pattern": pattern} for pattern in self.patterns]
        return {"EventSourceMappings": [{"FilterCriteria": {"Filters": filters}} if filters else {}]}

    def invoke(self, **asked: Any) -> dict[str, Any]:
        event = json.loads(asked["Payload"])
        self.invoked.append(event)
        if self.breaks:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b"{}")}
        return {"Payload": io.BytesIO(json.dumps(handler_of("dispatcher_door")(event, None)).encode())}


@dataclass
class Lost:
    """Payments whose stream records the dispatcher could not handle while the store was away, and the note that Lambda left."""

    engine: Engine
    who: Any
    streams: Streams
    functions: Functions
    url: str

    def note(self, **more: Any) -> None:
        first, last = (self.streams.records[at]["dynamodb"]["SequenceNumber"] for at in (0, -1))
        batch = {"shardId": "shard-1", "startSequenceNumber": first, "endSequenceNumber": last, "streamArn": STREAM}
        content = {"requestContext": {"functionArn": FUNCTION}, "DDBStreamBatchInfo": batch | more}
        self.engine.world.sqs.send_message(QueueUrl=self.url, MessageBody=json.dumps(content))

    def left(self) -> int:
        self.engine.world.clock.now += 400
        return len(self.engine.world.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", []))


@pytest.fixture
def lost(engine: Engine) -> Iterator[Lost]:
    who, _ = register(engine)
    url = engine.world.sqs.create_queue(QueueName="test-lost-records")["QueueUrl"]
    settings.use(settings.current().model_copy(update={"lost_records_queue_url": url}))
    for _ in range(5):
        engine.world.pay(who, "asha", "1.00")
    records = [*engine.world.dynamo.drain_stream("test-payments")]
    gone = Seeded(1, {Fault.INTERNAL_ERROR: 1.0})
    aws.use("dynamodb", FaultyClient(engine.world.dynamo, gone))
    assert len(failures(handler_of("dispatcher_door")({"Records": records}, None))) == len(records)
    aws.use("dynamodb", engine.world.dynamo)
    streams, functions = Streams(records), Functions()
    aws.use("dynamodbstreams", streams)
    aws.use("lambda", functions)
    yield Lost(engine, who, streams, functions, url)
    aws.use("dynamodbstreams", None)
    aws.use("lambda", None)


def test_events_that_were_lost_to_an_outage_are_brought_home(lost: Lost, capsys: pytest.CaptureFixture[str]) -> None:
    lost.note()
    assert cli.main(["admin", "recover"]) == 0
    assert capsys.readouterr().out == "1 handled\n"
    lost.engine.settle()
    assert [delivery["status"] for delivery in deliveries(lost.engine, lost.who)] == ["sent"] * 5
    assert lost.left() == 0
    lost.note()
    assert cli.main(["admin", "recover"]) == 0, "twice changes nothing"
    lost.engine.settle()
    assert len(lost.engine.internet.received) == 5


def test_a_part_of_the_shard_is_handed_over_and_no_more(lost: Lost) -> None:
    numbers = [record["dynamodb"]["SequenceNumber"] for record in lost.streams.records]
    lost.note(startSequenceNumber=numbers[1], endSequenceNumber=numbers[3])
    assert cli.main(["admin", "recover"]) == 0
    (event,) = lost.functions.invoked
    assert [record["dynamodb"]["SequenceNumber"] for record in event["Records"]] == numbers[1:4]
    assert {record["eventSourceARN"] for record in event["Records"]} == {STREAM}


def test_a_function_is_given_only_what_its_filter_lets_through(lost: Lost) -> None:
    lost.functions.patterns = ['{"eventName": ["REMOVE"]}']
    lost.note()
    assert cli.main(["admin", "recover"]) == 0
    assert lost.functions.invoked == []
    lost.functions.patterns = ['{"dynamodb": {"NewImage": {}}}']
    lost.note()
    assert cli.main(["admin", "recover"]) == 1
    assert lost.left() == 1


def test_what_fails_again_is_too_old_or_something_else_is_left(lost: Lost, capsys: pytest.CaptureFixture[str]) -> None:
    lost.functions.breaks = True
    lost.note()
    lost.note(startSequenceNumber="1")
    lost.engine.world.sqs.send_message(QueueUrl=lost.url, MessageBody='{"network": "ethereum"}')
    lost.engine.world.sqs.send_message(QueueUrl=lost.url, MessageBody="not JSON")
    assert cli.main(["admin", "recover"]) == 1
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "1 failed again, left, 2 not of a stream, left, 1 older than the stream keeps, left"
    assert lost.left() == 4


def test_a_note_that_aws_refuses_is_left_and_keeps_no_other_from_being_handled(
    lost: Lost, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = failed_stream_records._records

    def refused_once(batch: Any) -> Any:
        monkeypatch.setattr(failed_stream_records, "_records", read)
        raise ClientError({"Error": {"Code": "ValidationException", "Message": "no such shard"}}, "GetShardIterator")

    monkeypatch.setattr(failed_stream_records, "_records", refused_once)
    lost.note()
    lost.note()
    assert cli.main(["admin", "recover"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 handled, 1 refused by AWS, left"
    assert lost.left() == 1
    lost.engine.settle()
    assert [delivery["status"] for delivery in deliveries(lost.engine, lost.who)] == ["sent"] * 5
