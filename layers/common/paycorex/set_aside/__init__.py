"""Set aside: a record that a loop over many merchants could not handle is listed and tried again, less and less often; the loop goes on.

A loop puts each item under `guarded`. Trouble that is not the item's own (a busy store, a lost answer) goes through to the loop, which
tries again as before; anything else is written down, logged for the alarm, and the loop goes on.
"""

from paycorex.set_aside.guard import SHARED_TROUBLE, Subject, guarded, hand_over, retry_due, stream_moment_ms
from paycorex.set_aside.items import AsideItem, find, handled, page, payload_of, resolve, retry_now

__all__ = [
    "SHARED_TROUBLE",
    "AsideItem",
    "Subject",
    "find",
    "guarded",
    "hand_over",
    "handled",
    "page",
    "payload_of",
    "resolve",
    "retry_due",
    "retry_now",
    "stream_moment_ms",
]
