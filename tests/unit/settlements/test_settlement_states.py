"""In which state a settlement is: a test for each cell of the table, which stands in docs/settlements.md as well."""

from pathlib import Path
from typing import Any

import pytest

from paycorex.records.settlement import SettlementItem
from settlements.settling.states import GONE, State, judge, sums

WHOLE = {"is_whole": True}
BOOKED = {"bookings": [[2, 1000, 20, 4, 1000, 0, "00", 1000]]}
ABSORBED = {"absorbed_to": "done", "open_items": 0}
# What is known (row), and the state: while a report is being read; at its end; once booked; and with a bank line, all explained.
TABLE: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    "no amount is said": ({}, "reading", "books", "booked", "reconciled"),
    "the lines add up to the amount": ({"amount": 976}, "books", "books", "booked", "reconciled"),
    "the lines add up to another amount": ({"amount": 977}, "reading", "exception", "exception", "exception"),
    "a line's kind has no rule": ({"unknown_lines": 1}, "exception", "exception", "exception", "exception"),
    "the payout failed": ({"payout_status": "failed"}, "exception", "books", "books", "books"),
    "the payout was canceled": ({"payout_status": "canceled"}, "exception", "books", "books", "books"),
    "more lines came": ({"lines": 3, "gross": 1500, "clearing": 1500}, "reading", "books", "books", "books"),
    "items are open": ({"open_items": 1}, "reading", "books", "booked", "booked"),
}
COLUMNS = ("being read", "read", "booked", "explained")


def item(**known: Any) -> SettlementItem:
    sums = {"lines": 2, "gross": 1000, "fee": 20, "tax": 4, "clearing": 1000, "suspense": 0, "unknown_lines": 0}
    return SettlementItem(settlement_id="set_x", currency="INR", state="reading", **(sums | known))


def judged(known: dict[str, Any], *, is_whole: bool) -> str:
    judgement = judge(item(**known), is_whole=is_whole)
    assert (judgement.problem is None) == (judgement.state is not State.EXCEPTION)
    assert not (known.get("payout_status") in GONE and judgement.problem is None)
    return "books" if judgement.is_to_book else judgement.state.value


@pytest.mark.parametrize("row", TABLE)
@pytest.mark.parametrize("column", COLUMNS)
def test_each_cell_of_the_table(row: str, column: str) -> None:
    known, *expected = TABLE[row]
    explained: dict[str, Any] = {**BOOKED, **ABSORBED, "bank_line_id": "bnk_x"}
    more: dict[str, Any] = {"being read": {}, "read": {}, "booked": BOOKED, "explained": explained}[column]
    assert judged({**more, **known}, is_whole=column != "being read") == expected[COLUMNS.index(column)]


def test_a_payout_of_nothing_needs_no_bank_line() -> None:
    known = {"gross": 24, "clearing": 24, "bookings": [[2, 24, 20, 4, 24, 0, "00", 24]], **ABSORBED}
    assert judged(known, is_whole=True) == "reconciled"
    assert judged({**BOOKED, **ABSORBED}, is_whole=True) == "booked"


def test_a_bank_line_that_is_not_compared_or_differs_reconciles_nothing() -> None:
    known = {**BOOKED, **ABSORBED, "bank_line_id": "bnk_x"}
    assert judged({**known, "is_bank_open": True}, is_whole=True) == "booked"
    assert judged({**known, "is_bank_open": False}, is_whole=True) == "reconciled"


@pytest.mark.parametrize("status", sorted(GONE))
def test_a_payout_that_failed_leaves_its_net_with_the_provider_and_its_fees_where_they_are(status: str) -> None:
    failed = item(payout_status=status)
    assert sums(failed) == [2, 24, 20, 4, 24, 0]
    booked = item(payout_status=status, bookings=[[*sums(failed), "00", 24]])
    assert (judge(booked, is_whole=True).state, judge(booked, is_whole=True).is_to_book) == (State.EXCEPTION, False)


def test_the_documentation_has_this_table() -> None:
    text = (Path(__file__).parents[3] / "docs" / "settlements.md").read_text(encoding="utf-8")
    for row, (_known, *cells) in TABLE.items():
        assert f"| {row} | {' | '.join(cells)} |" in text
