"""SWIFT MT940 by `mt-940`. This module splits a file into its statements, so that an unreadable one stops no other, and shapes lines."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from mt940.models import Balance, Transaction, Transactions
from mt940.options import Options

from paycorex import redaction
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

# The library writes the text of a field that it cannot read into its log.
redaction.silence("mt940")

# Among them: a reversal of a credit is negative, `d` is a debit, long remittance text is not cut.
_OPTIONS: Final = Options.all()
_STATEMENTS: Final = re.compile(r"^(?=(?:\{[^\n]*\{4:\n)?:20:)", re.MULTILINE)
_REVERSALS: Final = frozenset({"RC", "RD"})
_NAMES: Final = ("end_to_end_reference", "customer_reference", "bank_reference", "additional_position_reference", "settlement_tag")
_TEXTS: Final = ("extra_details", "purpose", "additional_purpose", "transaction_details", "non_swift")


def read(data: bytes) -> Iterator[Statement | RefusedStatement]:
    """The statements of a file, one after the other. Raises UnreadableFile."""
    text = without_long_lines(decode(data))
    blocks = [block for block in _STATEMENTS.split(text) if ":20:" in block]
    if not blocks:
        raise UnreadableFile("this is no MT940: there is no field :20:")
    for place, block in enumerate(blocks, start=1):
        yield _statement(place, block)


def _statement(place: int, block: str) -> Statement | RefusedStatement:
    read = Transactions(options=_OPTIONS)
    try:
        read.parse(block)
        header = _header(read.data)
    except UnreadableField as failed:
        return RefusedStatement(place, str(failed))
    except (RuntimeError, ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as failed:
        # What the library says repeats the line; where it stopped is in the number of lines that it had read.
        where = len(read.transactions) + 1
        return RefusedStatement(place, f"it cannot be read as MT940 at or after line {where} ({type(failed).__name__})")
    lines: list[BankLine] = []
    bad: list[BadLine] = []
    for number, transaction in enumerate(read.transactions, start=1):
        try:
            lines.append(_line(number, transaction, header.currency))
        except UnreadableField as failed:
            bad.append(BadLine(number, str(failed)))
    return checks.proved(place, header, lines, bad)


def _header(found: Mapping[str, Any]) -> StatementHeader:
    opening = _balance(found, "opening_balance")
    closing = _balance(found, "closing_balance")
    currency, opened, opened_on = opening
    closing_currency, closed, closed_on = closing
    if closing_currency != currency:
        raise UnreadableField("opening and closing balance have different currencies")
    account = fields.account_of(found.get("account_identification"))
    reference = fields.text_of(found.get("transaction_reference"), found.get("statement_number"), found.get("sequence_number"), limit=64)
    is_later_part = found.get("final_opening_balance") is None and found.get("intermediate_opening_balance") is not None
    return StatementHeader(account, currency, reference, opened, closed, opened_on, closed_on, is_later_part)


def _balance(found: Mapping[str, Any], name: str) -> tuple[str, int, date]:
    """Final or intermediate: a long statement comes in parts, of which each adds up."""
    balance = found.get(f"final_{name}") or found.get(f"intermediate_{name}") or found.get(name)
    amount = getattr(balance, "amount", None)
    if not isinstance(balance, Balance) or amount is None or not isinstance(getattr(amount, "amount", None), Decimal):
        raise UnreadableField(f"it has no {name.replace('_', ' ')}; the file may be cut")
    currency = fields.currency_of(amount.currency)
    return currency, fields.minor_of(amount.amount, currency), fields.day_of(balance.date, "the date of a balance")


def _line(place: int, transaction: Transaction, currency: str) -> BankLine:
    data = transaction.data
    amount = getattr(data.get("amount"), "amount", None)
    if not isinstance(amount, Decimal):
        raise UnreadableField("the line has no amount")
    valued_on = fields.day_of(data.get("date"), "the value date")
    texts = [data.get(name) for name in _TEXTS]
    return BankLine(
        place=place,
        amount=fields.minor_of(amount, currency),
        booked_on=fields.day_of(data.get("entry_date") or valued_on, "the entry date"),
        valued_on=valued_on,
        bank_reference=fields.text_of(data.get("bank_reference"), limit=fields.MAX_REFERENCE_CHARACTERS),
        references=fields.references_of([data.get(name) for name in _NAMES], *texts),
        text=fields.text_of(*texts),
        is_reversal=str(data.get("status") or "").upper() in _REVERSALS,
        kind=fields.text_of(data.get("id"), limit=16),
    )
