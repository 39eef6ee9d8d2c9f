"""Tamper detection on the `ledgers` stream: an entry must never be changed or removed. Every such log line raises an alarm."""

from collections.abc import Mapping
from typing import Any

from paycorex import redaction

logger = redaction.logger("ledger-watch")
TAMPERED = "ledger tampered with"


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Log each change with its account and sequence number. Nothing is retried: the log line is the whole work."""
    for record in event.get("Records", ()):
        if record.get("eventName") in {"MODIFY", "REMOVE"}:
            # Logged without validation: the log line is the alarm.
            keys = record.get("dynamodb", {}).get("Keys", {})
            where = {"account": keys.get("account", {}).get("S"), "seq": keys.get("seq", {}).get("N"), "change": record["eventName"]}
            logger.critical(TAMPERED, extra=where)
    return {"batchItemFailures": []}
