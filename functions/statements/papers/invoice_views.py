"""Invoices as the contract shows them, and the parts of the tax on them."""

from typing import Annotated, Any, Final

from pydantic import Field

from paycorex import clock
from paycorex.contract import View
from paycorex.money import format_minor
from statements.invoicing import INDIA, SERVICE_CODE
from statements.papers.views import Amount
from statements.store import PeriodItem

COLUMNS: Final = (
    *("number", "month", "issued_at", "seller", "seller_tax_id", "buyer", "buyer_tax_id", "service_code", "currency", "count"),
    *("fee", "tax_name", "tax", "total"),
)
# The state of a GSTIN is its first two digits.
_STATE: Final = slice(0, 2)


class InvoiceParty(View):
    """The seller or the buyer of an invoice, as it was when the invoice was made."""

    name: Annotated[str | None, Field(description="The name; null where none was set.")]
    address: Annotated[str | None, Field(description="The address; null where none was set.")]
    tax_id: Annotated[str | None, Field(description="The tax number, in India the GSTIN; null where none was set.")]
    country: Annotated[str | None, Field(description="ISO 3166-1, two letters; null where none was set.")]


class InvoiceTax(View):
    """A part of the tax. In India: CGST and SGST between parties of one state, IGST otherwise."""

    name: Annotated[str, Field(description="What it is called.")]
    amount: Annotated[Amount, Field(description="In major units.")]


class InvoiceLine(View):
    """What was charged in one currency. Below zero: more was given back than charged."""

    currency: Annotated[str, Field(description="ISO 4217, in capitals.")]
    count: Annotated[int, Field(description="How many journals of fees.")]
    fee: Annotated[Amount, Field(description="The operator's fees, in major units.")]
    tax: Annotated[Amount, Field(description="The tax on them, in major units.")]
    taxes: Annotated[list[InvoiceTax], Field(description="The parts of the tax, which come to it.")]
    total: Annotated[Amount, Field(description="Both together, in major units.")]


class Invoice(View):
    """What the operator charged a merchant in a month. It is paid already: fees are booked with each payment."""

    number: Annotated[str, Field(description="Its number. Over all merchants of the stack, the numbers of a year have no gaps.")]
    month: Annotated[str, Field(description="The month that it is for, in UTC.")]
    issued_at: Annotated[str, Field(description="When it was made.")]
    seller: Annotated[InvoiceParty, Field(description="The operator.")]
    buyer: Annotated[InvoiceParty, Field(description="The merchant, as its setting `billing` had it.")]
    service_code: Annotated[
        str | None, Field(description="What the service is in India's Scheme of Classification of Services; null elsewhere.")
    ]
    lines: Annotated[list[InvoiceLine], Field(description="A line for each currency.")]


class InvoiceList(View):
    """A page of invoices, newest first."""

    data: list[Invoice]
    next_cursor: str | None


def invoice(item: PeriodItem) -> Invoice:
    """The contract object of an invoice."""
    seller, buyer = _party(item.seller), _party(item.buyer)
    rows = ((str(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in item.lines or ())
    return Invoice(
        number=str(item.number),
        month=str(item.month),
        issued_at=clock.rfc3339(int(item.made_at or 0)),
        seller=seller,
        buyer=buyer,
        service_code=SERVICE_CODE if seller.country == INDIA else None,
        lines=[_line(seller, buyer, *row) for row in rows],
    )


def rows(shown: Invoice) -> list[list[str]]:
    """The rows of the CSV: one for each part of the tax, the first of a currency with its fee and total."""
    about = [shown.number, shown.month, shown.issued_at, shown.seller.name, shown.seller.tax_id, shown.buyer.name, shown.buyer.tax_id]
    found = []
    for line in shown.lines:
        for place, tax in enumerate(line.taxes):
            sums = [str(line.count), line.fee] if place == 0 else ["", ""]
            total = line.total if place == 0 else ""
            found.append([*about, shown.service_code, line.currency, *sums, tax.name, tax.amount, total])
    return [[cell or "" for cell in row] for row in found]


def taxes(seller: InvoiceParty, buyer: InvoiceParty, tax: int) -> list[tuple[str, int]]:
    """The parts of a tax, in minor units. Where the buyer is not known to be of the seller's state, it is the tax between states."""
    if seller.country != INDIA:
        return [("Tax", tax)]
    is_one_state = buyer.country == INDIA and (seller.tax_id or "")[_STATE] == (buyer.tax_id or "-")[_STATE]
    return [("CGST", tax - tax // 2), ("SGST", tax // 2)] if is_one_state else [("IGST", tax)]


def _party(stored: Any) -> InvoiceParty:
    said = stored or {}
    return InvoiceParty(**{name: said.get(name) for name in InvoiceParty.model_fields})


def _line(seller: InvoiceParty, buyer: InvoiceParty, currency: str, fee: int, tax: int, count: int) -> InvoiceLine:
    amounts = {name: format_minor(minor, currency) for name, minor in (("fee", fee), ("tax", tax), ("total", fee + tax))}
    parts = [InvoiceTax(name=name, amount=format_minor(minor, currency)) for name, minor in taxes(seller, buyer, tax)]
    return InvoiceLine(currency=currency, count=count, taxes=parts, **amounts)
