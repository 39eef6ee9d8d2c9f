"""What the text of a cell means: an amount in minor units, or a time. Nothing is rounded and nothing is guessed."""

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from paycorex.money import MAX_DIGITS_BEFORE_POINT, exponent_of

MAX_CHARACTERS: Final = 40
# Grouped by three, or as in India (12,34,567), by a comma, a point, a space or an apostrophe.
_BY_THREE: Final = r"[0-9]{1,3}(?:([.,' \u00a0])[0-9]{3})(?:\1[0-9]{3})*"
_WHOLE: Final = re.compile(rf"[0-9]+|{_BY_THREE}|[0-9]{{1,2}}(?:,[0-9]{{2}})+,[0-9]{{3}}", re.ASCII)
_FRACTION: Final = re.compile(r"[0-9]*", re.ASCII)


class WrongCell(Exception):
    """The text is not what it should be; the message says why, without the text."""


def amount(text: str, currency: str, *, unit: str, decimal_separator: str) -> int:
    """Minor units, signed; an empty cell is nothing. A sign may stand on either side, parentheses are a minus. Raises WrongCell."""
    written = text.strip()
    if not written:
        return 0
    sign, digits = _signed(written)
    exponent = 0 if unit == "minor" else exponent_of(currency)
    whole, _, fraction = digits.partition(decimal_separator)
    if (
        len(written) > MAX_CHARACTERS
        or not _WHOLE.fullmatch(whole)
        or decimal_separator in fraction
        or not re.fullmatch(r"[0-9]*", fraction)
    ):
        raise WrongCell("an amount is no number")
    if len(fraction.rstrip("0")) > exponent:
        raise WrongCell(f"an amount has more than {exponent} decimals")
    only_digits = re.sub(r"\D", "", whole).lstrip("0")
    if len(only_digits) > MAX_DIGITS_BEFORE_POINT + (3 if unit == "minor" else 0):
        raise WrongCell("an amount is beyond what can be booked")
    return sign * int((only_digits or "0") + fraction[:exponent].ljust(exponent, "0"))


def _signed(written: str) -> tuple[int, str]:
    if written.startswith("(") and written.endswith(")"):
        return -1, written[1:-1].strip()
    if written.endswith("-"):
        return -1, written[:-1].strip()
    if written[0] in "+-\u2212":
        return (1 if written[0] == "+" else -1), written[1:].strip()
    return 1, written


def moment(text: str, *, pattern: str, utc_offset_minutes: int) -> int | None:
    """Milliseconds since the epoch; None for an empty cell. A time without an offset is in the mapping's. Raises WrongCell."""
    written = text.strip()
    if not written:
        return None
    try:
        if pattern == "unix":
            return int(written) * 1000
        parsed = datetime.fromisoformat(written) if pattern == "iso" else datetime.strptime(written, pattern)  # noqa: DTZ007 - see below
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=timezone(timedelta(minutes=utc_offset_minutes)))
        return calendar.timegm(parsed.astimezone(UTC).utctimetuple()) * 1000
    except (ValueError, OverflowError) as error:
        raise WrongCell("a time cannot be read") from error
