"""The one check that every statement has to pass: its opening balance and its lines come to its closing balance."""

from collections.abc import Sequence

from paycorex.money import format_minor
from settlements.bank.readers.statement import BadLine, BankLine, RefusedStatement, Statement, StatementHeader


def proved(place: int, header: StatementHeader, lines: Sequence[BankLine], bad: Sequence[BadLine]) -> Statement | RefusedStatement:
    """The statement, or why nothing of it may be booked.

    Where a balance is missing (OFX, many CSV files) the lines stand for themselves, and those that could not be read are listed.
    """
    if header.opening is None or header.closing is None:
        return Statement(header, tuple(lines), tuple(bad))
    total = header.opening + sum(line.amount for line in lines)
    if total == header.closing and not bad:
        return Statement(header, tuple(lines))
    if bad:
        first = bad[0]
        reason = f"{len(bad)} of its lines cannot be read; line {first.place}: {first.reason}"
    else:
        off = format_minor(header.closing - total, header.currency)
        reason = f"opening balance and lines do not come to the closing balance: {off} {header.currency} is missing; the file may be cut"
    return RefusedStatement(place, reason, header.account)
