"""Closed months as the contract shows them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from paycorex import clock
from paycorex.contract import View
from paycorex.money import format_minor
from statements.papers.views import Amount
from statements.store import PeriodItem, version_of


class PeriodBalance(View):
    """What an account held when the month began and when it ended."""

    entity: Annotated[str, Field(description="Whose money the account holds.")]
    entity_id: Annotated[str, Field(description="The merchant, or where the money is. Wallets are one account, and so are holds.")]
    currency: Annotated[str, Field(description="ISO 4217, in capitals.")]
    opening: Annotated[Amount, Field(description="Credits less debits before the month, in major units.")]
    closing: Annotated[Amount, Field(description="Credits less debits at its end, in major units.")]


class PeriodFile(View):
    """A statement as it was stored when the month was closed."""

    currency: Annotated[str, Field(description="ISO 4217, in capitals.")]
    format: Annotated[str, Field(description="As GET /v1/statements names it; `json` is the stored form of the sums.")]
    sha256: Annotated[str, Field(description="Of all its bytes (of a CSV, of its pages together), in hexadecimal digits.")]
    size: Annotated[int, Field(description="How many bytes it has.")]


class Reopening(View):
    """That an operator opened the month again, so that it can be closed once more."""

    version: Annotated[int, Field(description="The closing that it ended.")]
    at: Annotated[str, Field(description="When.")]
    by: Annotated[str, Field(description="The operator's IAM identity, or the one that a command was given.")]
    reason: Annotated[str, Field(description="Why.")]


class ClosedPeriod(View):
    """A closed month with its trial balance. Per currency the balances come to zero."""

    month: Annotated[str, Field(description="The month, in UTC.")]
    closed: Annotated[bool, Field(description="Whether it is closed now: an operator may open a month again.")]
    version: Annotated[int, Field(description="How often it was closed.")]
    closed_at: Annotated[str, Field(description="When it was closed.")]
    closed_by: Annotated[str, Field(description="The id of the key that closed it.")]
    invoice: Annotated[str | None, Field(description="The invoice of what the operator charged in it; null where nothing was.")]
    digest: Annotated[
        str, Field(description="SHA-256 over the balances and the last entry of every chain in the month, in hexadecimal digits.")
    ]
    chains: Annotated[int, Field(description="How many chains that is over.")]
    unchanged: Annotated[bool | None, Field(description="Whether the ledger says the same now; null where it was not compared.")]
    sealed_digest: Annotated[
        str | None,
        Field(description="SHA-256 of the document that the ledger seals (see the month's proof); null of a month that was closed before."),
    ]
    files: Annotated[list[PeriodFile], Field(description="The statements, as they were stored.")]
    reopenings: Annotated[list[Reopening], Field(description="When the month was opened again, oldest first.")]
    balances: Annotated[list[PeriodBalance], Field(description="The trial balance.")]


class ClosedPeriodList(View):
    """A page of closed months, newest first."""

    data: list[ClosedPeriod]
    next_cursor: str | None


def period(item: PeriodItem, reopenings: Sequence[PeriodItem] = (), *, unchanged: bool | None = None) -> ClosedPeriod:
    """The contract object of a month as it was closed last. reopenings: all of the month."""
    version = version_of(item)
    return ClosedPeriod(
        month=str(item.month),
        closed=all(version_of(each) != version for each in reopenings),
        version=version,
        closed_at=clock.rfc3339(int(item.made_at or 0)),
        closed_by=str(item.made_by),
        invoice=item.number,
        digest=str(item.digest),
        chains=int(item.heads or 0),
        unchanged=unchanged,
        sealed_digest=item.sealed,
        files=[PeriodFile(currency=row[0], format=row[1], sha256=row[2], size=int(row[3])) for row in item.files or ()],
        reopenings=[_reopening(each) for each in reopenings],
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


def _reopening(item: PeriodItem) -> Reopening:
    at = clock.rfc3339(int(item.made_at or 0))
    return Reopening(version=version_of(item), at=at, by=str(item.made_by), reason=str(item.reason))
