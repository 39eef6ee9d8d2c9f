"""Webhooks: whether one is genuine and fresh (Standard Webhooks), and what it says.

Verify the raw bytes of the body, before anything parses them.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from paycorex_client import models
from paycorex_client.answers import Answered
from paycorex_client.errors import WebhookRefused

TOLERANCE_SECONDS = 300
_PREFIX = "whsec_"
# The objects of events, by the first word of an event's name.
_OBJECTS: Mapping[str, type[Answered]] = {
    "payment": models.PaymentView,
    "authorization": models.PaymentView,
    "refund": models.RefundView,
    "dispute": models.DisputeView,
    "token": models.TokenView,
    "apikey": models.ApiKeyView,
    "webhook": models.EndpointView,
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event. data: the object as it stood then, of a class of `models` where this version knows one, else a dictionary.

    id: the same in every delivery of the event, so remember it and skip what was seen. sequence: counts the events of one object from 1;
    previous_event_id names the one before.
    """

    id: str
    event: str
    created_at: datetime
    sequence: int
    previous_event_id: str | None
    data: Answered | Mapping[str, Any]


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
        return event_of(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        raise WebhookRefused("the body is not an event") from error


def event_of(content: Mapping[str, Any]) -> Event:
    """An event, from a webhook's body or from the list of events. Raises KeyError, TypeError or ValueError for anything else."""
    return Event(
        id=content["id"],
        event=content["event"],
        created_at=datetime.fromisoformat(content["created_at"]),
        sequence=content["sequence"],
        previous_event_id=content["previous_event_id"],
        data=_object(content["event"], content["data"]),
    )


def sign(body: bytes, *, event_id: str, timestamp: int, secret: str) -> str:
    """The value of `webhook-signature`, for tests of a receiver and for forwarding."""
    return next(iter(_signatures(body, event_id, str(timestamp), [secret])))


def _object(event: str, data: Mapping[str, Any]) -> Answered | Mapping[str, Any]:
    kind = _OBJECTS.get(event.partition(".")[0])
    if kind is None:
        return data
    try:
        return kind.model_validate(data)
    except ValidationError:
        # An event of a server whose objects this version does not know: it is genuine all the same.
        return data


def _signatures(body: bytes, event_id: str, moment: str, secrets: Iterable[str]) -> list[str]:
    signed = f"{event_id}.{moment}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix(_PREFIX)) for secret in secrets]
    return ["v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
