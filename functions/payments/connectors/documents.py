"""JSON that a provider sent: read by path, with a type, because what comes from outside need not be what was documented."""

import json
import re
from collections.abc import Callable, Collection
from typing import Any, Final

from paycorex import redaction
from paycorex.errors import InvalidAmount, UnsupportedCurrency
from paycorex.money import Money
from payments.connectors.results import Contradicts

# A provider's name for one of its objects: it becomes part of keys, rows and pages. Stripe and Razorpay stay far below.
MAX_REFERENCE_CHARACTERS: Final = 128
# A word of a provider's own, such as the code of a refusal.
MAX_CODE_CHARACTERS: Final = 64
MAX_MESSAGE_CHARACTERS: Final = 200
# An address that a payer follows.
MAX_URL_CHARACTERS: Final = 2048
# Beyond the year 2200: the longest that a key by time has digits for is later still.
MAX_EPOCH_SECONDS: Final = 7_258_118_400
_REFERENCE: Final = re.compile(r"[!-~]+", re.ASCII)


class Malformed(Exception):
    """Not the document that this provider describes."""


class Contradiction(Exception):
    """What a provider says cannot be booked. code: as `Contradicts` has it; detail: what was said."""

    def __init__(self, code: str, detail: object, reference: str | None = None) -> None:
        super().__init__(code)
        self.result = Contradicts(code, shown(str(detail)), reference)


def amount(minor: int, currency: str, reference: str | None = None) -> Money:
    """An amount that a provider reports, in ISO 4217's minor units. Raises Contradiction."""
    try:
        return Money.reported(minor, currency)
    except (InvalidAmount, UnsupportedCurrency) as error:
        raise Contradiction("unreadable_amount", f"{minor} {currency}", reference) from error


def signed(minor: int, currency: str, reference: str | None = None) -> int:
    """An amount that may be nothing, or less than nothing, within the same limits, in minor units. Raises Contradiction."""
    if minor == 0:
        return 0
    return amount(abs(minor), currency, reference).minor * (1 if minor > 0 else -1)


def returned(amount: Money, minor: int, reference: str) -> int:
    """How much of an amount went back: never more than it, never less than nothing. Raises Contradiction."""
    if not 0 <= minor <= amount.minor:
        raise Contradiction("unreadable_amount", f"{minor} of {amount.minor} given back", reference)
    return minor


def judged[R](read: Callable[[Any], R], document: Any) -> R | Contradicts:
    """What a document says, also when that cannot be booked. Raises Malformed."""
    try:
        return read(document)
    except Contradiction as contradiction:
        return contradiction.result


def expect(document: Any, wanted: object, *path: str | int) -> None:
    """What a document says of its identity, where it says it, is what was asked for. Raises Contradiction."""
    found = find(document, *path)
    if found is not None and found != wanted:
        raise Contradiction("another_object", f"{'.'.join(map(str, path))} {found}")


def shown(message: str, hidden: Collection[str] = ()) -> str:
    """A provider's words as they may be kept: printable, short, and without what looks like an instrument or a secret, or is `hidden`."""
    for secret in hidden:
        message = message.replace(secret, "[redacted]") if secret else message
    printable = "".join(character if character.isprintable() else " " for character in message)
    # Masked whole, then cut: half a card number would no longer look like one.
    return redaction.mask(printable)[:MAX_MESSAGE_CHARACTERS]


def parse(body: bytes) -> Any:
    """The document. Raises Malformed."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


def find(document: Any, *path: str | int) -> Any:
    """What is at a path; None when there is nothing."""
    for step in path:
        if isinstance(document, dict):
            document = document.get(str(step))
        elif isinstance(document, list) and isinstance(step, int):
            document = document[step] if step < len(document) else None
        else:
            return None
    return document


def text(document: Any, *path: str | int) -> str:
    """A text that must be there. Raises Malformed."""
    found = find(document, *path)
    if not isinstance(found, str) or not found:
        raise Malformed(f"no text at {'.'.join(map(str, path))}")
    return found


def reference(document: Any, *path: str | int) -> str:
    """A provider's name for one of its objects: visible ASCII of a bounded length. Raises Malformed."""
    found = text(document, *path)
    if len(found) > MAX_REFERENCE_CHARACTERS or not _REFERENCE.fullmatch(found):
        raise Malformed(f"no reference at {'.'.join(map(str, path))}")
    return found


def reference_or_none(document: Any, *path: str | int) -> str | None:
    """The same; None when there is nothing. Raises Malformed."""
    return None if find(document, *path) is None else reference(document, *path)


def name_or_none(document: Any, *path: str | int) -> str | None:
    """A name that is only noted: None when there is none, or none that could be kept."""
    found = find(document, *path)
    is_name = isinstance(found, str) and len(found) <= MAX_REFERENCE_CHARACTERS and _REFERENCE.fullmatch(found) is not None
    return found if is_name else None


def url(document: Any, *path: str | int, schemes: tuple[str, ...] = ("https://",)) -> str:
    """An address that a payer is sent to: visible ASCII of a bounded length. Raises Malformed."""
    found = text(document, *path)
    if len(found) > MAX_URL_CHARACTERS or not _REFERENCE.fullmatch(found) or not found.startswith(schemes):
        raise Malformed(f"no address at {'.'.join(map(str, path))}")
    return found


def code_or(document: Any, default: str, *path: str | int) -> str:
    """A provider's code, cut to its bound, or the default."""
    return text_or(document, default, *path)[:MAX_CODE_CHARACTERS]


def text_or(document: Any, default: str, *path: str | int) -> str:
    """A text, or the default."""
    found = find(document, *path)
    return found if isinstance(found, str) and found else default


def whole(document: Any, *path: str | int) -> int:
    """A whole number that must be there. Raises Malformed."""
    found = find(document, *path)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Malformed(f"no whole number at {'.'.join(map(str, path))}")
    return found


def moment_ms(document: Any, *path: str | int) -> int | None:
    """Seconds since the epoch as milliseconds; None where there is no such number, or it is none of this or the next century."""
    found = find(document, *path)
    is_moment = isinstance(found, int) and not isinstance(found, bool) and 0 < found < MAX_EPOCH_SECONDS
    return found * 1000 if is_moment else None


def objects(document: Any, *path: str | int) -> list[dict[str, Any]]:
    """A list of objects that must be there. Raises Malformed."""
    found = find(document, *path)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Malformed(f"no list at {'.'.join(map(str, path))}")
    return found
