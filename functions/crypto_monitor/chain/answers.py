"""Reading a node's HTTP response, with limits for its size, its duration and its nesting."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

import urllib3

from crypto_monitor.chain.failures import NodeFailure, RangeTooLarge, Unreachable
from crypto_monitor.chain.refusals import failure_of

# 25 large blocks with all their transactions have half of that. A longer answer is asked for in parts.
MAX_ANSWER_BYTES: Final = 24 * 1024 * 1024
# An error has few words.
MAX_ERROR_BYTES: Final = 64 * 1024
_PART_BYTES: Final = 256 * 1024


def read(response: urllib3.BaseHTTPResponse, headers: Mapping[str, str], seconds: float) -> Any:
    """The JSON of a response whose body is not read yet. seconds: how long the whole body may take.

    Raises NodeFailure, urllib3.exceptions.HTTPError, OSError.
    """
    if response.status != 200:
        raise _refused(response, headers, seconds)
    content = _content(response, MAX_ANSWER_BYTES, seconds)
    if content is None:
        raise RangeTooLarge(f"an answer of more than {MAX_ANSWER_BYTES} bytes")
    return _parsed(content)


def _refused(response: urllib3.BaseHTTPResponse, headers: Mapping[str, str], seconds: float) -> NodeFailure:
    content = _content(response, MAX_ERROR_BYTES, seconds)
    try:
        document = _parsed(content or b"")
    except Unreachable:
        document = None
    error = document.get("error") if isinstance(document, Mapping) else None
    return failure_of(error, status=response.status, retry_after=headers.get("Retry-After"))


def _content(response: urllib3.BaseHTTPResponse, most: int, seconds: float) -> bytes | None:
    """The body; None where it is longer than that. Raises Unreachable when it takes longer."""
    until = time.monotonic() + seconds
    parts: list[bytes] = []
    length = 0
    while part := response.read1(_PART_BYTES, decode_content=True):
        parts.append(part)
        length += len(part)
        if length > most:
            return None
        if time.monotonic() > until:
            raise Unreachable("the answer took too long")
    return b"".join(parts)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Unreachable("the answer is not JSON") from None
