"""CSV of the lists (RFC 4180, UTF-8): page after page until a size that a Lambda may answer, then where to go on.

Spreadsheets run cells that begin like a formula (OWASP, CSV injection), and users choose their own ids and descriptions: such text gets an
apostrophe before it. Times are RFC 3339 in UTC and say so; amounts are plain decimals.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Final

from pydantic import BaseModel

from paycorex import storage
from paycorex.http import Answer

# Lambda answers at most 6 MB, as JSON, in which a character can take six bytes only where text is hostile.
MAX_BYTES: Final = 3_000_000
MAX_ROWS: Final = 10_000
PAGE_ROWS: Final = 100
NEXT_CURSOR_HEADER: Final = "X-Next-Cursor"
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n|%]")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def guarded(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def export[M](
    columns: Sequence[str],
    page: Callable[[int, str | None], storage.Merged[M]],
    view: Callable[[M], BaseModel],
    *,
    position: str | None,
    limit: int | None,
) -> tuple[str, str | None]:
    """The rows as CSV, and the position to go on after (None at the end). `page` takes how many rows and a position."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    rows, wanted = 0, min(limit or MAX_ROWS, MAX_ROWS)
    while rows < wanted and text.tell() < MAX_BYTES:
        found = page(min(PAGE_ROWS, wanted - rows), position)
        for item in found.items:
            content = view(item).model_dump()
            writer.writerow([guarded(content[column]) for column in columns])
        rows, position = rows + len(found.items), found.position
        if position is None:
            break
    return text.getvalue(), position


def answer(name: str, content: str, next_cursor: str | None) -> Answer:
    """A download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Content-Type-Options": "nosniff"}
    if next_cursor is not None:
        headers[NEXT_CURSOR_HEADER] = next_cursor
    return Answer(200, content, "text/csv; charset=utf-8", headers)
