"""The headers that a merchant verifies: `X-Webhook-Signature`, and the three of Standard Webhooks (https://www.standardwebhooks.com).

`X-Webhook-Signature` holds one signature. While secrets overlap it is made with the oldest one, which every receiver still has;
`webhook-signature` holds one signature per live secret.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from paycorex import signing
from paycorex.webhook_endpoints import SECRET_PREFIX


def headers(*, event_id: str, event: str, body: bytes, timestamp: int, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt. `secrets`: the live ones, oldest first; `timestamp`: seconds since the epoch, of this attempt."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "PayCoreX-Webhooks/1",
        "X-Webhook-Event": event,
        "X-Webhook-Signature": signing.sign(secrets[0].encode(), body),
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(standard_signature(secret, event_id, timestamp, body) for secret in reversed(secrets)),
    }


def standard_signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 under the decoded secret over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
