"""Exports without a gap: whichever runs are missed, short of three in a row, the chain from a full export reaches the newest period."""

from itertools import pairwise
from random import Random

import pytest

from operations.recovery import export_schedule
from operations.recovery.export_schedule import FULL_EVERY_MS, HOUR_MS, Period

START = 1_790_000_000_000 // FULL_EVERY_MS * FULL_EVERY_MS


def test_the_first_export_is_full() -> None:
    assert export_schedule.due(START + 9 * HOUR_MS + 10 * 60_000, 1, has_full=False) == [(None, START + 9 * HOUR_MS)]


def test_the_newest_period_is_one_that_dynamodb_can_show() -> None:
    for minute in (0, 4, 5, 59):
        periods = export_schedule.due(START + 50 * HOUR_MS + minute * 60_000, 1, has_full=True)
        assert periods[-1][1] == START + (50 if minute >= 5 else 49) * HOUR_MS


@pytest.mark.parametrize("hours", [1, 2, 6, 12, 24])
def test_no_period_is_missing_when_runs_are(hours: int) -> None:
    dice, asked, missed = Random(hours), set[Period](), 0
    for number in range(400):
        if missed < 2 and dice.random() < 0.4:
            missed += 1
            continue
        missed = 0
        asked |= set(export_schedule.due(START + number * hours * HOUR_MS + 600_000, hours, has_full=True))
    changes = sorted(until for since, until in asked if since is not None)
    assert {later - earlier for earlier, later in pairwise(changes)} == {hours * HOUR_MS}
    assert all(until - since == hours * HOUR_MS for since, until in asked if since is not None)
    fulls = sorted(until for since, until in asked if since is None)
    assert {later - earlier for earlier, later in pairwise(fulls)} == {FULL_EVERY_MS}
