"""The log: one JSON line per request, made of an allow-list of fields. No body, no header, no secret ever comes near it."""

import time
import traceback
from collections.abc import Mapping
from typing import Any, Final

from paycorex import redaction
from paycorex.credentials import Caller
from paycorex.http.answers import Answer

_MAX_PATH = 200


class RequestLog:
    """The line of the request that is being handled. A Lambda environment handles one at a time."""

    def __init__(self, service: str) -> None:
        self._logger: Final = redaction.logger(service)
        self._cold = True
        self._fields: dict[str, object] = {}

    def begin(self, event: Mapping[str, Any]) -> None:
        """A new request."""
        context = event.get("requestContext") or {}
        self._started = time.perf_counter()
        self._fields = {
            "method": event.get("httpMethod"),
            "path": str(event.get("path", ""))[:_MAX_PATH],
            "gateway_request_id": context.get("requestId"),
            "source_ip": (context.get("identity") or {}).get("sourceIp"),
            "cold_start": self._cold,
        }
        self._cold = False

    def caller(self, caller: Caller) -> None:
        """Who asks."""
        self._fields |= {"merchant_id": caller.merchant_id, "key_id": caller.key_id}

    def reason(self, reason: str | None) -> None:
        """Why it was refused, when the answer may not say."""
        if reason is not None:
            self._fields["reason"] = reason

    def failure(self, error: Exception) -> None:
        """An unexpected error. Its message is left out: messages of libraries quote their input."""
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        self._fields |= {"exception": type(error).__name__, "stack": frames}

    def finish(self, request_id: str, route: str | None, answer: Answer, seconds: float) -> None:
        """Write the line."""
        level = self._logger.error if answer.status >= 500 else self._logger.info
        fields = {
            **self._fields,
            "request_id": request_id,
            "route": route,
            "status": answer.status,
            "code": answer.code,
            "replayed": "Idempotent-Replayed" in answer.headers,
            "duration_ms": round(seconds * 1000, 2),
        }
        level("request", extra={name: value for name, value in fields.items() if value is not None})
