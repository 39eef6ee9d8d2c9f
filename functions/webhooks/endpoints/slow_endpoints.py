"""Endpoints that take long to answer: known while the attempt still lasts, so that what follows it waits elsewhere.

A sender answers for its whole batch, so one slow answer holds nine other slots. What counts is the time, not the outcome: a server that
says 200 after five seconds is as much in the way as one that never answers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Final

from paycorex import clock, storage
from paycorex.records.endpoint import EndpointItem
from webhooks.stores import deliveries as store

SLOW_SECONDS: Final = 1.0
# A server has to be this much quicker before its deliveries go back, or one about as slow as that would move at every answer.
QUICK_AGAIN: Final = 0.5


@contextmanager
def watched(endpoint: EndpointItem) -> Iterator[None]:
    """Around an attempt: note the endpoint as slow as soon as the attempt has lasted too long, not when it ends ten seconds later."""
    if endpoint.slow_since is not None:
        yield
        return
    timer = Timer(SLOW_SECONDS, became_slow, [endpoint])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        # A note that is being written is written before anything follows from the attempt.
        timer.join()


def was_quick(endpoint: EndpointItem, duration_ms: int) -> None:
    """An attempt succeeded in this time. Costs a write only when the endpoint was slow and is no longer."""
    if endpoint.slow_since is not None and duration_ms < SLOW_SECONDS * QUICK_AGAIN * 1000:
        store.touch_endpoint(endpoint, [EndpointItem.slow_since.remove()], EndpointItem.slow_since.exists())


def became_slow(endpoint: EndpointItem) -> None:
    try:
        store.touch_endpoint(endpoint, [EndpointItem.slow_since.set(clock.now_ms())], EndpointItem.slow_since.does_not_exist())
    except (storage.Unavailable, storage.OutcomeUnknown):
        # The attempt goes on all the same, and the next slow one notes it.
        return
