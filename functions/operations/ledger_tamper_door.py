"""Watches the `ledgers` stream for what must never happen: an entry changed or removed. Every such line raises an alarm."""

from collections.abc import Mapping
from typing import Any

from paycorex import redaction

logger = redaction.logger("ledger-watch")
TAMPERED = "ledger tampered with"


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Log each change with the place it happened; nothing is retried, because a line is all there is to do."""
    for record in event.get("Records", ()):
        if record.get("eventName") in {"MODIFY", "REMOVE"}:
            # As it came, whatever it is: the line is the alarm.
            keys = record.get("dynamodb", {}).get("Keys", {})
            where = {"account": keys.get("account", {}).get("S"), "seq": keys.get("seq", {}).get("N"), "change": record["eventName"]}
            logger.critical(TAMPERED, extra=where)
    return {"batchItemFailures": []}
