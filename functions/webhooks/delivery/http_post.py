"""The one way out: a webhook's POST through safe_http, and what came back in the words of a delivery's log."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from paycorex import safe_http, webhook_targets

RESPONSE_BYTES_KEPT: Final = 1024
ATTEMPT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one POST came to. `error` names what kept it from being a whole answer."""

    status_code: int | None
    duration_ms: int
    error: str | None = None
    response: str | None = None
    retry_after_seconds: float | None = None

    @property
    def succeeded(self) -> bool:
        """True for a whole answer with a 2xx."""
        return self.error is None and self.status_code is not None and 200 <= self.status_code < 300

    @property
    def gone(self) -> bool:
        """True for 410: the receiver wants no more of these."""
        return self.error is None and self.status_code == 410


class Post(Protocol):
    """Sends a body somewhere."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes, *, timeout_seconds: float) -> Outcome: ...


def post(url: str, headers: Mapping[str, str], body: bytes, *, timeout_seconds: float = ATTEMPT_SECONDS) -> Outcome:
    """POST through safe_http. Every failure of the receiver's is an outcome; `timeout_seconds` is for all of it."""
    policy = webhook_targets.policy()
    started = time.monotonic()
    try:
        answer = safe_http.send("POST", url, headers, body, policy=policy, timeout_seconds=min(timeout_seconds, ATTEMPT_SECONDS))
    except safe_http.SendError as failure:
        duration_ms = round((time.monotonic() - started) * 1000)
        return Outcome(getattr(failure, "status", None), duration_ms, failure.error_class)
    text = answer.body[:RESPONSE_BYTES_KEPT].decode("utf-8", "replace")
    return Outcome(answer.status, answer.duration_ms, None, text, safe_http.retry_after_seconds(answer.headers))
