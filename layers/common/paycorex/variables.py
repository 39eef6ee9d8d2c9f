"""What an environment variable's text is worth, by the type of the dataclass field that it fills."""

import re
from dataclasses import Field, field
from typing import Any, Final, Literal, get_args, get_origin

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_TRUE: Final = frozenset({"true", "1", "yes", "on"})
_FALSE: Final = frozenset({"false", "0", "no", "off"})


def bounded[T: (int, float)](default: T, *, low: float | None = None, above: float | None = None, high: float | None = None) -> T:
    """A field for a number: at least `low`, more than `above`, at most `high`."""
    made: T = field(default=default, metadata={"low": low, "above": above, "high": high})
    return made


def read(where: Field[Any], text: str) -> Any:
    """The value of a field of type str, bool, int, float or Literal of strings. Raises ValueError, which names the field."""
    try:
        value = _converted(where.type, text)
    except ValueError as error:
        raise ValueError(f"{where.name}: {error}") from None
    low, above, high = (where.metadata.get(bound) for bound in ("low", "above", "high"))
    too_small = (low is not None and value < low) or (above is not None and value <= above)
    if too_small or (high is not None and value > high):
        raise ValueError(f"{where.name}: {value} is out of bounds")
    return value


def _converted(kind: Any, text: str) -> Any:
    if kind is str:
        return text
    if kind is bool:
        return _boolean(text)
    if kind in {int, float}:
        # Python reads NaN, infinities, other scripts' digits and underscores too.
        if not _NUMBER.fullmatch(text):
            raise ValueError("is no number")
        return kind(text)
    if get_origin(kind) is Literal:
        if text not in get_args(kind):
            raise ValueError(f"is none of {', '.join(get_args(kind))}")
        return text
    raise TypeError(kind)


def _boolean(text: str) -> bool:
    lower = text.lower()
    if lower not in _TRUE | _FALSE:
        raise ValueError("is neither true nor false")
    return lower in _TRUE
