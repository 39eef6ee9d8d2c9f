"""Statements that independent programs wrote are read with the same sums, signs and references, whatever the format."""

import logging
from collections.abc import Sequence
from datetime import date

import pytest

from settlements.bank.readers.reader import BankFormat, read
from settlements.bank.readers.statement import BadLine, BankLine, RefusedStatement, Statement, UnreadableFile
from tests.unit.settlements.bank import files
from tests.unit.settlements.bank.files import DAY, IBAN, Movement

MOVEMENTS = (
    Movement(500_000, "UTR2611270001", "STRIPE po_1NabcDEF"),
    Movement(-1_234, "RENT-2026-11", "rent"),
    Movement(0, "ZERO-000001", "nothing"),
    Movement(1, "PAISA-00001", "one"),
    Movement(-99_999_999_999, "BIG-0000001", "sweep"),
)
OPENING = 100_000_000_000


def written(form: BankFormat, movements: Sequence[Movement] = MOVEMENTS) -> bytes:
    match form:
        case "mt940":
            return files.mt940(movements, OPENING)
        case "ofx":
            return files.ofx(movements)
        case _:
            return files.mock_bank(movements, OPENING, form)


def one(form: BankFormat, data: bytes) -> Statement:
    (statement,) = read(form, data)
    assert isinstance(statement, Statement), statement
    return statement


def attempt(form: BankFormat, data: bytes) -> tuple[list[Statement | RefusedStatement], str]:
    """What was read, and why the file was refused."""
    try:
        return list(read(form, data)), ""
    except UnreadableFile as refused:
        return [], str(refused)


@pytest.mark.parametrize("form", ["camt053", "mt940", "bai2", "ofx"])
def test_a_statement_is_read_with_the_sums_that_were_written(form: BankFormat) -> None:
    statement = one(form, written(form))
    assert [line.amount for line in statement.lines] == [each.amount for each in MOVEMENTS]
    assert {line.booked_on for line in statement.lines} == {DAY}
    assert all(each.reference in line.references for each, line in zip(MOVEMENTS, statement.lines, strict=True))
    assert statement.bad == ()
    assert statement.header.currency == ("USD" if form == "bai2" else "EUR")
    if form != "ofx":  # OFX has no opening balance.
        assert (statement.header.opening, statement.header.closing) == (OPENING, OPENING + sum(each.amount for each in MOVEMENTS))
        assert statement.is_proved


@pytest.mark.parametrize("form", ["camt053", "mt940", "ofx"])
def test_what_the_payer_wrote_is_a_way_to_find_the_line(form: BankFormat) -> None:
    """A provider names its payout in the remittance text."""
    assert "po_1NabcDEF" in one(form, written(form)).lines[0].references
    assert one(form, written(form)).lines[0].text == "STRIPE po_1NabcDEF"


@pytest.mark.parametrize("form", ["camt053", "mt940", "bai2", "ofx"])
def test_half_a_file_books_nothing_and_says_so(form: BankFormat) -> None:
    whole = written(form)
    for share in (0.3, 0.5, 0.8, 0.95):
        found, refusal = attempt(form, whole[: int(len(whole) * share)])
        assert refusal or found, share
        assert all(isinstance(each, RefusedStatement) and each.reason for each in found), share


@pytest.mark.parametrize("form", ["camt053", "mt940", "bai2"])
def test_lines_that_do_not_come_to_the_closing_balance_are_refused_with_the_difference(form: BankFormat) -> None:
    data = written(form)
    if form == "camt053":
        changed = data.replace(b">5000.00<", b">4999.99<")
    elif form == "mt940":
        changed = data.replace(b"C5000,00", b"C4999,99")
    else:
        changed = files.mock_bank(MOVEMENTS, OPENING, form, closing=OPENING + sum(each.amount for each in MOVEMENTS) + 1)
    assert changed != data
    (refused,) = read(form, changed)
    assert isinstance(refused, RefusedStatement)
    assert "0.01" in refused.reason


@pytest.mark.parametrize("form", ["mt940", "ofx", "bai2"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_wide_text_change_nothing(form: BankFormat, encoding: str) -> None:
    text = written(form).decode()
    assert one(form, text.encode(encoding)) == one(form, text.encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_xml_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    plain = files.mock_bank((Movement(500, "UTR2611270001", "Caf\N{LATIN SMALL LETTER E WITH ACUTE} payout"),), 0, "camt053").decode()
    body = plain[plain.index("?>") + 2 :]
    declared = encoding.removesuffix("-sig")
    (line,) = one("camt053", f'<?xml version="1.0" encoding="{declared}"?>{body}'.encode(encoding)).lines
    assert line.text == "Caf\N{LATIN SMALL LETTER E WITH ACUTE} payout"


@pytest.mark.parametrize("form", ["mt940", "ofx"])
def test_text_in_a_code_page_is_text(form: BankFormat) -> None:
    data = written(form, (Movement(500, "UTR2611270001", "Caf\N{LATIN SMALL LETTER E WITH ACUTE} payout"),))
    (line,) = one(form, data.decode().encode("cp1252")).lines
    assert line.text == "Caf\N{LATIN SMALL LETTER E WITH ACUTE} payout"
    assert line.amount == 500


def test_windows_line_ends_change_nothing() -> None:
    data = written("mt940")
    assert one("mt940", data.replace(b"\n", b"\r\n")) == one("mt940", data)


def test_a_file_holds_several_statements_and_a_wrong_one_stops_no_other() -> None:
    good = written("mt940").decode()
    wrong = good.replace("C5000,00", "X5000,00")
    first, second, third = read("mt940", f"{good}\n-\n{wrong}\n-\n{good}".encode())
    assert isinstance(first, Statement)
    assert isinstance(third, Statement)
    assert isinstance(second, RefusedStatement)
    assert second.place == 2

    ofx = written("ofx").decode()
    start, end = ofx.index("<STMTRS>"), ofx.index("</STMTRS>") + len("</STMTRS>")
    twice = ofx[:end] + ofx[start:end].replace(IBAN, "OTHER") + ofx[end:]
    assert [each.header.account for each in read("ofx", twice.encode()) if isinstance(each, Statement)] == [IBAN, "OTHER"]


def test_what_a_bank_wrote_is_in_no_log_and_no_reason(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    for form, before, after in (
        ("mt940", b":61:2611271127C5000,00", b":61:26SECRET27C5000,00"),
        ("mt940", b":62F:", b":62F:SECRET"),
        ("bai2", b"16,142,500000", b"16,SECRET,500000"),
        ("camt053", b">5000.00<", b">SECRET<"),
        ("ofx", b"5000.00", b"SECRET"),
    ):
        data = written(form)  # type: ignore[arg-type]  # one of the formats
        assert before in data, form
        found, refusal = attempt(form, data.replace(before, after))  # type: ignore[arg-type]  # the same
        assert "SECRET" not in repr(found) + refusal
        assert refusal or any(isinstance(each, RefusedStatement) or each.bad for each in found), form
    out = capfd.readouterr()
    assert "SECRET" not in caplog.text + out.out + out.err


MT940 = """:20:STARTUMS
:25:10020030/1234567
:28C:00001/001
:60F:C261126EUR1000,
{lines}:62F:{closing}
-"""


@pytest.mark.parametrize(
    ("mark", "amount", "is_reversal"),
    [("C", 350, False), ("D", -350, False), ("RC", -350, True), ("RD", 350, True), ("c", 350, False), ("d", -350, False)],
)
def test_the_marks_of_mt940_say_which_way_the_money_went(mark: str, amount: int, *, is_reversal: bool) -> None:
    """A reversal of a credit takes money out, and one of a debit brings it back (SWIFT, field 61)."""
    closing = f"C261127EUR{(100_000 + amount) // 100},{(100_000 + amount) % 100:02}"
    (line,) = one("mt940", MT940.format(lines=f":61:2611271127{mark}3,50NTRFNONREF//BANK01\n", closing=closing).encode()).lines
    assert (line.amount, line.is_reversal, line.bank_reference, line.references) == (amount, is_reversal, "BANK01", ("BANK01",))


def test_an_entry_date_belongs_to_the_year_beside_its_value_date() -> None:
    lines = ":61:2612310101C1,NTRFA\n:61:2601021231C1,NTRFB\n"
    statement = one("mt940", MT940.format(lines=lines, closing="C261231EUR1002,").encode())
    assert [line.booked_on for line in statement.lines] == [date(2027, 1, 1), date(2025, 12, 31)]


def test_remittance_text_of_any_length_is_searched_for_names() -> None:
    text = "\n".join(["?20" + "WORD " * 12, *(f"?2{number}filler" for number in range(1, 9)), "?60UTR2611270001"])
    lines = f":61:2611271127C1,NTRFA\n:86:166?00GUTSCHRIFT\n{text}\n"
    (line,) = one("mt940", MT940.format(lines=lines, closing="C261127EUR1001,").encode()).lines
    assert "UTR2611270001" in line.references
    assert isinstance(line, BankLine)
    assert len(line.text or "") <= 140


def test_a_swift_envelope_is_left_aside() -> None:
    inside = MT940.format(lines=":61:2611271127C1,NTRFA\n", closing="C261127EUR1001,")
    assert one("mt940", ("{1:F01BANKDEFFAXXX0000000000}{2:O9400000}{4:\n" + inside + "}").encode()).lines[0].amount == 100


def test_a_camt_reversal_has_the_sign_of_its_own_indicator_and_pending_entries_are_no_lines() -> None:
    movements = (Movement(500, "A-0000001"), Movement(300, "B-0000002"))
    head, first, second = files.mock_bank(movements, 1_000, "camt053", closing=500).split(b"<Ntry>")
    indicator = b"<CdtDbtInd>CRDT</CdtDbtInd>"
    assert indicator in first
    taken_back = first.replace(indicator, b"<CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>", 1)
    pending = second.replace(b"<Cd>BOOK</Cd>", b"<Cd>PDNG</Cd>")
    (line,) = one("camt053", b"<Ntry>".join((head, taken_back, pending))).lines
    assert (line.amount, line.is_reversal) == (-500, True)


@pytest.mark.parametrize("version", [f"{number:02}" for number in range(2, 13)])
def test_every_published_version_of_camt_053_has_a_reader(version: str) -> None:
    data = written("camt053", (Movement(500, "UTR2611270001"),)).replace(b"camt.053.001.08", f"camt.053.001.{version}".encode())
    if version < "08":
        data = data.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>").replace(b"BICFI", b"BIC")
    (line,) = one("camt053", data).lines
    assert (line.amount, line.references[0]) == (500, "UTR2611270001")


def test_a_second_file_of_a_version_looks_at_none_of_its_classes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = one("camt053", written("camt053"))
    looked_at: list[str] = []
    monkeypatch.setattr("xsdata.formats.dataclass.context.XmlMetaBuilder.build", lambda *given: looked_at.append(str(given[1:])))
    assert one("camt053", written("camt053")) == first
    assert looked_at == []


def test_only_the_first_details_of_a_batch_are_kept_in_memory() -> None:
    data = written("camt053", (Movement(500, "UTR2611270001"),))
    start, end = data.index(b"<TxDtls>"), data.index(b"</TxDtls>") + len(b"</TxDtls>")
    many = data[:end] + data[start:end].replace(b"UTR2611270001", b"UTR2611279999") * 3000 + data[end:]
    (line,) = one("camt053", many).lines
    assert line.amount == 500
    assert "UTR2611270001" in line.references


def test_a_bad_line_is_listed_where_no_balance_can_prove_the_rest() -> None:
    data = written("ofx").replace(b"<TRNAMT>1.00", b"<TRNAMT>ABC").replace(b"-12.34", b"-12.345")
    statement = one("ofx", data)
    assert [type(each) for each in statement.bad] == [BadLine]
    assert statement.bad[0] == BadLine(2, "EUR has 2 decimals")
    assert [line.amount for line in statement.lines] == [each.amount for each in MOVEMENTS if each.amount != -1_234]
