"""From a line of a statement to the row that is stored: its id, by which the same line of another file is the same row."""

from collections import Counter
from collections.abc import Iterator

from paycorex import clock
from paycorex.records.bank_line import ASIDE, UNEXPECTED, BankLineItem, bank_line_id, open_key
from paycorex.records.order import order_key
from settlements.bank.readers.statement import BankLine, Statement, StatementHeader


class Numbering:
    """The number of a line among equal ones of its day.

    Statements that overlap show a day's lines alike, so it begins anew with each statement, but not with a later part of one.
    """

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()

    def begin(self, header: StatementHeader) -> None:
        """A statement begins."""
        if not header.is_later_part:
            self._seen.clear()

    def next(self, name: tuple[str, ...]) -> str:
        """The number of the line that has this name, from 1."""
        self._seen[name] += 1
        return str(self._seen[name])


def rows_of(merchant_id: str, import_id: str | None, statement: Statement, numbering: Numbering) -> Iterator[BankLineItem]:
    """The rows of a statement's lines, in its order. Pure but for the time."""
    numbering.begin(statement.header)
    now = clock.now_ms()
    for line in statement.lines:
        yield _row(merchant_id, import_id, statement.header, line, numbering, now)


def _row(merchant_id: str, import_id: str | None, header: StatementHeader, line: BankLine, numbering: Numbering, now: int) -> BankLineItem:
    name = (header.account, header.currency, line.booked_on.isoformat(), str(line.amount), line.bank_reference or " ".join(line.references))
    found_id = bank_line_id(merchant_id, *name, numbering.next(name))
    return BankLineItem(
        bank_line_id=found_id,
        merchant_id=merchant_id,
        account=header.account,
        currency=header.currency,
        amount=line.amount,
        booked_on=line.booked_on.isoformat(),
        valued_on=None if line.valued_on is None else line.valued_on.isoformat(),
        bank_reference=line.bank_reference,
        references=list(line.references) or None,
        text=line.text,
        kind=line.kind,
        is_reversal=line.is_reversal,
        import_id=import_id,
        state=UNEXPECTED if line.amount else ASIDE,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, found_id),
        open_key=open_key(merchant_id, header.currency) if line.amount else None,
    )
