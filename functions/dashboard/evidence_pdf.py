"""The readable page of an evidence pack as PDF: banks take files of this form."""

from typing import Any, Final

from paycorex.pdf_pages import Column, Pages
from paycorex.records.dispute import DisputeView

_TABLES: Final = {
    "Timeline": (Column("Time", 24), Column("Status", 16), Column("Reason", 40)),
    "Attempts": (Column("Begun", 24), Column("Connector", 24), Column("Status", 16), Column("Code", 24)),
    "Events sent": (Column("Time", 24), Column("Event", 32), Column("Deliveries", 12, right=True)),
}


def written(shown: DisputeView, tables: dict[str, list[Any]]) -> bytes:
    """The document. tables: by title, rows of two cells where it is none of the three with columns of their own."""
    pages = Pages(f"Evidence {shown.dispute_id}")
    for title, rows in tables.items():
        if not rows:
            continue
        pages.heading(title)
        if title in _TABLES:
            pages.table(_TABLES[title], rows)
        else:
            pages.facts((str(name), value) for name, value in rows)
    return pages.written()
