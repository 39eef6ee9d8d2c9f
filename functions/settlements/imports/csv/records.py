"""Records of a CSV file (RFC 4180) in bytes: where each begins and ends, so that reading can go on at any of them.

A record ends at a line's end outside of quotes. What is longer than any report's record, or whose quotes never close, is a wrong line: it
is passed over as one line of text, and the next one is read as if nothing had been.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_RECORD_BYTES: Final = 64 * 1024
MAX_CELLS: Final = 512
MAX_CELL_CHARACTERS: Final = 8 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """A record: the number of its first line from 1, its cells or why there are none, and where the next one begins.

    is_ended: its line has an end. The last cell of one without may be cut.
    """

    line: int
    cells: list[str]
    problem: str | None
    next_at: int
    next_line: int
    is_ended: bool = True


def split(data: bytes, at: int, line: int, *, is_end: bool, delimiter: str, encoding: str) -> Iterator[Record]:
    """The whole records of a part of a file that begins with a record, at this offset and line. is_end: the file ends with the part."""
    position = len(_BYTE_ORDER_MARK) if at == 0 and data.startswith(_BYTE_ORDER_MARK) else 0
    while position < len(data):
        found = _end_of(data, position, is_end=is_end)
        if found is None:
            return
        end, problem = found
        cells, wrong = ([], problem) if problem else _cells(data[position:end], delimiter, encoding)
        if wrong is not None:
            # What is wrong may be a quote that makes several lines one: the next line is read for itself.
            newline = data.find(b"\n", position, end)
            end = end if newline < 0 else newline + 1
        lines = data.count(b"\n", position, end)
        yield Record(line, cells, wrong, at + end, line + lines, is_ended=data.endswith(b"\n", position, end))
        position, line = end, line + lines


def _end_of(data: bytes, start: int, *, is_end: bool) -> tuple[int, str | None] | None:
    """The end of the record, and what is wrong with it; None when the part ends first."""
    end, quotes = start, 0
    while end - start <= MAX_RECORD_BYTES:
        newline = data.find(b"\n", end)
        if newline < 0:
            if len(data) - start > MAX_RECORD_BYTES:
                break
            if not is_end:
                return None
            return len(data), "its quotes do not close" if (quotes + data.count(b'"', end)) % 2 else None
        quotes += data.count(b'"', end, newline)
        end = newline + 1
        if quotes % 2 == 0:
            return (end, None) if end - start <= MAX_RECORD_BYTES else (end, "it is too long")
    newline = data.find(b"\n", start)
    return (newline + 1 if newline >= 0 else len(data)), "it is too long, or its quotes do not close"


def _cells(raw: bytes, delimiter: str, encoding: str) -> tuple[list[str], str | None]:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return [], f"it is not {encoding}"
    if "\0" in text:
        return [], "it has characters that are no text"
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True)) if "\n" not in text.rstrip("\r\n") else _quoted(text, delimiter)
    except csv.Error:
        return [], "its quotes are not those of CSV"
    cells = rows[0] if rows else []
    if len(rows) > 1 or len(cells) > MAX_CELLS or any(len(cell) > MAX_CELL_CHARACTERS for cell in cells):
        return [], "it has too many cells, or too long ones"
    return cells, None


def _quoted(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
