"""The Lambda on the ledger's and the payments' streams: keeps the rollups, notes what to seal. Repeating a batch changes nothing.

Both live here, because more than two readers of one stream throttle each other, and the watch must see nothing but tampering.
"""

from collections.abc import Mapping
from typing import Any

from dashboard import money_rollup, open_rollup
from paycorex import aws, redaction
from paycorex.ledger import sealing_work

logger = redaction.logger("rollups")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Count a batch; answers Lambda's partial batch response: all of it comes again when any of it could not be counted."""
    records = event.get("Records", [])
    try:
        entries = _new_entries(records)
        if entries:
            sealing_work.note(records[0]["dynamodb"]["SequenceNumber"].zfill(40), (entry["account"]["S"] for entry in entries))
        money_rollup.count(entries)
        open_rollup.count(found for record in _of(records, "payment_id") if (found := open_rollup.changed(record)))
    except Exception as error:  # noqa: BLE001 - whatever it was, the stream brings the batch again
        logger.warning("rollups not counted", extra={"exception": type(error).__name__, "records": len(records)})
        return {"batchItemFailures": [{"itemIdentifier": records[0]["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def _new_entries(records: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Entries are appended only; whatever else happens to one is the watch's business."""
    return [record["dynamodb"]["NewImage"] for record in _of(records, "account") if record.get("eventName") == "INSERT"]


def _of(records: list[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    return [record for record in records if key in record["dynamodb"]["Keys"]]


aws.warm("dynamodb")
