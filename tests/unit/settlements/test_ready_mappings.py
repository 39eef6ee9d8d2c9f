"""Reports as providers document them: each ready mapping reads its sample as it is, to the minor unit."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from payments.connectors.settling import LineKind, ReportLine
from settlements.imports.csv import cells, records, rows
from settlements.imports.csv.cells import WrongCell
from settlements.imports.csv.mapping import CsvMapping
from settlements.imports.csv.ready import READY
from settlements.lines import rows as making

# Where each sample is from (read in 2026-11; names of people and accounts are others):
# stripe: columns of docs.stripe.com/reports/report-types/payout-reconciliation, words of docs.stripe.com/reports/reporting-categories.
# razorpay: the recon of razorpay.com/docs/api/settlements/fetch-recon: a payment of 1,000 rupees with a fee of 29, a transfer of which 46
#   of 296 is tax, a refund; as razorpay-python's recorded answers have it.
# adyen: the rows of the example of docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report.
# paypal: sections and columns of developer.paypal.com/docs/reports/sftp-reports/settlement-report, whose files have two spaces in
#   `Transaction  Debit or Credit` and quotes around texts; its rows are of our making, because the specification has none.
# cashfree: columns and the example of each column of cashfree.com/docs/partners/embedded/reports/settlement-recon-reports, and the event of
#   the recon API's example (51,000 of which 49,856.58 are settled).
REPORTS = Path(__file__).with_name("reports")


def read(text: str, mapping: CsvMapping) -> list[ReportLine]:
    """The lines of a file, header and sections as the importer takes them."""
    columns: dict[str, list[int]] = {}
    section, found = None, []
    for record in records.split(text.encode(), 0, 1, is_end=True, delimiter=",", encoding="utf-8"):
        assert record.problem is None, record
        first = record.cells[0]
        if mapping.section_type == first:
            section = rows.section_of(record.cells)
        elif not columns:
            if mapping.header_type in {None, first}:
                columns = rows.columns_of(record.cells, mapping)
        elif mapping.row_type in {None, first}:
            found.append(rows.line_of(record.cells, columns, mapping, section))
    return found


SAMPLES: dict[str, Sequence[tuple[Any, ...]]] = {
    "stripe": [("txn_1", "payment", "pi_1", 2000, 88, 0, "po_1"), ("txn_2", "refund", "pi_1", -500, 0, 0, "po_1"),
         ("txn_3", "fee", None, 0, 150, 0, "po_1")],
    "razorpay": [("pay_DEXrnipqTmWVGE", "payment", "pay_DEXrnipqTmWVGE", 100000, 2900, 0, "setl_DGlQ1Rj8os78Ec"),
         ("trf_DEUoCEtdsJgvl7", "adjustment", "pay_DEApNNTR6xmqJy", -100000, 250, 46, "setl_DGlQ1Rj8os78Ec"),
         ("rfnd_DGRcGzZSLyEdg1", "refund", "pay_DEXq1pACSqFxnS", -242500, 0, 0, "setl_DGlQ1Rj8os78Ec")],
    "adyen": [("1713702551795048", "payment", "1813702551707653", 500, 12, 0, "4"),
         ("2313642467170922", "dispute", "1313642467023511", -34999, 750, 0, "4"),
         ("Transaction Fees june 2013", "fee", None, 0, 120, 0, "4")],
    "paypal": [("1AB", "payment", "1AB", 10000, 320, 0, "2026/11/01 00:00:00 -0800/2026/11/01 23:59:59 -0800/ACCOUNT1"),
         ("2CD", "refund", "1AB", -2500, 0, 0, "2026/11/01 00:00:00 -0800/2026/11/01 23:59:59 -0800/ACCOUNT1")],
    "cashfree": [("4387450090", "payment", "4387450090", 5100000, 114342, 0, "AXISCN1169361047"),
         ("43594", "refund", "43594", -20000, 0, 0, "AXISCN1169361047")],
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_documented_report_is_read_as_it_is(name: str) -> None:
    text = (REPORTS / f"{name}.csv").read_text(encoding="utf-8")
    lines = read(text, READY[name])  # type: ignore[index]  # the names are those of the ready mappings
    shown = [(e.line_reference, e.kind.value, e.charge_reference, e.gross, e.fee, e.tax, e.settlement_reference) for e in lines]
    assert shown == list(SAMPLES[name])
    assert all(line.kind is not LineKind.UNKNOWN and line.occurred_at for line in lines)


@pytest.mark.parametrize(("name", "column"), [("paypal", "Transaction  Debit or Credit"), ("cashfree", "Sale Type"), ("razorpay", "type")])
def test_a_report_without_the_column_of_its_signs_is_no_report(name: str, column: str) -> None:
    """Unsigned amounts without it would all be the merchant's."""
    text = (REPORTS / f"{name}.csv").read_text(encoding="utf-8").replace(column, "Another")
    with pytest.raises(rows.NoReport):
        read(text, READY[name])  # type: ignore[index]  # the names are those of the ready mappings


@pytest.mark.parametrize(
    ("text", "minor"),
    [("", 0), ("10", 1000), ("10.5", 1050), ("1,234.50", 123450), ("12,34,567.00", 123456700), ("-3.00", -300), ("(3.00)", -300),
     ("3.00-", -300),
     ("+1", 100), ("0.100", 10), (" 7 ", 700)],
)  # fmt: skip
def test_an_amount_is_read_to_the_minor_unit(text: str, minor: int) -> None:
    assert cells.amount(text, "INR", unit="major", decimal_separator=".") == minor


@pytest.mark.parametrize("text", ["1,50", "1.005", "1e3", "NaN", "1 0", "--1", "1O", "\uff11", "9" * 13, "1.2.3", "0x1", "1,2345"])
def test_what_is_no_amount_is_refused_and_never_rounded(text: str) -> None:
    with pytest.raises(WrongCell):
        cells.amount(text, "INR", unit="major", decimal_separator=".")


def test_decimal_commas_are_read_where_the_mapping_says_so() -> None:
    assert cells.amount("1.234,50", "EUR", unit="major", decimal_separator=",") == 123450
    with pytest.raises(WrongCell):
        cells.amount("1,234.50", "EUR", unit="major", decimal_separator=",")


def test_reading_goes_on_at_any_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """From every record on, the rest is as when it is read from the beginning: quotes, empty lines and lines within cells."""
    data = b'\xef\xbb\xbfa,b\n"x\ny",1\r\n\n"q ""z""",2\nbad"quote,3\nlast,4'

    def all_of(at: int, line: int) -> list[tuple[int, list[str], bool]]:
        found = records.split(data[at:], at, line, is_end=True, delimiter=",", encoding="utf-8")
        return [(each.line, each.cells, each.problem is None) for each in found]

    whole = list(records.split(data, 0, 1, is_end=True, delimiter=",", encoding="utf-8"))
    assert [each.cells for each in whole if each.cells] == [["a", "b"], ["x\ny", "1"], ['q "z"', "2"], ["last", "4"]]
    for number, record in enumerate(whole):
        assert all_of(record.next_at, record.next_line) == [(e.line, e.cells, e.problem is None) for e in whole[number + 1 :]]


def test_a_line_from_a_file_and_from_the_api_say_the_same_where_the_money_is_equal() -> None:
    """An API parts fee and tax, a file of the same provider may not."""
    line = ReportLine("txn_1", LineKind.PAYMENT, "charge", 1000, 20, 4, "INR", "pi_1", "ch_1")
    rows_of = [making.row_of("mer_x", "stripe", each, None, None) for each in (line, replace(line, fee=24, tax=0, object_reference=None))]
    assert making.says_the_same(*rows_of)
    assert not making.says_the_same(rows_of[0], making.row_of("mer_x", "stripe", replace(line, fee=21), None, None))
