"""The one way out: a webhook's POST through safe_http, and what came back in the words of a delivery log."""

import importlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol

from paycorex import clock, settings

RESPONSE_BYTES_KEPT: Final = 1024
ATTEMPT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one POST came to. `error` names what went wrong before there was a status."""

    status_code: int | None
    duration_ms: int
    error: str | None
    response: str | None
    retry_after_seconds: float | None

    @property
    def succeeded(self) -> bool:
        """True for the 2xx."""
        return self.status_code is not None and 200 <= self.status_code < 300


class Post(Protocol):
    """Sends a body somewhere."""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes, *, timeout: float) -> Outcome: ...


def post(url: str, headers: Mapping[str, str], body: bytes, *, timeout: float = ATTEMPT_SECONDS) -> Outcome:
    """POST through safe_http. Never raises: every failure is an outcome. `timeout`: seconds in all."""
    http: Any = importlib.import_module("paycorex.safe_http")
    policy = http.Policy.local() if settings.current().allow_loopback_webhooks else http.Policy.public()
    started = time.monotonic()
    try:
        answer = http.send("POST", url, headers, body, policy=policy, timeout=min(timeout, ATTEMPT_SECONDS))
    except Exception as failure:  # noqa: BLE001 - whatever a merchant's server makes happen is a failed attempt, never a failed batch
        return Outcome(None, round((time.monotonic() - started) * 1000), error_class(failure), None, None)
    text = answer.body[:RESPONSE_BYTES_KEPT].decode("utf-8", "replace")
    retry_after = _retry_after({name.lower(): value for name, value in dict(answer.headers).items()}.get("retry-after"))
    return Outcome(answer.status, round(answer.duration_ms), None, text, retry_after)


def error_class(failure: Exception) -> str:
    """What kind of failure it was, without what it says."""
    return str(getattr(failure, "error_class", "") or type(failure).__name__)


def _retry_after(value: str | None) -> float | None:
    """RFC 9110 10.2.3: seconds or a date; None for anything else."""
    if value is None:
        return None
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - clock.now_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
