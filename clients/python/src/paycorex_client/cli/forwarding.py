"""Events to a server on this machine: signed as PayCoreX signs webhooks, with the profile's listening secret."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from paycorex_client import webhooks

TIMEOUT_SECONDS = 30.0


def forward(http: httpx.Client, url: str, event: Mapping[str, Any], secret: str) -> int:
    """Send an event. Returns the status of the answer; raises httpx.TransportError when there is none."""
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    now = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "X-Webhook-Event": str(event["event"]),
        "X-Webhook-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
        "webhook-id": str(event["id"]),
        "webhook-timestamp": str(now),
        "webhook-signature": webhooks.sign(body, event_id=str(event["id"]), timestamp=now, secret=secret),
    }
    return http.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS).status_code
