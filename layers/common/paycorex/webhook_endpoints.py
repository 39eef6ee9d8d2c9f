"""New webhook endpoints, shared by merchant registration and the webhooks room, which owns everything else about them."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from paycorex import clock, event_buses, ids, sealing, storage, webhook_targets
from paycorex.records.endpoint import EVERY_EVENT, EndpointItem, secret_context

# Standard Webhooks asks for 24 to 64 bytes.
_SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - the public marker of the Standard Webhooks format, not a secret


@dataclass(frozen=True, slots=True, repr=False)
class NewEndpoint:
    """An endpoint that is not stored yet. The secret exists in the clear only here and in the one answer that shows it. A bus has none."""

    item: EndpointItem
    secret: str | None

    @property
    def writes(self) -> list[storage.Write]:
        """What stores it, for the transaction of the request."""
        return [storage.put(self.item, EndpointItem.endpoint_id.does_not_exist())]


def prepare(merchant_id: str, url: str, *, endpoint_id: str | None = None, events: Sequence[str] = (EVERY_EVENT,)) -> NewEndpoint:
    """A new endpoint with its secret. One KMS call; nothing is stored.

    url: or the ARN of an event bus, for which KMS is not called. endpoint_id: by default the one that is always a merchant's first.
    Raises InvalidRequest for a target that deliveries would refuse, TemporarilyUnavailable when KMS does not answer.
    """
    endpoint_id = endpoint_id or ids.derive("whe", merchant_id, "first")
    if event_buses.is_bus(url):
        event_buses.check(merchant_id, url)
        secret, secrets_of = None, []
    else:
        webhook_targets.check(url)
        secret, stored = new_secret(merchant_id, endpoint_id)
        secrets_of = [stored]
    now = clock.now_ms()
    item = EndpointItem(
        merchant_id=merchant_id,
        endpoint_id=endpoint_id,
        url=url,
        events=list(events),
        secrets=secrets_of,
        version=1,
        created_at=now,
        updated_at=now,
    )
    return NewEndpoint(item, secret)


def new_secret(merchant_id: str, endpoint_id: str) -> tuple[str, dict[str, Any]]:
    """A random secret, in the clear and as the endpoint stores it. One KMS call. Raises TemporarilyUnavailable."""
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    sealed = sealing.seal(secret.encode(), context=secret_context(merchant_id), bound_to=endpoint_id)
    return secret, {"sealed": sealed, "created_at": clock.now_ms()}
