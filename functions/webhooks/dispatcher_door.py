"""The Lambda on the tables' streams. A record that cannot be dispatched is set aside; the records after it are not delayed."""

from collections.abc import Mapping
from typing import Any, Final

from paycorex import aws
from paycorex.set_aside import SHARED_TROUBLE, guarded
from webhooks import work_log
from webhooks.events import dispatch, set_aside_records

_log: Final = work_log.WorkLog("webhook_dispatcher")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Dispatch a batch; answers Lambda's partial batch response, by sequence number.

    The records after one that must come again are dispatched too. Lambda delivers them again, which changes nothing.
    """
    batch = dispatch.Batch()
    failures: list[str] = []
    dispatched = 0
    for record in event["Records"]:
        try:
            with guarded(set_aside_records.subject_of(record)):
                dispatched += dispatch.dispatch(record, batch) is not None
        except SHARED_TROUBLE as failure:
            failures.append(record["dynamodb"]["SequenceNumber"])
            _log.failure("stream record not dispatched", failure, sequence_number=failures[-1], table=record.get("eventSourceARN"))
    try:
        dispatch.flush(batch)
    except Exception as error:  # noqa: BLE001 - no message may be lost: the stream delivers the whole batch again
        _log.failure("messages not sent", error)
        failures = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    messages = sum(map(len, batch.outgoing.values()))
    # Each message's delivery has a line of its own when it is sent.
    count = _log.counted if failures else _log.routine
    count("dispatched", events=dispatched, messages=messages, failed_records=len(failures))
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failures]}


aws.warm("dynamodb", "sqs")
