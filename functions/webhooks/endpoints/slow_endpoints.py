"""Slow endpoints: detected while the attempt still runs, so that later deliveries go to the slow queue.

A sender's invocation ends with its whole batch, so one slow response holds nine other slots. The time counts, not the outcome: a server
that responds 200 after five seconds delays others as much as one that never responds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Final

from paycorex import clock, storage
from paycorex.records.endpoint import EndpointItem
from webhooks.stores import deliveries as store

SLOW_SECONDS: Final = 1.0
# A server must be faster by this factor before its deliveries go back. Otherwise one near the limit would change queues at every response.
QUICK_AGAIN: Final = 0.5


@contextmanager
def watched(endpoint: EndpointItem, marked: Callable[[EndpointItem], None]) -> Iterator[None]:
    """Wrap an attempt: mark the endpoint as slow as soon as the attempt takes too long, not when it ends ten seconds later.

    marked: called after the mark was written.
    """
    if endpoint.slow_since is not None:
        yield
        return

    def mark() -> None:
        became_slow(endpoint)
        marked(endpoint)

    timer = Timer(SLOW_SECONDS, mark)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        # A mark that is being written is stored before the attempt's result is.
        timer.join()


def was_quick(endpoint: EndpointItem, duration_ms: int) -> bool:
    """An attempt succeeded in this time. Writes only when the endpoint was slow and no longer is; True then."""
    if endpoint.slow_since is None or duration_ms >= SLOW_SECONDS * QUICK_AGAIN * 1000:
        return False
    store.touch_endpoint(endpoint, [EndpointItem.slow_since.remove()], EndpointItem.slow_since.exists())
    return True


def became_slow(endpoint: EndpointItem) -> None:
    try:
        store.touch_endpoint(endpoint, [EndpointItem.slow_since.set(clock.now_ms())], EndpointItem.slow_since.does_not_exist())
    except (storage.Unavailable, storage.OutcomeUnknown):
        # The attempt continues; the next slow one sets the mark.
        return
