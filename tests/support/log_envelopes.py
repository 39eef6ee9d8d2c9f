"""Log lines as a subscription of CloudWatch Logs hands them to its function."""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any


def of(messages: Sequence[str]) -> dict[str, Any]:
    """The event of a function that a log group's subscription calls."""
    events = [{"id": str(number), "timestamp": 0, "message": message} for number, message in enumerate(messages)]
    document = {"messageType": "DATA_MESSAGE", "logGroup": "/functions", "logStream": "s", "logEvents": events}
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(document).encode())).decode()}}
