"""OFX 1 (SGML) and 2 (XML) by `bankfile`. This module bounds what its reader would take long for, and refuses what it only warns of."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from bankfile.ofx.reader import read_ofx

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
from settlements.bank.readers.text import decode

MAX_DEPTH: Final = 64
MAX_TAG_CHARACTERS: Final = 1000
_LONG_TAG: Final = re.compile(rf"<[^!<>][^<>]{{{MAX_TAG_CHARACTERS}}}")
_TAG: Final = re.compile(r"<(/?)([A-Za-z_][\w.:-]{0,63})[^<>]*>([^<]?)")
_END: Final = re.compile(r"</OFX\s*>\s*\Z", re.IGNORECASE)
_STATEMENT: Final = re.compile(r"<(?:CC)?STMTRS>", re.IGNORECASE)
_REVERSAL: Final = "reversal"


def read(data: bytes) -> Iterator[Statement | RefusedStatement]:
    """The statements of a file, one an account. Raises UnreadableFile."""
    text = decode(data)
    _bounded(text)
    starts = [found.start() for found in _STATEMENT.finditer(text)]
    if not starts:
        raise UnreadableFile("the file has no statement of an account")
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True), start=1):
        # The library reads the first statement of a file, in the encoding that its head names.
        yield _statement(place, read_ofx(f"OFXHEADER:100\nENCODING:UTF-8\n\n<OFX>{text[start:end]}</OFX>".encode()))


def _bounded(text: str) -> None:
    """Raises UnreadableFile for what costs more than its length: document types, tags without an end, deep nesting. And for a cut file."""
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise UnreadableFile("the file has a document type or entities of its own; statements have none")
    if text.rfind("<!--") > text.rfind("-->") or text.rfind("<![CDATA[") > text.rfind("]]>") or not _END.search(text[-200:]):
        raise UnreadableFile("the file does not end with </OFX>: it is cut, or it is no OFX")
    if _LONG_TAG.search(text):
        raise UnreadableFile(f"the file has a tag of more than {MAX_TAG_CHARACTERS} characters")
    stack: list[str] = []
    held: Counter[str] = Counter()
    for end, name, after in _TAG.findall(text):
        if not end:
            # A tag with a value ends at the next one, with or without its end tag.
            if not after.strip():
                stack.append(name.upper())
                held[name.upper()] += 1
        elif held[name.upper()]:
            while (last := stack.pop()) != name.upper():
                held[last] -= 1
            held[name.upper()] -= 1
        if len(stack) > MAX_DEPTH:
            raise UnreadableFile(f"elements are nested deeper than {MAX_DEPTH}")


def _statement(place: int, found: Any) -> Statement | RefusedStatement:
    try:
        currency = fields.currency_of(found.currency)
        header = StatementHeader(
            account=fields.account_of(found.account),
            currency=currency,
            closing=None if found.closing_balance is None else fields.minor_of(found.closing_balance, currency),
        )
    except UnreadableField as failed:
        return RefusedStatement(place, str(failed))
    lines: list[BankLine] = []
    bad = [BadLine(0, "a transaction has no readable date or amount") for warning in found.warnings if warning.field == "STMTTRN"]
    for number, transaction in enumerate(found.transactions, start=1):
        try:
            lines.append(_line(number, transaction, currency))
        except UnreadableField as failed:
            bad.append(BadLine(number, str(failed)))
    return checks.proved(place, header, lines, bad)


def _line(place: int, transaction: Any, currency: str) -> BankLine:
    if transaction.currency not in {currency, None}:
        raise UnreadableField("the line is in another currency than its account")
    raw = transaction.raw
    _plain(raw)
    if not isinstance(transaction.amount, Decimal):
        raise UnreadableField("the line has no amount")
    texts = (transaction.counterparty_name, transaction.purpose)
    return BankLine(
        place=place,
        amount=fields.minor_of(transaction.amount, currency),
        booked_on=fields.day_of(transaction.date, "DTPOSTED"),
        valued_on=fields.day_of(transaction.booking_date, "DTAVAIL") if transaction.booking_date else None,
        bank_reference=fields.text_of(transaction.bank_reference, limit=fields.MAX_REFERENCE_CHARACTERS),
        references=fields.references_of((transaction.reference, transaction.bank_reference, transaction.check_number), *texts),
        text=fields.text_of(*texts),
        is_reversal=_REVERSAL in str(transaction.purpose or "").lower(),
        kind=fields.text_of(transaction.type_code, limit=16),
    )


def _plain(raw: dict[str, str | None]) -> None:
    """What the library reads one way of several is not booked: `2,000`, and a date of six digits."""
    amount, posted = raw.get("TRNAMT") or "", raw.get("DTPOSTED") or ""
    if re.fullmatch(r"\s*[+-]?\d{1,3}(?:,\d{3})+\s*", amount):
        raise UnreadableField("the amount can be read in two ways: a comma before three digits")
    if not re.match(r"\s*\d{8}", posted):
        raise UnreadableField("the date is not written with a year of four digits")
