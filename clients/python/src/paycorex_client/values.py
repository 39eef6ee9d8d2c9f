"""What callers give, and how it is written in JSON and in a query. An amount is never a float."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

# In major units: Decimal("1000.50"), 1000 or "1000.50".
type Amount = Decimal | int | str
# RFC 3339, or a datetime that knows its offset.
type Moment = datetime | str


class NotGiven(Enum):
    """The type of NOT_GIVEN, which differs from None: null takes a setting back, nothing leaves it alone."""

    NOT_GIVEN = "NOT_GIVEN"

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN


def given(fields: Mapping[str, object]) -> dict[str, Any]:
    """The fields that were given, ready for JSON. Raises TypeError for a float, ValueError for a time without an offset."""
    return {name: plain(value, name) for name, value in fields.items() if value is not NOT_GIVEN}


def plain(value: object, where: str = "value") -> Any:
    """A value as JSON has it. Raises as `given` does."""
    if isinstance(value, bool | str | int) or value is None:
        return value
    if isinstance(value, float):
        raise TypeError(f"{where} is a float, which cannot hold every amount: use Decimal, int or str")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return _moment(value, where)
    if isinstance(value, Mapping):
        return {str(name): plain(content, f"{where}.{name}") for name, content in value.items() if content is not NOT_GIVEN}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(content, f"{where}[{number}]") for number, content in enumerate(value)]
    raise TypeError(f"{where} is a {type(value).__name__}, which JSON does not have")


def _moment(value: datetime, where: str) -> str:
    if value.tzinfo is None:
        raise ValueError(f"{where} has no offset from UTC: use datetime.now(UTC) or .astimezone()")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def body_bytes(fields: Mapping[str, Any]) -> bytes:
    """The body, as it is signed and sent."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def query_pairs(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pairs of a query; a list gives one pair each, None gives none."""
    many = ((name, value if isinstance(value, list) else [value]) for name, value in fields.items())
    return [(name, _in_query(each)) for name, values in many for each in values if each is not None]


def _in_query(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
