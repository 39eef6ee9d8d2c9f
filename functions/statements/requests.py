"""What clients ask for."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from paycorex.contract import CurrencyCode, ListQuery, Moment, Query

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class JournalExportQuery(ListQuery):
    """GET /v1/journal_export: journals with from ≤ t < to. Without a limit a page is as long as an answer may be."""

    from_: Annotated[Moment | None, Field(alias="from", description="Journals that were booked at this time or later.")] = None
    to: Annotated[
        Moment | None, Field(description="Journals that were booked before this time. Journals of the last ten minutes are left out.")
    ] = None
    format: Annotated[Literal["csv", "beancount"], Field(description="CSV with a row for each posting, or the text form of beancount.")] = (
        "csv"
    )


class StatementQuery(ListQuery):
    """GET /v1/statements."""

    month: Annotated[Month, Field(description="The month, in UTC, such as 2026-11.")]
    currency: Annotated[CurrencyCode | None, Field(description="The currency; the merchant's own unless given.")] = None
    format: Annotated[
        Literal["json", "csv", "pdf", "camt053"],
        Field(description="JSON with the sums; CSV or PDF with each movement; camt053 is ISO 20022 camt.053.001.08."),
    ] = "json"


class InvoiceQuery(Query):
    """GET /v1/invoices/{number}."""

    format: Annotated[Literal["json", "pdf", "csv"], Field(description="JSON, a PDF to print, or CSV.")] = "json"
