"""A statement's sums as JSON, and its rows."""

from typing import Annotated, Final

from pydantic import ConfigDict, Field

from paycorex import clock
from paycorex.contract import View
from paycorex.money import format_minor
from statements.papers.statement import Movement, Statement, Subject

COLUMNS: Final = ("booked_at", "type", "reference_id", "journal_id", "currency", "debit", "credit", "balance", "fee", "tax", "concerns")
Amount = Annotated[str, Field(json_schema_extra={"format": "decimal"})]


class KindSum(View):
    """The movements of one kind together."""

    type: Annotated[str, Field(description="What kind of record the journals belong to, such as `payment`.")]
    count: Annotated[int, Field(description="How many journals.")]
    debit: Annotated[Amount, Field(description="What they took from the account together, in major units.")]
    credit: Annotated[Amount, Field(description="What they added to it together, in major units.")]


class StatementView(View):
    """What the merchant's account held, and what moved it, in one month and currency."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    statement_id: Annotated[str, Field(description="The statement's name, which is in its files too.")]
    month: Annotated[str, Field(description="The month, in UTC.")]
    currency: Annotated[str, Field(description="ISO 4217, in capitals.")]
    from_: Annotated[str, Field(serialization_alias="from", description="When the month begins.")]
    to: Annotated[str, Field(description="Until when it reaches: the month's end, or ten minutes ago.")]
    is_complete: Annotated[bool, Field(description="Whether the month is over.")]
    opening: Annotated[Amount, Field(description="What the account held when the month began.")]
    closing: Annotated[Amount, Field(description="What it holds at the end.")]
    debit: Annotated[Amount, Field(description="What was taken from it, in major units.")]
    credit: Annotated[Amount, Field(description="What was added to it, in major units.")]
    count: Annotated[int, Field(description="How many movements.")]
    fee: Annotated[Amount, Field(description="Fees that it paid, to providers and to the operator.")]
    tax: Annotated[Amount, Field(description="Tax on these fees.")]
    types: Annotated[list[KindSum], Field(description="The movements by kind.")]


def view(name: str, statement: Statement) -> StatementView:
    """The contract object."""
    about, totals = statement.about, statement.totals

    def amount(minor: int) -> str:
        return format_minor(minor, about.currency)

    return StatementView(
        statement_id=name,
        month=about.month,
        currency=about.currency,
        from_=clock.rfc3339(about.period.from_ms),
        to=clock.rfc3339(about.period.to_ms),
        is_complete=about.period.is_whole,
        opening=amount(statement.opening),
        closing=amount(statement.closing),
        debit=amount(totals.debit),
        credit=amount(totals.credit),
        count=totals.count,
        fee=amount(totals.fee),
        tax=amount(totals.tax),
        types=[
            KindSum(type=kind, count=count, debit=amount(debit), credit=amount(credit))
            for kind, (count, debit, credit) in sorted(totals.by_kind.items())
        ],
    )


def row(about: Subject, movement: Movement) -> list[str]:
    """One movement as a row of the CSV."""
    amounts = (movement.debit, movement.credit, movement.balance, movement.fee, movement.tax)
    shown = [format_minor(minor, about.currency) for minor in amounts]
    return [
        clock.rfc3339(movement.at_ms),
        movement.kind,
        movement.reference_id,
        movement.journal_id,
        about.currency,
        *shown,
        movement.concerns or "",
    ]
