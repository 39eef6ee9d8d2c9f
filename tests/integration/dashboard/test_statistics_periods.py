"""Statistics of any period, however long ago: whole months and years, days of 23, 24 and 25 hours, the present, the future."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.statistics import rollup_store
from paycorex import clock
from paycorex.money import format_minor
from tests.support import rollups
from tests.support.expectations import assert_refused
from tests.support.metering import MeteredDynamo
from tests.support.payments import DECLINE, charge
from tests.support.world import Signer, World

HOUR = 3600
STATS = "/v1/dashboard/stats"


class History:
    """A merchant whose payments lie all over two years, each at a moment of its own and of an amount of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.who: Signer = world.register()
        world.wallet(self.who, "asha", "1000000.00")
        self.paid: list[tuple[float, int]] = []
        self.failed: list[float] = []

    def pay(self, moment: float) -> None:
        """A payment at a moment."""
        self.world.clock.now = moment
        self.world.restart()
        minor = 100 + len(self.paid)
        assert self.world.pay(self.who, "asha", format_minor(minor, "INR")).status == 201
        self.paid.append((moment, minor))

    def fail(self, moment: float) -> None:
        """A declined card at a moment."""
        self.world.clock.now = moment
        self.world.restart()
        assert charge(self.world, self.who, DECLINE, "5.00").status == 402
        self.failed.append(moment)

    def shown(self, low: float, high: float, zone: str = "UTC") -> dict[str, object]:
        """The answer for a period, by successes, volume and failures, in all and by day."""
        query = {"from": clock.rfc3339(round(low * 1000)), "to": clock.rfc3339(round(high * 1000)), "timezone": zone}
        shown = rollups.show(self.world, self.who, **query)
        days = {day["date"]: (day["count"], day["volume"], day["failed"]) for day in shown["by_day"]}
        return {"count": shown["count"]["success"], "volume": shown["volume"], "failed": shown["count"]["failed"], "days": days}

    def counted(self, low: float, high: float, zone: str = "UTC") -> dict[str, object]:
        """The same, payment by payment."""
        place = ZoneInfo(zone)
        first, last = (datetime.fromtimestamp(moment, place).date() for moment in (low, high - 0.001))
        days = {}
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            paid = [minor for moment, minor in self._paid(low, high) if datetime.fromtimestamp(moment, place).date() == day]
            failed = [moment for moment in self._failed(low, high) if datetime.fromtimestamp(moment, place).date() == day]
            days[day.isoformat()] = (len(paid), format_minor(sum(paid), "INR"), len(failed))
        volume = format_minor(sum(minor for _, minor in self._paid(low, high)), "INR")
        return {"count": len(self._paid(low, high)), "volume": volume, "failed": len(self._failed(low, high)), "days": days}

    def agree(self, low: float, high: float, zone: str = "UTC") -> None:
        """The answer is the naive sum."""
        assert self.shown(low, high, zone) == self.counted(low, high, zone), (low, high, zone)

    def _paid(self, low: float, high: float) -> list[tuple[float, int]]:
        return [(moment, minor) for moment, minor in self.paid if low <= moment < high]

    def _failed(self, low: float, high: float) -> list[float]:
        return [moment for moment in self.failed if low <= moment < high]


def at(zone: str, year: int, month: int, day: int, hour: int = 0) -> float:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(zone)).timestamp()


NOW = at("UTC", 2029, 3, 20, 11)


@pytest.fixture(scope="module")
def history() -> Iterator[History]:
    """Payments at both sides of every midnight that the tests ask about, and some two hundred elsewhere in 2028 and 2029."""
    dice = random.Random(21)
    moments = {dice.uniform(at("UTC", 2027, 12, 1), NOW) for _ in range(200)}
    for zone, day in DAYS:
        start = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).timestamp()
        end = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone)).timestamp()
        moments |= {start - 0.5, start, start + 0.5, end - 0.5, end, (start + end) / 2}
    with World(seed=21).running() as world:
        made = History(world)
        for number, moment in enumerate(sorted(moments)):
            made.fail(round(moment, 3)) if number % 5 == 4 else made.pay(round(moment, 3))
            if number % 20 == 0:
                rollups.roll(rollups.stream(world))
        rollups.roll(rollups.stream(world))
        world.clock.now = NOW
        world.restart()
        yield made


# Days of 23 and of 25 hours, of half an hour more or less, that begin at one o'clock; leap days; new year; zones of :30 and :45.
DAYS = [
    ("Europe/Berlin", date(2028, 3, 26)),
    ("Europe/Berlin", date(2028, 10, 29)),
    ("America/New_York", date(2028, 3, 12)),
    ("America/New_York", date(2028, 11, 5)),
    ("America/Santiago", date(2028, 4, 1)),
    ("America/Santiago", date(2028, 9, 3)),
    ("Australia/Lord_Howe", date(2028, 4, 2)),
    ("Australia/Lord_Howe", date(2028, 10, 1)),
    ("Africa/Cairo", date(2028, 4, 28)),
    ("Asia/Kolkata", date(2028, 2, 29)),
    ("Asia/Kathmandu", date(2028, 12, 31)),
    ("Pacific/Chatham", date(2028, 9, 24)),
    ("Pacific/Kiritimati", date(2029, 1, 1)),
    ("Etc/GMT+12", date(2028, 12, 31)),
    ("UTC", date(2028, 2, 29)),
]


@pytest.mark.parametrize(("zone", "day"), DAYS, ids=str)
def test_a_single_past_day_is_the_sum_of_its_payments(history: History, zone: str, day: date) -> None:
    low, high = (datetime.combine(each, datetime.min.time(), ZoneInfo(zone)).timestamp() for each in (day, day + timedelta(days=1)))
    history.agree(low, high, zone)
    assert history.counted(low, high, zone)["count"]


def test_the_days_of_the_tests_are_of_every_length(history: History) -> None:
    lengths = set()
    for zone, day in DAYS:
        start, end = (datetime.combine(each, datetime.min.time(), ZoneInfo(zone)).timestamp() for each in (day, day + timedelta(days=1)))
        lengths.add((end - start) / HOUR)
    assert lengths >= {23, 23.5, 24, 24.5, 25}
    assert history


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_whole_past_months_and_years_are_the_sums_of_their_payments(history: History, zone: str) -> None:
    for month in range(1, 13):
        following = (2028, month + 1) if month < 12 else (2029, 1)
        history.agree(at(zone, 2028, month, 1), at(zone, *following, 1), zone)
    history.agree(at(zone, 2028, 1, 1), at(zone, 2029, 1, 1), zone)
    history.agree(at(zone, 2029, 1, 1), NOW, zone)


@pytest.mark.parametrize("ago", [0, 1, 2, 3, 3.9, 4, 4.1, 5, 30, 300])
@pytest.mark.parametrize("length", [0.001, 0.2, 1, 7, 365])
def test_a_period_that_ended_any_number_of_days_ago_is_answered(history: History, ago: float, length: float) -> None:
    end = NOW - ago * 24 * HOUR
    history.agree(end - length * 24 * HOUR, end, "Asia/Kolkata")


@pytest.mark.parametrize("ahead", [0.001, 1, 400, 365 * 100])
def test_a_period_in_the_future_holds_nothing(history: History, ahead: float) -> None:
    start = NOW + ahead * 24 * HOUR
    shown = history.shown(start, start + 24 * HOUR)
    assert (shown["count"], shown["volume"], shown["failed"]) == (0, "0.00", 0)


@pytest.mark.parametrize(
    ("low", "high"), [("1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z"), ("2286-11-19T00:00:00Z", "2286-11-20T17:46:39.999Z")]
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "-12:00", "+14:00"])
def test_the_ends_of_time_hold_nothing(history: History, low: str, high: str, zone: str) -> None:
    shown = rollups.show(history.world, history.who, **{"from": low, "to": high, "timezone": zone})
    assert (shown["count"]["total"], shown["volume"]) == (0, "0.00")


def test_thirty_days_before_the_beginning_of_time_begin_with_it(history: History) -> None:
    shown = rollups.show(history.world, history.who, to="1970-01-05T00:00:00Z")
    assert (shown["from"], shown["count"]["total"]) == ("1970-01-01T00:00:00.000Z", 0)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (1, 0), (400 * 24 * HOUR, 0), (0, 401 * 24 * HOUR)])
def test_a_period_that_is_empty_reversed_or_too_long_is_refused(history: History, low: float, high: float) -> None:
    start = NOW - 500 * 24 * HOUR
    history.shown(NOW - HOUR, NOW)
    before = history.world.dump()
    low_text, high_text = (clock.rfc3339(round((start + moment) * 1000)) for moment in (low, high))
    reply = history.world.call(history.who, "GET", f"{STATS}?from={low_text}&to={high_text}")
    assert_refused(reply, "invalid_request")
    assert reply.body["error"]["details"]["field"] == "from"
    assert history.world.dump() == before


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    zone=st.sampled_from(sorted({zone for zone, _ in DAYS})),
    low=st.floats(at("UTC", 2027, 11, 1), NOW + 30 * 24 * HOUR),
    length=st.one_of(st.floats(0.001, 2 * HOUR), st.floats(HOUR, 400 * 24 * HOUR)),
    rounded=st.sampled_from([None, 900, HOUR, 24 * HOUR]),
)
def test_any_period_in_any_zone_is_the_naive_sum(history: History, zone: str, low: float, length: float, rounded: int | None) -> None:
    high = low + length
    if rounded is not None:
        low, high = low // rounded * rounded, high // rounded * rounded
    low, high = round(low, 3), round(high, 3)
    if low < high <= low + 400 * 24 * HOUR:
        history.agree(low, high, zone)


@pytest.mark.parametrize("bounds", [(5, 4), (10, -10)])
def test_days_in_reversed_order_are_no_days_and_no_read(history: History, bounds: tuple[int, int]) -> None:
    metered = MeteredDynamo(history.world.dynamo)
    history.world.install(metered, history.world.kms, history.world.sqs)
    first, last = bounds
    assert list(rollup_store.days_between("money", history.who.merchant_id, "INR", first, last, consistent=True)) == []
    assert metered.read_units == 0
    history.world.install(history.world.dynamo, history.world.kms, history.world.sqs)
