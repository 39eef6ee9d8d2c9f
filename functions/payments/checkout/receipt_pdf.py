"""The receipt of a paid session as a page of PDF."""

from collections.abc import Sequence

from paycorex.pdf_pages import Pages


def receipt(facts: Sequence[tuple[str, str]]) -> bytes:
    """The same facts that the page shows."""
    pages = Pages("Receipt")
    pages.facts(facts)
    return pages.written()
