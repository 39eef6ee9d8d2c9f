"""The POST of a webhook through safe_http, and its outcome as the delivery log stores it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from paycorex import safe_http, webhook_targets

RESPONSE_BYTES_KEPT: Final = 1024
ATTEMPT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one POST. `error`: the class of the failure when there was no complete response."""

    status_code: int | None
    duration_ms: int
    error: str | None = None
    response: str | None = None
    retry_after_seconds: float | None = None

    @property
    def succeeded(self) -> bool:
        """True for a complete response with a 2xx status."""
        return self.error is None and self.status_code is not None and 200 <= self.status_code < 300

    @property
    def gone(self) -> bool:
        """True for 410 Gone: the receiver wants no more events."""
        return self.error is None and self.status_code == 410


class Post(Protocol):
    """Sends a body to a URL."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes, *, timeout_seconds: float) -> Outcome: ...


def post(url: str, headers: Mapping[str, str], body: bytes, *, timeout_seconds: float = ATTEMPT_SECONDS) -> Outcome:
    """POST through safe_http. A failure of the receiver is an outcome, not an exception; `timeout_seconds` covers the whole exchange."""
    policy = webhook_targets.policy()
    started = time.monotonic()
    try:
        answer = safe_http.send("POST", url, headers, body, policy=policy, timeout_seconds=min(timeout_seconds, ATTEMPT_SECONDS))
    except safe_http.SendError as failure:
        duration_ms = round((time.monotonic() - started) * 1000)
        return Outcome(getattr(failure, "status", None), duration_ms, failure.error_class)
    text = answer.body[:RESPONSE_BYTES_KEPT].decode("utf-8", "replace")
    return Outcome(answer.status, answer.duration_ms, None, text, safe_http.retry_after_seconds(answer.headers))
