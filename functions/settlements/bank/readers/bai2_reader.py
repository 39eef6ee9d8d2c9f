"""BAI2 by `bai2`, which checks record counts and control totals. This module refuses what its `int` would take and a bank never writes."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from bai2 import bai2  # type: ignore[import-untyped]  # it comes without types
from bai2.constants import TypeCodeTransaction  # type: ignore[import-untyped]  # it comes without types
from bai2.exceptions import IntegrityException, NotSupportedYetException, ParsingException  # type: ignore[import-untyped]  # it comes without types

from paycorex.currencies import EXPONENTS
from settlements.bank.readers import checks, fields
from settlements.bank.readers.statement import (
    BadLine,
    BankLine,
    RefusedStatement,
    Statement,
    StatementHeader,
    UnreadableField,
    UnreadableFile,
)
from settlements.bank.readers.text import decode, without_long_lines

_OPENING_LEDGER: Final = "010"
_CLOSING_LEDGER: Final = "015"
# `int` takes underscores, spaces and digits of other scripts.
_AMOUNT_LINE: Final = re.compile(r"16,[0-9]{3},[+-]?[0-9]*,")
_NUMBERS: Final = re.compile(r"[\x21-\x5e\x60-\x7e ]*")
_NUMBER_RECORDS: Final = ("01,", "02,", "03,", "49,", "98,", "99,")


def read(data: bytes) -> Iterator[Statement | RefusedStatement]:
    """An account's record of each group is a statement. Raises UnreadableFile; counts and totals that contradict the file are one."""
    text = without_long_lines(decode(data))
    lines = [stripped for line in text.split("\n") if (stripped := line.strip())]
    for number, line in enumerate(lines, start=1):
        if (line.startswith("16,") and not _AMOUNT_LINE.match(line)) or (line.startswith(_NUMBER_RECORDS) and not _NUMBERS.fullmatch(line)):
            raise UnreadableFile(f"record {number} has a number that is not written in plain digits")
    # The library reads the last record of a file that ends early for ever, and nothing of what follows a trailer.
    if [number for number, line in enumerate(lines) if line.startswith("99,")] != [len(lines) - 1]:
        raise UnreadableFile("BAI2 ends with its one file trailer (99); this file is cut, or holds several files")
    file = _parsed(lines)
    place = 0
    for group in file.children:
        for account in group.children:
            place += 1
            yield _statement(place, group.header, account)


def _parsed(lines: list[str]) -> Any:
    """The library's model of the file, which has no types."""
    try:
        return bai2.parse_from_lines(iter(lines))
    except NotSupportedYetException as failed:
        raise UnreadableFile(f"not supported by the reader of BAI2: {fields.text_of(failed)}") from failed
    except (ParsingException, IntegrityException) as failed:
        raise UnreadableFile(f"BAI2 contradicts itself, or the file is cut: {fields.text_of(failed)}") from failed
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, StopIteration, RuntimeError) as failed:
        raise UnreadableFile(f"this cannot be read as BAI2 ({type(failed).__name__})") from failed


def _statement(place: int, group: Any, account: Any) -> Statement | RefusedStatement:
    try:
        header = _header(group, account.header)
    except UnreadableField as failed:
        return RefusedStatement(place, str(failed))
    lines: list[BankLine] = []
    bad: list[BadLine] = []
    for number, detail in enumerate(account.children, start=1):
        try:
            line = _line(number, detail, header)
        except UnreadableField as failed:
            bad.append(BadLine(number, str(failed)))
        else:
            lines += [] if line is None else [line]
    return checks.proved(place, header, lines, bad)


def _header(group: Any, account: Any) -> StatementHeader:
    currency = fields.currency_of(account.currency or group.currency)
    day = fields.day_of(group.as_of_date, "the date of the group")
    totals = {summary.type_code.code: summary.amount for summary in account.summary_items if summary.type_code}
    return StatementHeader(
        account=fields.account_of(account.customer_account_number),
        currency=currency,
        opening=_minor(totals.get(_OPENING_LEDGER), currency),
        closing=_minor(totals.get(_CLOSING_LEDGER), currency),
        opened_on=day,
        closed_on=day,
    )


def _minor(amount: int | None, currency: str) -> int | None:
    """BAI2 writes amounts in minor units; bounded as every other."""
    return None if amount is None else fields.minor_of(Decimal(amount).scaleb(-EXPONENTS[currency]), currency)


def _line(place: int, detail: Any, header: StatementHeader) -> BankLine | None:
    """None for records without money (codes such as 890)."""
    direction = detail.type_code.transaction
    amount = _minor(detail.amount, header.currency) or 0
    if amount == 0 and direction not in {TypeCodeTransaction.credit, TypeCodeTransaction.debit}:
        return None
    if direction not in {TypeCodeTransaction.credit, TypeCodeTransaction.debit}:
        raise UnreadableField(f"type code {detail.type_code.code} is neither a credit nor a debit")
    if amount < 0:
        raise UnreadableField("the amount has a sign; BAI2 says by the type code whether money came in")
    available = (detail.availability or {}).get("date")
    return BankLine(
        place=place,
        amount=amount if direction == TypeCodeTransaction.credit else -amount,
        booked_on=header.closed_on or fields.day_of(None, "the date of the group"),
        valued_on=fields.day_of(available, "the value date") if available else None,
        bank_reference=fields.text_of(detail.bank_reference, limit=fields.MAX_REFERENCE_CHARACTERS),
        references=fields.references_of((detail.customer_reference, detail.bank_reference), detail.text),
        text=fields.text_of(detail.text),
        is_reversal="reversal" in str(detail.type_code.description).lower(),
        kind=detail.type_code.code,
    )
