"""The Lambda on the functions' log: keeps the requests of merchants. Repeating a batch changes nothing."""

from collections.abc import Mapping
from typing import Any

from dashboard.request_log import lines, store
from paycorex import aws, redaction

logger = redaction.logger("request-log")


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Keep the requests of one envelope. What cannot be read is logged and left out; while the store is busy Lambda tries it again.

    Raises storage.Unavailable, storage.OutcomeUnknown.
    """
    try:
        found = list(lines.requests_of(event))
    except lines.Unreadable as problem:
        logger.warning("log lines not readable", extra={"exception": str(problem)})
        return
    store.keep(found)


aws.warm("dynamodb")
