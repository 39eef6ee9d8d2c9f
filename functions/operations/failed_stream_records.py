"""Stream records that failed all retries of a function: read from the table's stream again, and sent to the same function.

Lambda writes a note to the queue of lost records: the function, the stream, the first and the last record. The records themselves stay in
the stream for a day. Functions on streams accept a record twice without harm, so all records of a note are sent again.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from operations import store
from operations.running_views import LostRecord
from paycorex import aws, clock, settings
from paycorex.storage.failures import translated

# Longer than a batch takes. The next run sees the notes that are left.
HOLD_SECONDS: Final = 300
POLL_SECONDS: Final = 2
PAGE: Final = 100
# What a queue gives at once, at most.
SHOWN: Final = 10
HANDLED: Final = "handled"
NOT_A_STREAM: Final = "not of a stream, left"
TOO_OLD: Final = "older than the stream keeps, left"
FAILED: Final = "failed again, left"
REFUSED: Final = "refused by AWS, left"
FILTERED: Final = "unknown filter, left"

# arn, partition, lambda, region, account, function, its name.
_ARN_PARTS: Final = 7
_GONE: Final = frozenset({"TrimmedDataAccessException", "ResourceNotFoundException"})

Record = dict[str, Any]
Report = Callable[[Counter[str]], None]


def waiting() -> tuple[list[LostRecord], int]:
    """Some of the notes, which stay where they are, and about how many there are. Raises storage.Unavailable."""
    url = settings.current().lost_records_queue_url
    if not url:
        return [], 0
    with translated():
        answer = aws.sqs().receive_message(
            QueueUrl=url, MaxNumberOfMessages=SHOWN, VisibilityTimeout=0, MessageSystemAttributeNames=["SentTimestamp"]
        )
    return [_shown(message) for message in answer.get("Messages", ())], store.queue_depth(url)[0]


def _shown(message: Mapping[str, Any]) -> LostRecord:
    note = _parsed(message["Body"])
    batch, asked = note.get("DDBStreamBatchInfo") or {}, note.get("requestContext") or {}
    sent = (message.get("Attributes") or {}).get("SentTimestamp")
    return LostRecord(
        note_id=message["MessageId"],
        function=str(asked.get("functionArn", "")).partition(":function:")[2],
        source=str(batch.get("streamArn", "")).partition(":table/")[2].partition("/")[0],
        records=int(batch["batchSize"]) if str(batch.get("batchSize", "")).isdigit() else None,
        reason=str(asked.get("condition", "")) or ("" if batch else NOT_A_STREAM),
        first_at=None if sent is None else clock.rfc3339(int(sent)),
    )


def _parsed(body: str) -> Mapping[str, Any]:
    try:
        note = json.loads(body)
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def recover(report: Report) -> Counter[str]:
    """Process the queue once. Returns the results of the notes, counted; notes that are left stay in the queue. Reports after every note.

    Raises botocore's errors when AWS cannot be reached.
    """
    counted = Counter[str]()
    for result in results():
        counted[result] += 1
        report(counted)
    return counted


def results() -> Iterator[str]:
    """Process the queue once, note by note: each one's result. Raises what `recover` raises."""
    url, seen = settings.current().lost_records_queue_url, set[str]()
    while True:
        answer = aws.sqs().receive_message(
            QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=HOLD_SECONDS, WaitTimeSeconds=POLL_SECONDS
        )
        messages = answer.get("Messages", [])
        if not messages or messages[0]["MessageId"] in seen:
            return
        seen.add(messages[0]["MessageId"])
        result = _handle(messages[0]["Body"])
        if result == HANDLED:
            aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
        yield result


def _handle(body: str) -> str:
    try:
        note: Mapping[str, Any] = json.loads(body)
        # Without the version: a role may call a function by its name.
        batch, function = note["DDBStreamBatchInfo"], ":".join(note["requestContext"]["functionArn"].split(":")[:_ARN_PARTS])
    except (ValueError, KeyError, TypeError, AttributeError):
        return NOT_A_STREAM
    try:
        records = _records(batch)
        wanted = _wanted(function, batch["streamArn"])
        if wanted is None:
            return FILTERED
        chosen = [record for record in records if not wanted or record["eventName"] in wanted]
        return HANDLED if not chosen or _succeeds(function, chosen) else FAILED
    except ClientError as error:
        # This concerns one note: its function was removed or its shard is gone. Other notes may still succeed.
        return TOO_OLD if error.response["Error"]["Code"] in _GONE else REFUSED
    except (KeyError, TypeError, ValueError):
        return NOT_A_STREAM


def _records(batch: Mapping[str, Any]) -> list[Record]:
    """The records of a note, in the format of Lambda's events."""
    streams, arn = aws.streams(), batch["streamArn"]
    iterator: str | None = streams.get_shard_iterator(
        StreamArn=arn, ShardId=batch["shardId"], ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=batch["startSequenceNumber"]
    )["ShardIterator"]
    last, found = int(batch["endSequenceNumber"]), list[Record]()
    while iterator is not None:
        page = streams.get_records(ShardIterator=iterator, Limit=PAGE)
        for record in page["Records"]:
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                return found
            found.append({**record, "eventSourceARN": arn})
        if not page["Records"] or int(found[-1]["dynamodb"]["SequenceNumber"]) >= last:
            return found
        iterator = page.get("NextShardIterator")
    return found


def _wanted(function: str, stream: str) -> frozenset[str] | None:
    """The kinds of change that the function receives from this stream; empty for all; None for a filter of another kind."""
    mappings = aws.functions().list_event_source_mappings(FunctionName=function, EventSourceArn=stream)["EventSourceMappings"]
    names: set[str] = set()
    for mapping in mappings:
        for each in mapping.get("FilterCriteria", {}).get("Filters", ()):
            pattern = json.loads(each["Pattern"])
            if set(pattern) != {"eventName"}:
                return None
            names |= set(pattern["eventName"])
    return frozenset(names)


def _succeeds(function: str, records: list[Record]) -> bool:
    payload = json.dumps({"Records": records}, default=_plain).encode()
    answer = aws.functions().invoke(FunctionName=function, Payload=payload)
    if "FunctionError" in answer:
        return False
    response = json.loads(answer["Payload"].read() or b"null")
    return not (isinstance(response, dict) and response.get("batchItemFailures"))


def _plain(value: object) -> float:
    """Lambda sends times as seconds since the epoch."""
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(type(value).__name__)
