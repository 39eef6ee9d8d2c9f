"""Closed months and invoices as the contract shows them."""

from typing import Annotated

from pydantic import Field

from paycorex import clock
from paycorex.contract import View
from paycorex.money import format_minor
from statements.papers.views import Amount
from statements.store import PeriodItem


class PeriodBalance(View):
    """What an account held when the month began and when it ended."""

    entity: Annotated[str, Field(description="Whose money the account holds.")]
    entity_id: Annotated[str, Field(description="The merchant, or where the money is. Wallets are one account, and so are holds.")]
    currency: Annotated[str, Field(description="ISO 4217, in capitals.")]
    opening: Annotated[Amount, Field(description="Credits less debits before the month, in major units.")]
    closing: Annotated[Amount, Field(description="Credits less debits at its end, in major units.")]


class ClosedPeriod(View):
    """A closed month with its trial balance. Per currency the balances come to zero."""

    month: Annotated[str, Field(description="The month, in UTC.")]
    closed_at: Annotated[str, Field(description="When it was closed.")]
    closed_by: Annotated[str, Field(description="The id of the key that closed it.")]
    invoice: Annotated[str | None, Field(description="The invoice of what the operator charged in it; null where nothing was.")]
    digest: Annotated[
        str, Field(description="SHA-256 over the balances and the last entry of every chain in the month, in hexadecimal digits.")
    ]
    chains: Annotated[int, Field(description="How many chains that is over.")]
    unchanged: Annotated[bool | None, Field(description="Whether the ledger says the same now; null where it was not compared.")]
    balances: Annotated[list[PeriodBalance], Field(description="The trial balance.")]


class ClosedPeriodList(View):
    """A page of closed months, newest first."""

    data: list[ClosedPeriod]
    next_cursor: str | None


class InvoiceLine(View):
    """What was charged in one currency. Below zero: more was given back than charged."""

    currency: Annotated[str, Field(description="ISO 4217, in capitals.")]
    count: Annotated[int, Field(description="How many journals of fees.")]
    fee: Annotated[Amount, Field(description="The operator's fees, in major units.")]
    tax: Annotated[Amount, Field(description="The tax on them, in major units.")]
    total: Annotated[Amount, Field(description="Both together, in major units.")]


class Invoice(View):
    """What the operator charged a merchant in a month. It is paid already: fees are booked with each payment."""

    number: Annotated[str, Field(description="Its number. Over all merchants of the stack, the numbers of a year have no gaps.")]
    month: Annotated[str, Field(description="The month that it is for, in UTC.")]
    issued_at: Annotated[str, Field(description="When it was made.")]
    lines: Annotated[list[InvoiceLine], Field(description="A line for each currency.")]


class InvoiceList(View):
    """A page of invoices, newest first."""

    data: list[Invoice]
    next_cursor: str | None


def period(item: PeriodItem, *, unchanged: bool | None = None) -> ClosedPeriod:
    """The contract object of a closed month."""
    return ClosedPeriod(
        month=str(item.month),
        closed_at=clock.rfc3339(int(item.made_at or 0)),
        closed_by=str(item.made_by),
        invoice=item.number,
        digest=str(item.digest),
        chains=int(item.heads or 0),
        unchanged=unchanged,
        balances=[
            PeriodBalance(
                entity=entity,
                entity_id=entity_id,
                currency=currency,
                opening=format_minor(int(opening), currency),
                closing=format_minor(int(closing), currency),
            )
            for entity, entity_id, currency, opening, closing in item.balances or ()
        ],
    )


def invoice(item: PeriodItem) -> Invoice:
    """The contract object of an invoice."""
    lines = [_line(str(currency), int(fee), int(tax), int(count)) for currency, fee, tax, count in item.lines or ()]
    return Invoice(number=str(item.number), month=str(item.month), issued_at=clock.rfc3339(int(item.made_at or 0)), lines=lines)


def _line(currency: str, fee: int, tax: int, count: int) -> InvoiceLine:
    amounts = {name: format_minor(minor, currency) for name, minor in (("fee", fee), ("tax", tax), ("total", fee + tax))}
    return InvoiceLine(currency=currency, count=count, **amounts)
