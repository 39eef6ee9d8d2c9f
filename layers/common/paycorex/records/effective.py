"""When a change of a merchant or an API key takes effect in every part of the platform.

Each process remembers merchants and keys for a minute, so a change is stored with its time and shown with the time from which it acts.
"""

from typing import Final

from paycorex import clock

LIFETIME_SECONDS: Final = 60
# From a change until no process acts by the older record: it is remembered for a minute, and an eventually consistent read may return it.
NOTICE_SECONDS: Final = LIFETIME_SECONDS + 15


def effective_at(changed_at_ms: float | None) -> str | None:
    """From when a change acts everywhere, in RFC 3339; None when there was no change."""
    return None if changed_at_ms is None else clock.rfc3339(int(changed_at_ms) + NOTICE_SECONDS * 1000)
