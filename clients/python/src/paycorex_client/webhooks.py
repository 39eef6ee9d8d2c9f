"""Webhooks: whether one is genuine and fresh (Standard Webhooks), and what it says.

Verify the raw bytes of the body, before anything parses them.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError

from paycorex_client.errors import WebhookRefused
from paycorex_client.events import Event

TOLERANCE_SECONDS = 300
_PREFIX = "whsec_"


def verify(body: bytes, headers: Mapping[str, str], secret: str | Sequence[str], *, now: float | None = None) -> None:
    """Raise WebhookRefused unless one of the secrets made one of the signatures, at most five minutes ago.

    headers: as the framework has them, in any case. secret: `whsec_…`, or several while a change of the secret lasts.
    """
    found = {name.lower(): value for name, value in headers.items()}
    moment = found.get("webhook-timestamp", "")
    if not moment.isascii() or not moment.isdecimal():
        raise WebhookRefused("webhook-timestamp is missing or no number")
    age = (time.time() if now is None else now) - int(moment)
    if abs(age) > TOLERANCE_SECONDS:
        raise WebhookRefused(f"the webhook was signed {age:.0f} seconds ago, more than {TOLERANCE_SECONDS} away from now")
    expected = _signatures(body, found.get("webhook-id", ""), moment, [secret] if isinstance(secret, str) else secret)
    given = found.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in given):
        raise WebhookRefused("no signature of the webhook is right")


def parse(body: bytes, headers: Mapping[str, str], secret: str | Sequence[str], *, now: float | None = None) -> Event:
    """The event of a genuine webhook. Raises WebhookRefused."""
    verify(body, headers, secret, now=now)
    try:
        return Event.model_validate_json(body)
    except ValidationError as error:
        raise WebhookRefused("the body is not an event") from error


def sign(body: bytes, *, event_id: str, timestamp: int, secret: str) -> str:
    """The value of `webhook-signature`, for tests of a receiver and for forwarding."""
    return next(iter(_signatures(body, event_id, str(timestamp), [secret])))


def _signatures(body: bytes, event_id: str, moment: str, secrets: Iterable[str]) -> list[str]:
    signed = f"{event_id}.{moment}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix(_PREFIX)) for secret in secrets]
    return ["v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
