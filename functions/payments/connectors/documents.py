"""JSON that a provider sent: read by path, with a type, because what comes from outside need not be what was documented."""

import json
import re
from typing import Any, Final

# A provider's name for one of its objects: it becomes part of keys, rows and pages. Stripe and Razorpay stay far below.
MAX_REFERENCE_CHARACTERS: Final = 128
# A word of a provider's own, such as the code of a refusal.
MAX_CODE_CHARACTERS: Final = 64
_REFERENCE: Final = re.compile(r"[!-~]+", re.ASCII)


class Malformed(Exception):
    """Not the document that this provider describes."""


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


def objects(document: Any, *path: str | int) -> list[dict[str, Any]]:
    """A list of objects that must be there. Raises Malformed."""
    found = find(document, *path)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Malformed(f"no list at {'.'.join(map(str, path))}")
    return found
