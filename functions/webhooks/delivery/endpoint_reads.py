"""The endpoints of one batch of messages: each is read once for all of them; again when that was a second ago or its health changed."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from paycorex.records.endpoint import EndpointItem
from webhooks.stores import deliveries as store

# A batch begins its attempts together. One that begins later, behind slow servers, must see what is known of its endpoint by then.
FRESH_SECONDS: Final = 1.0


@dataclass(slots=True)
class _Read:
    """One endpoint as it was read, by whichever thread came first. at_seconds: before the read, by the monotonic clock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    at_seconds: float | None = None
    item: EndpointItem | None = None


class EndpointReads:
    """For the threads of one batch."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._reads: Final[dict[tuple[str, str], _Read]] = defaultdict(_Read)

    def find(self, merchant_id: str, endpoint_id: str) -> EndpointItem | None:
        """One endpoint, read consistently and at most a second ago. Raises storage.Unavailable: the next caller reads again."""
        with self._lock:
            read = self._reads[merchant_id, endpoint_id]
        with read.lock:
            now = time.monotonic()
            if read.at_seconds is None or now - read.at_seconds >= FRESH_SECONDS:
                read.item = store.find_endpoint(merchant_id, endpoint_id)
                read.at_seconds = now
            return read.item

    def after(self, endpoint: EndpointItem, change: Callable[[], bool]) -> None:
        """Carry out a change of the endpoint's health. Unless it surely wrote nothing, the next find reads it again."""
        is_changed = True
        try:
            is_changed = change()
        finally:
            if is_changed:
                self.forget(endpoint)

    def forget(self, endpoint: EndpointItem) -> None:
        """What was read of the endpoint is no longer so."""
        with self._lock:
            self._reads.pop((endpoint.merchant_id, endpoint.endpoint_id), None)
