"""Rows of CSV (RFC 4180) for people: no cell is run by a spreadsheet.

Spreadsheets run cells that begin like a formula (OWASP, CSV injection), and users choose their own ids and descriptions: such text gets an
apostrophe before it.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

_FORMULA: Final = re.compile(r"[=+\-@\t\r\n|%]")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def guarded(value: object) -> str:
    """The text of a cell, guarded so that a spreadsheet does not run it as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def line(cells: Sequence[str]) -> str:
    """One row as text."""
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
