"""Log lines as CloudWatch Logs hands them over (a subscription's `awslogs` envelope: base64, gzip, JSON), read into requests. Pure.

The filter of the subscription is a coarse one, so a line may be anything. What is no request of a merchant is left out.
"""

import base64
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, ids

# CloudWatch Logs sends at most 6 MB, compressed; lines are of our own functions.
MAX_BYTES: Final = 32 * 1024 * 1024
MAX_PATH: Final = 200
MAX_CODE: Final = 64
# The latest time whose keys are in the order of their times.
_LAST_MS: Final = 10**13 - 1
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class Unreadable(ValueError):
    """No envelope of CloudWatch Logs, or one that is too large."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. at_ms: when its answer was ready, milliseconds since the epoch. duration_ms: inside the function."""

    merchant_id: str
    request_id: str
    at_ms: int
    method: str
    path: str
    status: int
    code: str | None
    duration_ms: int
    key_id: str | None

    @property
    def order_key(self) -> str:
        """Its place among a merchant's requests: later ones are greater."""
        return f"{order_time(self.at_ms)}{self.request_id}"


def order_time(milliseconds: int) -> str:
    """The beginning of the order keys of a time, which is before all of them."""
    return f"{min(milliseconds, _LAST_MS):013d}#"


def requests_of(event: Mapping[str, Any]) -> Iterator[Request]:
    """The requests of an envelope. Raises Unreadable."""
    for each in _messages(event):
        found = _request(each)
        if found is not None:
            yield found


def _messages(event: Mapping[str, Any]) -> list[str]:
    try:
        packed = base64.b64decode(event["awslogs"]["data"], validate=True)
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) <= MAX_BYTES:
            return [str(each["message"]) for each in json.loads(content)["logEvents"]]
    except (KeyError, TypeError, ValueError, OSError, EOFError, zlib.error) as problem:
        raise Unreadable(type(problem).__name__) from problem
    raise Unreadable("too large")


def _request(message: str) -> Request | None:
    """None for a line that is not about a merchant's request, or not whole."""
    try:
        line = json.loads(message)
        if line["message"] != "request" or not ids.is_id("mer", line["merchant_id"]) or line["method"] not in _METHODS:
            return None
        code, key_id = line.get("code"), line.get("key_id")
        return Request(
            merchant_id=line["merchant_id"],
            request_id=str(line["request_id"])[:MAX_CODE],
            at_ms=clock.parse_rfc3339(line["timestamp"]),
            method=line["method"],
            path=str(line["path"])[:MAX_PATH],
            status=int(line["status"]),
            code=None if code is None else str(code)[:MAX_CODE],
            duration_ms=round(line["duration_ms"]),
            key_id=None if key_id is None else str(key_id)[:MAX_CODE],
        )
    except (KeyError, TypeError, ValueError):
        return None
