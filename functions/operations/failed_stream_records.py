"""Stream records that a function could not handle in its retries: read from the table's stream again, and handed to the same function.

Lambda leaves a note in the queue of lost records: which function, which stream, from where to where. The records themselves are in the
stream for a day. Functions on streams take a record twice without harm, so what is handed over again needs no care for what was done.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from paycorex import aws, settings

# Longer than a batch takes; what is left in the queue is seen again by the next run.
HOLD_SECONDS: Final = 300
POLL_SECONDS: Final = 2
PAGE: Final = 100
HANDLED: Final = "handled"
NOT_A_STREAM: Final = "not of a stream, left"
TOO_OLD: Final = "older than the stream keeps, left"
FAILED: Final = "failed again, left"
REFUSED: Final = "refused by AWS, left"
FILTERED: Final = "unknown filter, left"

_GONE: Final = frozenset({"TrimmedDataAccessException", "ResourceNotFoundException"})

Record = dict[str, Any]
Report = Callable[[Counter[str]], None]


def recover(report: Report) -> Counter[str]:
    """Go through the queue once; what became of the notes. Those that are left stay in it. Reports after every note.

    Raises botocore's errors when AWS cannot be asked.
    """
    url, results, met = settings.current().lost_records_queue_url, Counter[str](), set[str]()
    while True:
        answer = aws.sqs().receive_message(
            QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=HOLD_SECONDS, WaitTimeSeconds=POLL_SECONDS
        )
        messages = answer.get("Messages", [])
        if not messages or messages[0]["MessageId"] in met:
            return results
        met.add(messages[0]["MessageId"])
        result = _handle(messages[0]["Body"])
        results[result] += 1
        if result == HANDLED:
            aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
        report(results)


def _handle(body: str) -> str:
    try:
        note: Mapping[str, Any] = json.loads(body)
        batch, function = note["DDBStreamBatchInfo"], note["requestContext"]["functionArn"]
    except (ValueError, KeyError, TypeError):
        return NOT_A_STREAM
    try:
        records = _records(batch)
        wanted = _wanted(function, batch["streamArn"])
        if wanted is None:
            return FILTERED
        chosen = [record for record in records if not wanted or record["eventName"] in wanted]
        return HANDLED if not chosen or _is_handled(function, chosen) else FAILED
    except ClientError as error:
        # Of this note: a function that was removed, a shard that is gone. The others' may well be there.
        return TOO_OLD if error.response["Error"]["Code"] in _GONE else REFUSED
    except (KeyError, TypeError, ValueError):
        return NOT_A_STREAM


def _records(batch: Mapping[str, Any]) -> list[Record]:
    """The records of a note, as Lambda gives them to a function."""
    streams, arn = aws.for_operators("dynamodbstreams"), batch["streamArn"]
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
    """Which kinds of change the function is given of this stream, all when empty; None for a filter of another kind."""
    mappings = aws.for_operators("lambda").list_event_source_mappings(FunctionName=function, EventSourceArn=stream)["EventSourceMappings"]
    names: set[str] = set()
    for mapping in mappings:
        for each in mapping.get("FilterCriteria", {}).get("Filters", ()):
            pattern = json.loads(each["Pattern"])
            if set(pattern) != {"eventName"}:
                return None
            names |= set(pattern["eventName"])
    return frozenset(names)


def _is_handled(function: str, records: list[Record]) -> bool:
    payload = json.dumps({"Records": records}, default=_plain).encode()
    answer = aws.for_operators("lambda").invoke(FunctionName=function, Payload=payload)
    if "FunctionError" in answer:
        return False
    said = json.loads(answer["Payload"].read() or b"null")
    return not (isinstance(said, dict) and said.get("batchItemFailures"))


def _plain(value: object) -> float:
    """Lambda says moments as seconds since the epoch."""
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(type(value).__name__)
