"""Files that are made to hurt: entities, depth, size, quadratic patterns, numbers that are none. Each is refused at once, with a reason."""

import re
import time
import tracemalloc

import pytest

from settlements.bank.readers.csv_columns import CsvColumns
from settlements.bank.readers.reader import BankFormat, read
from settlements.bank.readers.statement import BadLine, RefusedStatement, Statement, UnreadableFile
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import Movement

CAMT = files.mock_bank((Movement(500, "UTR2611270001"),), 0, "camt053")
OFX = files.ofx((Movement(500, "UTR2611270001"),))
BAI2 = files.mock_bank((Movement(500, "UTR2611270001"),), 0, "bai2")
SECONDS = 5


def refusal(form: BankFormat, data: bytes, columns: CsvColumns | None = None) -> str:
    """Why the file is refused; it takes no time and no memory to say so."""
    began = time.process_time()
    with pytest.raises(UnreadableFile) as refused:
        list(read(form, data, columns))
    assert time.process_time() - began < SECONDS
    return str(refused.value)


def with_type(declared: bytes, used: bytes = b"&a9;") -> bytes:
    head, _, body = CAMT.partition(b"?>")
    return head + b"?>" + declared + body.replace(b"<MsgId>MB-1", b"<MsgId>" + used, 1)


LAUGHS = (
    b'<!DOCTYPE Document [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10))
    + b"]>"
)


@pytest.mark.parametrize(
    "declared",
    [
        LAUGHS,
        b'<!DOCTYPE Document [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE Document [<!ENTITY a9 SYSTEM "http://127.0.0.1/">]>',
        b'<!DOCTYPE Document SYSTEM "http://127.0.0.1/evil.dtd">',
        b'<!DOCTYPE Document [<!ENTITY % p SYSTEM "http://127.0.0.1/evil.dtd"> %p;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused_in_any_encoding(declared: bytes, encoding: str) -> None:
    data = with_type(declared)
    if encoding != "utf-8":
        data = re.sub(r"encoding=.UTF-8.", 'encoding="UTF-16"', data.decode(), flags=re.IGNORECASE).encode("utf-16")
        assert "UTF-16" in data.decode("utf-16")
    assert "document type or entities" in refusal("camt053", data)


def test_an_ofx_with_a_document_type_is_refused() -> None:
    assert "document type or entities" in refusal("ofx", LAUGHS + OFX)


@pytest.mark.parametrize("form", ["camt053", "mt940", "bai2", "ofx", "csv"])
def test_a_hundred_megabytes_are_refused_before_anything_is_read(form: BankFormat) -> None:
    data = bytes(100_000_000)
    tracemalloc.start()
    try:
        columns = CsvColumns("A", "EUR", "date", "%Y", amount="amount")
        assert "larger than" in refusal(form, data, columns)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_deep_elements_are_refused() -> None:
    deep = CAMT.replace(b"<GrpHdr>", b"<a>" * 100_000 + b"<GrpHdr>")
    assert "nested deeper" in refusal("camt053", deep)
    assert "nested deeper" in refusal("ofx", OFX.replace(b"<STMTRS>", b"<STMTRS>" + b"<A>" * 100_000))


def test_no_pattern_of_a_library_is_made_to_try_again_and_again() -> None:
    """The library of OFX looks for an end from every beginning: without the guard before it each of these takes hours."""
    many = 500_000
    for piece in (b"<!--", b"<![CDATA[", b"<A" + b" " * many):
        assert refusal("ofx", OFX.replace(b"<STMTRS>", b"<STMTRS>" + (piece * (2_000_000 // len(piece) + 1))[:2_000_000]))
    began = time.process_time()
    assert isinstance(next(read("ofx", OFX.replace(b"<STMTRS>", b"<STMTRS>" + b"<?x" * many))), RefusedStatement)
    assert time.process_time() - began < SECONDS * 2
    closing = OFX.replace(b"<STMTRS>", b"<STMTRS>" + b"</B>" * many)
    began = time.process_time()
    assert isinstance(next(read("ofx", closing)), Statement)
    assert time.process_time() - began < SECONDS * 2
    assert "characters" in refusal("mt940", b":20:X\n:61:" + b"9" * 1_000_000)


def test_a_file_of_nothing_or_of_another_kind_is_refused() -> None:
    assert "empty" in refusal("mt940", b" \n ")
    assert "no MT940" in refusal("mt940", b"hello")
    assert "not text" in refusal("mt940", b"PK\x03\x04\0\0\0:20:")
    assert "not well-formed" in refusal("camt053", b"PK\x03\x04\0\0\0")
    assert "no camt.053" in refusal("camt053", b"<html/>")
    assert "intraday" in refusal("camt053", CAMT.replace(b"camt.053.001.08", b"camt.052.001.08"))
    assert "not a version" in refusal("camt053", CAMT.replace(b"camt.053.001.08", b"camt.053.001.99"))
    assert "no statement" in refusal("ofx", OFX.replace(b"STMTRS", b"OTHER"))
    assert "mapping" in refusal("csv", b"a,b\n1,2\n")
    assert "utf-16" in refusal("mt940", b"\xff\xfe\x00\xd8\x00")


def test_a_bai2_that_ends_early_is_refused_at_once() -> None:
    """Its library reads the last record again and again."""
    lines = BAI2.decode().splitlines()
    for count in range(1, len(lines)):
        assert "99" in refusal("bai2", "\n".join(lines[:count]).encode()), count
    assert "99" in refusal("bai2", BAI2 + BAI2)


@pytest.mark.parametrize(("before", "after"), [("16,142,500,", "16,142,5_0_0,"), ("16,142,500,", "16,142,\N{ARABIC-INDIC DIGIT FIVE}00,")])
def test_numbers_are_plain_digits_in_bai2(before: str, after: str) -> None:
    assert before in BAI2.decode()
    assert "plain digits" in refusal("bai2", BAI2.decode().replace(before, after).encode())


def test_a_type_code_of_a_banks_own_is_named_in_the_refusal() -> None:
    assert "'971'" in refusal("bai2", BAI2.replace(b"16,142,", b"16,971,"))


@pytest.mark.parametrize("amount", ["1E5", "Infinity", "NaN", "1_000", "0x10", "5.001", "-5.00", "9999999999999.00", "", " "])
def test_amounts_beyond_the_form_or_the_limits_refuse_their_statement(amount: str) -> None:
    data = CAMT.replace(b'Ccy="EUR">5.00<', f'Ccy="EUR">{amount}<'.encode())
    assert data != CAMT
    (refused,) = read("camt053", data)
    assert isinstance(refused, RefusedStatement), amount


@pytest.mark.parametrize("amount", ["2,000", "1.234,567", "abc", "", "9999999999999.00", "1e400"])
def test_an_amount_of_ofx_that_can_be_read_in_two_ways_is_listed(amount: str) -> None:
    (statement,) = read("ofx", OFX.replace(b"<TRNAMT>5.00", b"<TRNAMT>" + amount.encode()))
    assert isinstance(statement, Statement)
    assert (len(statement.lines), len(statement.bad)) == (0, 1)


COLUMNS = CsvColumns(
    account="ACC-1", currency="EUR", date="Datum", date_format="%d.%m.%Y", amount="Betrag", references=("Ref",), text="Text",
    decimal=",", delimiter=";",
)  # fmt: skip


def test_a_csv_is_read_as_its_mapping_says() -> None:
    data = "Datum;Betrag;Ref;Text\n27.11.2026;1.234,50;UTR1234567;payout\n28.11.2026;-0,01;R2;\n28.11.2026;0;R3;\n".encode("cp1252")
    (statement,) = read("csv", data, COLUMNS)
    assert isinstance(statement, Statement)
    assert [(line.amount, line.booked_on.day, line.references) for line in statement.lines] == [
        (123_450, 27, ("UTR1234567",)),
        (-1, 28, ("R2",)),
        (0, 28, ("R3",)),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("27.11.2026;1,234.50;R;T", "amount"),
        ("27.11.2026;1.23,50;R;T", "amount"),
        ("27.11.2026;1,234;R;T", "2 decimals"),
        ("27.11.2026;=1+1;R;T", "amount"),
        ("27.11.2026;(5,00);R;T", "amount"),
        ("27.11.2026;\N{FULLWIDTH DIGIT FIVE};R;T", "amount"),
        ("2026-11-27;1,00;R;T", "date"),
        ("31.02.2026;1,00;R;T", "date"),
        ("27.11.1926;1,00;R;T", "century"),
        ("27.11.2026;1,00", "cells"),
        ("27.11.2026;1,00;R;T;more", "cells"),
    ],
)
def test_a_wrong_row_is_listed_and_the_others_are_read(row: str, reason: str) -> None:
    (statement,) = read("csv", f"Datum;Betrag;Ref;Text\n27.11.2026;1,00;A;T\n{row}\n27.11.2026;2,00;B;T\n".encode(), COLUMNS)
    assert isinstance(statement, Statement)
    assert [line.amount for line in statement.lines] == [100, 200]
    (bad,) = statement.bad
    assert bad == BadLine(2, bad.reason)
    assert reason in bad.reason


def test_a_csv_that_was_cut_within_its_last_line_lists_that_line() -> None:
    data = b"Datum;Betrag;Ref;Text\n27.11.2026;1,00;A;T\n28.11.2026;250,55;UTR0000000001;payout 7\n"
    for end in range(data.index(b"28.11."), len(data)):
        (statement,) = read("csv", data[:end], COLUMNS)
        assert isinstance(statement, Statement)
        assert [line.amount for line in statement.lines] == [100], end
    (statement,) = read("csv", data, COLUMNS)
    assert isinstance(statement, Statement)
    assert [line.amount for line in statement.lines] == [100, 25_055]


def test_a_bomb_of_a_csv_is_refused() -> None:
    head = b"Datum;Betrag;Ref;Text\n"
    assert "too long" in refusal("csv", head + b'27.11.2026;1,00;"' + b"x" * 1_000_000, COLUMNS)
    assert "columns" in refusal("csv", b";".join(b"c%d" % number for number in range(1000)) + b"\n", COLUMNS)
    assert "no column" in refusal("csv", b"a;b\n1;2\n", COLUMNS)
    assert "one name" in refusal("csv", b"Datum;Betrag;Ref;Text;Text\n", COLUMNS)


def test_text_that_misleads_on_a_screen_does_not_come_in() -> None:
    data = "Datum;Betrag;Ref;Text\n27.11.2026;1,00;A\x1b[31mB;pay\N{RIGHT-TO-LEFT OVERRIDE}out\x07\n".encode()
    (statement,) = read("csv", data, COLUMNS)
    assert isinstance(statement, Statement)
    assert statement.lines[0].references == ("A [31mB",)
    assert statement.lines[0].text == "pay out"
