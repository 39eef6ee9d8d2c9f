"""The Retry-After header (RFC 9110 10.2.3): seconds, or a date."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from paycorex import clock


def retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """How long an answer's lower-case `headers` ask to wait, in seconds from now, at least 0; None where absent or unreadable.

    Not capped: the longest wait is the caller's to decide.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        # Longer than this is no number of seconds, and int() is slow with thousands of digits.
        return int(text) if len(text) <= 10 else None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # RFC 9110 5.6.7: an HTTP date is in GMT, whatever the parser made of its zone.
    return max(0, round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - clock.outside_seconds()))
