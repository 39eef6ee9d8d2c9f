"""Statements that other programs write: mock-bank (camt.053, BAI2), mt940-writer, ofxstatement. None of them shares code with a reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import mt940_writer  # type: ignore[import-untyped]  # it comes without types
from mockbank import bai2, messages  # type: ignore[import-untyped]  # it comes without types
from ofxstatement.ofx import OfxWriter
from ofxstatement.statement import Statement as OfxStatement
from ofxstatement.statement import StatementLine, recalculate_balance

DAY = date(2026, 11, 27)
AT = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
IBAN = "NL30MOCK0000000005"


@dataclass(frozen=True, slots=True)
class Movement:
    """What a writer is given: minor units, positive when money comes in."""

    amount: int
    reference: str
    text: str = "payout"


def mock_bank(movements: Sequence[Movement], opening: int, form: str, **changed: Any) -> bytes:
    """A statement of mock-bank, in camt.053.001.08 or BAI2."""
    account = {"iban": IBAN, "name": "Chai Point", "currency": "EUR", "id": 1, "account_number": "123456789", "routing": "021000021"}
    rows = [_incoming(number, each) if each.amount >= 0 else _outgoing(number, each) for number, each in enumerate(movements, start=1)]
    closing = opening + sum(each.amount for each in movements)
    given = {"opening": opening, "closing": closing} | changed
    if form == "camt053":
        return bytes(messages.write_camt053(account, DAY, 7, given["opening"], given["closing"], rows, "MB-1", AT, UTC))
    written = bai2.write_statement(account | {"currency": "USD"}, DAY, 7, given["opening"], given["closing"], rows, created_at=AT)
    return str(written).encode()


def _incoming(number: int, movement: Movement) -> dict[str, Any]:
    return _row(number, movement) | {
        "incoming": True, "credit": True, "debtor_name": "Stripe", "debtor_iban": "", "debtor_bic": "", "note": [movement.text],
        "reference": "", "value_date": DAY.isoformat(),
    }  # fmt: skip


def _outgoing(number: int, movement: Movement) -> dict[str, Any]:
    return _row(number, movement) | {
        "credit": False, "pmt_inf_id": "", "instruction_id": "", "creditor_name": "Landlord", "creditor_iban": "", "creditor_bic": "",
        "trace": "", "remittance": [movement.text],
    }  # fmt: skip


def _row(number: int, movement: Movement) -> dict[str, Any]:
    return {"id": number, "msg_id": f"M{number}", "amount": abs(movement.amount), "currency": "EUR", "end_to_end_id": movement.reference}


def mt940(movements: Sequence[Movement], opening: int) -> bytes:
    """A statement of mt940-writer."""
    lines = [
        mt940_writer.Transaction(
            DAY, Decimal(each.amount) / 100, mt940_writer.TransactionType.transfer, each.reference,
            mt940_writer.TransactionAdditionalInfo(each.text),
        )
        for each in movements
    ]  # fmt: skip
    closing = opening + sum(each.amount for each in movements)
    balances = [mt940_writer.Balance(Decimal(minor) / 100, DAY, "EUR") for minor in (opening, closing)]
    statement = mt940_writer.Statement("ST7", mt940_writer.Account("12345678", "102030"), "7/1", *balances, lines)
    return str(statement).encode()


def ofx(movements: Sequence[Movement]) -> bytes:
    """A statement of ofxstatement."""
    statement = OfxStatement(bank_id="MOCK", account_id=IBAN, currency="EUR")
    moment = datetime(DAY.year, DAY.month, DAY.day)  # noqa: DTZ001 (the writer takes days)
    for number, each in enumerate(movements, start=1):
        line = StatementLine(id=f"FIT{number}", date=moment, memo=each.text, amount=Decimal(each.amount) / 100)
        line.refnum = each.reference
        line.trntype = "CREDIT" if each.amount >= 0 else "DEBIT"
        statement.lines.append(line)
    statement.start_balance = Decimal(0)
    recalculate_balance(statement)
    return str(OfxWriter(statement).toxml()).encode()
