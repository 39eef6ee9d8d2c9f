"""When the provider of a code is asked for its payments, for those whose callback was lost. Pure."""

from typing import Final

from paycorex import settings
from paycorex.records.qr_code import ACTIVE, QrCodeItem

# Of a code that is used; on a laptop, where a person waits for it, as often as the janitor runs.
LOOK_SECONDS: Final = 600
SHORT_LOOK_SECONDS: Final = 30
# Of one that is switched off, and for how long: banks finish by then what they had under way.
OFF_LOOK_SECONDS: Final = 3600
OFF_WATCH_SECONDS: Final = 72 * 3600


def next_look_ms(code: QrCodeItem, now_ms: int) -> int | None:
    """When to ask next; None: never again."""
    short = settings.current().has_short_sandbox_days
    if code.status == ACTIVE:
        return now_ms + (SHORT_LOOK_SECONDS if short else LOOK_SECONDS) * 1000
    if now_ms - int(code.closed_at or 0) >= OFF_WATCH_SECONDS * 1000 and not code.is_open_there:
        return None
    return now_ms + (SHORT_LOOK_SECONDS if short else OFF_LOOK_SECONDS) * 1000
