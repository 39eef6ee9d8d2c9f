"""A statement as PDF, to print or to file."""

from typing import Final

from paycorex import clock
from paycorex.money import format_minor
from paycorex.pdf_pages import Column, Pages
from statements.papers.camt053 import identifier
from statements.papers.statement import Movement, Statement

_COLUMNS: Final = (
    Column("Time (UTC)", 19),
    Column("What", 14),
    Column("Reference", 42),
    Column("Amount", 18, right=True),
    Column("Balance", 20, right=True),
)
_SUMS: Final = (Column("What", 24), Column("Number", 10, right=True), Column("Debit", 20, right=True), Column("Credit", 20, right=True))


def written(statement: Statement) -> bytes:
    """The document."""
    about, totals = statement.about, statement.totals

    def amount(minor: int) -> str:
        return format_minor(minor, about.currency)

    pages = Pages(f"Statement {about.month}, {about.currency}")
    pages.facts(
        [
            ("Account of", about.name),
            ("Merchant", about.merchant_id),
            ("Statement", identifier(about)),
            ("From", clock.rfc3339(about.period.from_ms)),
            ("Until", clock.rfc3339(about.period.to_ms) + ("" if about.period.is_whole else " (the month is not over)")),
            ("Opening balance", f"{amount(statement.opening)} {about.currency}"),
            ("Closing balance", f"{amount(statement.closing)} {about.currency}"),
            ("Fees paid", f"{amount(totals.fee)} {about.currency}"),
            ("Tax on fees paid", f"{amount(totals.tax)} {about.currency}"),
        ]
    )
    pages.heading("Sums")
    sums = ((kind, count, amount(debit), amount(credit)) for kind, (count, debit, credit) in sorted(totals.by_kind.items()))
    pages.table(_SUMS, [*sums, ("all", totals.count, amount(totals.debit), amount(totals.credit))])
    pages.heading("Movements")
    if totals.count > len(statement.movements):
        pages.line(f"{totals.count} movements, those of one day and kind together. The CSV has each of them.")
    if any(movement.concerns for movement in statement.movements):
        pages.line("A month in parentheses is the earlier month that a movement concerns.")
    pages.table(_COLUMNS, (_cells(movement, about.currency) for movement in statement.movements))
    return pages.written()


def _cells(movement: Movement, currency: str) -> list[str]:
    what = movement.reference_id if movement.count == 1 else f"{movement.count} together"
    what = f"{what} ({movement.concerns})" if movement.concerns else what
    amounts = [format_minor(minor, currency) for minor in (movement.minor, movement.balance)]
    return [clock.rfc3339(movement.at_ms)[:19].replace("T", " "), movement.kind, what, *amounts]
