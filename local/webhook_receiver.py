"""The demo merchant's webhook endpoint: receives, verifies as a merchant would, and lets the platform wait for an event."""

import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

PATH: Final = "/_local/webhooks"
_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class Received:
    """A webhook. `genuine`: its signature is right for the endpoint's secret."""

    at: float
    event: str
    content: Any
    genuine: bool


class WebhookReceiver:
    """The received webhooks. `secret` is known once the endpoint is registered; `came` is called with each."""

    def __init__(self, came: Callable[[Received], None]) -> None:
        self.secret = ""
        self._came = came
        self._received: deque[Received] = deque(maxlen=_KEPT)
        self._arrival = threading.Condition()

    def receive(self, path: str, headers: list[tuple[str, str]], body: bytes) -> int:
        """A request to the proxy's own paths; the status to answer with."""
        if path.partition("?")[0] != PATH:
            return 404
        given = {name.lower(): value for name, value in headers}
        expected = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        genuine = hmac.compare_digest(expected.encode(), given.get("x-webhook-signature", "").encode())
        try:
            content = json.loads(body)
        except ValueError:
            return 400
        received = Received(time.time(), given.get("x-webhook-event", ""), content, genuine)
        with self._arrival:
            self._received.append(received)
            self._arrival.notify_all()
        self._came(received)
        return 200

    def wait_for(self, event: str, payment_id: str, *, seconds: float) -> Received | None:
        """The webhook about this payment; None when it does not come in time."""
        found: list[Received] = []

        def arrived() -> bool:
            found[:] = [one for one in self._received if one.event == event and one.content["data"].get("payment_id") == payment_id]
            return bool(found)

        with self._arrival:
            self._arrival.wait_for(arrived, timeout=seconds)
        return found[0] if found else None
