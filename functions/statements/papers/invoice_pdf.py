"""An invoice as PDF."""

from typing import Final

from paycorex.pdf_pages import Column, Pages
from statements.papers.invoice_views import Invoice, InvoiceParty

_COLUMNS: Final = (
    Column("Currency", 10),
    Column("Journals", 10, right=True),
    Column("Fees", 20, right=True),
    Column("Tax", 20, right=True),
    Column("Total", 20, right=True),
)
_TAXES: Final = (Column("Currency", 10), Column("Tax", 10), Column("Amount", 20, right=True))


def written(shown: Invoice, merchant_id: str) -> bytes:
    """The document."""
    pages = Pages(f"Invoice {shown.number}")
    pages.facts([("For", f"fees of {shown.month}"), ("Issued", shown.issued_at), ("Merchant", merchant_id)])
    pages.heading("Seller")
    pages.facts(_party(shown.seller))
    pages.heading("Buyer")
    pages.facts(_party(shown.buyer))
    pages.heading("Fees")
    if shown.service_code is not None:
        pages.line(f"Service accounting code (SAC) {shown.service_code}")
    pages.table(_COLUMNS, [(line.currency, line.count, line.fee, line.tax, line.total) for line in shown.lines])
    pages.heading("Tax")
    pages.table(_TAXES, [(line.currency, tax.name, tax.amount) for line in shown.lines for tax in line.taxes])
    pages.line("Paid: fees are taken out of the account with each payment.")
    return pages.written()


def _party(party: InvoiceParty) -> list[tuple[str, object]]:
    named = (("Name", party.name), ("Address", party.address), ("Tax number", party.tax_id), ("Country", party.country))
    return [(name, said) for name, said in named if said]
