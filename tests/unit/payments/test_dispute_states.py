"""Every cell of the disputes' state table, on the record, and the table in the documents."""

import re
from pathlib import Path

import pytest

from paycorex.records.dispute import DisputeItem
from payments.disputes import states, versions
from payments.disputes.states import News, Status, Transition

# (status before, news): the status after it; "ask" where the provider is asked, and its answer counts.
CELLS = {
    (Status.NEEDS_RESPONSE, News.NEEDS_RESPONSE): Status.NEEDS_RESPONSE,
    (Status.NEEDS_RESPONSE, News.UNDER_REVIEW): Status.UNDER_REVIEW,
    (Status.NEEDS_RESPONSE, News.WON): Status.WON,
    (Status.NEEDS_RESPONSE, News.LOST): Status.LOST,
    (Status.NEEDS_RESPONSE, News.CLOSED): Status.CLOSED,
    (Status.NEEDS_RESPONSE, News.SUBMITTED): Status.UNDER_REVIEW,
    (Status.NEEDS_RESPONSE, News.GAVE_IN): Status.ACCEPTED,
    (Status.NEEDS_RESPONSE, News.TIME_OVER): Status.EXPIRED,
    (Status.UNDER_REVIEW, News.NEEDS_RESPONSE): "ask",
    (Status.UNDER_REVIEW, News.UNDER_REVIEW): Status.UNDER_REVIEW,
    (Status.UNDER_REVIEW, News.WON): Status.WON,
    (Status.UNDER_REVIEW, News.LOST): Status.LOST,
    (Status.UNDER_REVIEW, News.CLOSED): Status.CLOSED,
    (Status.UNDER_REVIEW, News.SUBMITTED): Status.UNDER_REVIEW,
    (Status.UNDER_REVIEW, News.GAVE_IN): Status.ACCEPTED,
    (Status.UNDER_REVIEW, News.TIME_OVER): Status.UNDER_REVIEW,
    (Status.WON, News.NEEDS_RESPONSE): "ask",
    (Status.WON, News.UNDER_REVIEW): "ask",
    (Status.WON, News.WON): Status.WON,
    (Status.WON, News.LOST): "ask",
    (Status.WON, News.CLOSED): "ask",
    (Status.WON, News.SUBMITTED): Status.WON,
    (Status.WON, News.GAVE_IN): Status.WON,
    (Status.WON, News.TIME_OVER): Status.WON,
    (Status.LOST, News.NEEDS_RESPONSE): "ask",
    (Status.LOST, News.UNDER_REVIEW): "ask",
    (Status.LOST, News.WON): "ask",
    (Status.LOST, News.LOST): Status.LOST,
    (Status.LOST, News.CLOSED): "ask",
    (Status.LOST, News.SUBMITTED): Status.LOST,
    (Status.LOST, News.GAVE_IN): Status.ACCEPTED,
    (Status.LOST, News.TIME_OVER): Status.LOST,
    (Status.ACCEPTED, News.NEEDS_RESPONSE): "ask",
    (Status.ACCEPTED, News.UNDER_REVIEW): "ask",
    (Status.ACCEPTED, News.WON): "ask",
    (Status.ACCEPTED, News.LOST): Status.ACCEPTED,
    (Status.ACCEPTED, News.CLOSED): "ask",
    (Status.ACCEPTED, News.SUBMITTED): Status.ACCEPTED,
    (Status.ACCEPTED, News.GAVE_IN): Status.ACCEPTED,
    (Status.ACCEPTED, News.TIME_OVER): Status.ACCEPTED,
    (Status.EXPIRED, News.NEEDS_RESPONSE): Status.EXPIRED,
    (Status.EXPIRED, News.UNDER_REVIEW): Status.UNDER_REVIEW,
    (Status.EXPIRED, News.WON): Status.WON,
    (Status.EXPIRED, News.LOST): Status.LOST,
    (Status.EXPIRED, News.CLOSED): Status.CLOSED,
    (Status.EXPIRED, News.SUBMITTED): Status.UNDER_REVIEW,
    (Status.EXPIRED, News.GAVE_IN): Status.ACCEPTED,
    (Status.EXPIRED, News.TIME_OVER): Status.EXPIRED,
    (Status.CLOSED, News.NEEDS_RESPONSE): "ask",
    (Status.CLOSED, News.UNDER_REVIEW): "ask",
    (Status.CLOSED, News.WON): "ask",
    (Status.CLOSED, News.LOST): "ask",
    (Status.CLOSED, News.CLOSED): Status.CLOSED,
    (Status.CLOSED, News.SUBMITTED): Status.CLOSED,
    (Status.CLOSED, News.GAVE_IN): Status.CLOSED,
    (Status.CLOSED, News.TIME_OVER): Status.CLOSED,
}


def in_status(status: Status) -> DisputeItem:
    return DisputeItem(status=status.value, timeline=[[status.value, 1]])


@pytest.mark.parametrize(("status", "news"), CELLS, ids=str)
def test_each_cell_of_the_state_table(status: Status, news: News) -> None:
    expected = CELLS[status, news]
    after, must_ask = versions.ruled(in_status(status), news)
    assert must_ask == (expected == "ask")
    assert after.status == (status if must_ask else expected)
    assert len(after.timeline) == 1 + (after.status != status)


@pytest.mark.parametrize(("status", "news"), [cell for cell, expected in CELLS.items() if expected == "ask"], ids=str)
def test_what_contradicts_counts_when_the_provider_was_asked(status: Status, news: News) -> None:
    after, must_ask = versions.ruled(in_status(status), news, is_looked_up=True)
    assert (after.status, must_ask) == (news.value, False)


def test_the_table_has_no_other_cell() -> None:
    assert set(states.TABLE) == set(CELLS)


def test_the_documented_table_is_the_one_in_the_code() -> None:
    text = (Path(__file__).parents[3] / "docs" / "disputes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`[^|]*" + r"\| (\w+) " * len(Status) + r"\|$", text, re.MULTILINE)
    cells = {(status, News(row[0])): Transition(cell) for row in rows for status, cell in zip(Status, row[1:], strict=True)}
    assert cells == states.TABLE
