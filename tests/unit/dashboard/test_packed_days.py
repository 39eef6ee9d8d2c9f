"""A stored day gives back what was put into it, and its sums by local day are those of its quarters."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statistics import packed_days
from dashboard.statistics.day_sums import DaySums
from dashboard.statistics.periods import Period, zone_of
from dashboard.statistics.tallies import QUARTER_MS, QUARTERS_PER_DAY, Tally

DAY = 20_000
NAMES = ("paid:wallet", "paid:upi_intent", "refund", "reversed:tokenized")
# Half hours and quarters, both ends of the date line, and zones whose clocks change on one of the days asked for.
ZONES = ("UTC", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Niue", "America/New_York", "Australia/Lord_Howe", "-09:30")
WIDE = 10**25


NUMBERS = st.one_of(st.integers(-3, 300), st.integers(-(2**40), 2**40), st.integers(-WIDE, WIDE))


def tallies(days: int = 1) -> st.SearchStrategy[Tally]:
    quarters = st.integers(0, days * QUARTERS_PER_DAY - 1)
    booked = st.tuples(quarters, st.sampled_from(NAMES), st.integers(-3, 70_000), NUMBERS)
    # A list's own lengths are short ones.
    return st.integers(0, 30).flatmap(lambda number: st.lists(booked, min_size=number, max_size=number)).map(_tally)


def _tally(booked: list[tuple[int, str, int, int]]) -> Tally:
    tally = Tally()
    for quarter, name, count, minor in booked:
        tally.add_to_quarter(DAY * QUARTERS_PER_DAY + quarter, name, count, minor)
    return tally


@given(tally=tallies())
def test_a_packed_day_gives_back_its_tally(tally: Tally) -> None:
    again = Tally()
    again.include_lines(packed_days.unpack(packed_days.pack(DAY, tally)).lines())
    assert sorted(again.lines()) == sorted(line for line in tally.lines() if line[2] or line[3])


# An ordinary day; the day before New York changes its clocks, and before Lord Howe does, by half an hour.
@pytest.mark.parametrize("day", [DAY, 20_155, 20_183])
@pytest.mark.parametrize("zone", ZONES)
@given(tally=tallies(days=3), first=st.integers(0, 200), length=st.integers(1, 300))
def test_days_of_any_zone_are_the_sums_of_their_quarters(zone: str, day: int, tally: Tally, first: int, length: int) -> None:
    shift = (day - DAY) * QUARTERS_PER_DAY
    moved = Tally()
    moved.include_lines((quarter + shift, name, count, minor) for quarter, name, count, minor in tally.lines())
    start = day * QUARTERS_PER_DAY + first
    period = Period.between(start * QUARTER_MS, (start + length) * QUARTER_MS, zone_of(zone), now_ms=2**45)
    wanted: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for quarter, name, count, minor in moved.lines():
        if start <= quarter < start + length:
            sums = wanted[period.date_of(quarter), name]
            sums[0] += count
            sums[1] += minor
    found = DaySums(period)
    for number, of_day in moved.by_day().items():
        found.include_day(packed_days.unpack(packed_days.pack(number, of_day)))
    counted = {(local, name): sums for local, names in found.days.items() for name, sums in names.items()}
    assert {key: sums for key, sums in counted.items() if sums != [0, 0]} == {key: sums for key, sums in wanted.items() if sums != [0, 0]}


def test_a_period_up_to_now_takes_the_quarter_that_is_running() -> None:
    now_ms = 1_800_000_123_456
    running = Period.between(now_ms - 1_000_000, now_ms, zone_of("UTC"), now_ms=now_ms)
    past = Period.between(now_ms - 1_000_000, now_ms - 1, zone_of("UTC"), now_ms=now_ms)
    assert running.quarters.stop * QUARTER_MS > now_ms >= past.quarters.stop * QUARTER_MS
    assert [high for _low, high in past.edges][-1] == now_ms - 1
