"""An invoice as PDF."""

from typing import Final

from paycorex.pdf_pages import Column, Pages
from statements.papers.period_views import Invoice

_COLUMNS: Final = (
    Column("Currency", 10),
    Column("Journals", 10, right=True),
    Column("Fees", 20, right=True),
    Column("Tax", 20, right=True),
    Column("Total", 20, right=True),
)


def written(shown: Invoice, merchant_id: str, name: str) -> bytes:
    """The document."""
    pages = Pages(f"Invoice {shown.number}")
    pages.facts([("To", name), ("Merchant", merchant_id), ("For", f"fees of {shown.month}"), ("Issued", shown.issued_at)])
    pages.heading("Fees")
    pages.table(_COLUMNS, [(line.currency, line.count, line.fee, line.tax, line.total) for line in shown.lines])
    pages.line("Paid: fees are taken out of the account with each payment.")
    return pages.written()
