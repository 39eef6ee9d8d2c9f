"""CSV of the lists (RFC 4180, UTF-8): rows up to the size of a Lambda's response, then the position to continue.

Times are RFC 3339 in UTC and say so; amounts are plain decimals.
"""

from collections.abc import Callable, Sequence
from typing import Final

from pydantic import BaseModel

from paycorex import storage
from paycorex.csv_text import guarded, line
from paycorex.http.answers import MAX_RESPONSE_BYTES, Answer, bytes_in_response

__all__ = ["MAX_BYTES", "MAX_ROWS", "NEXT_CURSOR_HEADER", "answer", "export", "guarded", "line"]

# Of the response, the rest is for headers and the JSON around them.
MAX_BYTES: Final = MAX_RESPONSE_BYTES - 32 * 1024
MAX_ROWS: Final = 10_000
PAGE_ROWS: Final = 100
NEXT_CURSOR_HEADER: Final = "X-Next-Cursor"


def export[M](
    columns: Sequence[str],
    page: Callable[[int, str | None], storage.Merged[M]],
    view: Callable[[M], BaseModel],
    *,
    position_of: Callable[[M], str],
    position: str | None,
    limit: int | None,
) -> tuple[str, str | None]:
    """The rows as CSV, and the position after which to continue (None at the end).

    page: takes how many rows and a position. position_of: the position after a row.
    """
    lines = [line(columns)]
    rows, wanted, left = 0, min(limit or MAX_ROWS, MAX_ROWS), MAX_BYTES - bytes_in_response(lines[0])
    while rows < wanted:
        found = page(min(PAGE_ROWS, wanted - rows), position)
        for item in found.items:
            content = view(item).model_dump()
            row = line([guarded(content[column]) for column in columns])
            left -= bytes_in_response(row)
            if left < 0:
                return "".join(lines), position
            lines.append(row)
            position = position_of(item)
        rows, position = rows + len(found.items), found.position
        if position is None:
            break
    return "".join(lines), position


def answer(name: str, content: str, next_cursor: str | None) -> Answer:
    """A download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Content-Type-Options": "nosniff"}
    if next_cursor is not None:
        headers[NEXT_CURSOR_HEADER] = next_cursor
    return Answer(200, content, "text/csv; charset=utf-8", headers)
