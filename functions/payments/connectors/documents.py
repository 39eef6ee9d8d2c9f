"""JSON that a provider sent: read by path, with a type, because what comes from outside need not be what was documented."""

import json
from typing import Any


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
