"""Time, memory and text: the small things that everything leans on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from paycorex import clock
from paycorex.caching import TimedCache, forget_everything
from paycorex.text import Reference, Text, clean


class Hand:
    """A clock's hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Iterator[Hand]:
    hand = Hand()
    clock.use(hand)
    yield hand
    clock.use(None)


@given(moment=st.integers(0, 10**13 - 1))
def test_a_time_is_read_as_it_was_shown(moment: int) -> None:
    assert clock.parse_rfc3339(clock.rfc3339(moment)) == moment


def test_a_time_is_shown_with_milliseconds_in_utc() -> None:
    assert clock.rfc3339(1_800_000_000_005) == "2027-01-15T08:00:00.005Z"
    assert clock.parse_rfc3339("2027-01-15T13:30:00.005+05:30") == 1_800_000_000_005


@given(moment=st.datetimes(datetime(1970, 1, 2), datetime(2286, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the strategy adds the zone
def test_every_offset_is_the_same_moment(moment: datetime) -> None:
    assert abs(clock.parse_rfc3339(moment.isoformat()) - moment.timestamp() * 1000) <= 1


NO_TIMES = ["", "now", "2027-01-15", "2027-01-15T08:00:00", "2027-13-01T00:00:00Z", "2027-02-30T00:00:00Z", "1800000000"]
OUT_OF_REACH = ["1969-12-31T23:59:59Z", "2286-11-21T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]


@pytest.mark.parametrize("text", [*NO_TIMES, *OUT_OF_REACH])
def test_what_is_no_time_within_reach_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="a time") as refused:
        clock.parse_rfc3339(text)
    assert not text or text not in str(refused.value)


def test_a_value_is_remembered_for_its_lifetime_and_no_longer(hand: Hand) -> None:
    cache = TimedCache[int](lifetime_seconds=60, max_entries=10)
    cache.put("a", 1)
    hand.now += 59.9
    assert cache.get("a") == 1
    hand.now += 0.1
    assert cache.get("a") is None


def test_reading_does_not_prolong_a_value(hand: Hand) -> None:
    cache = TimedCache[int](lifetime_seconds=60, max_entries=10)
    cache.put("a", 1)
    for _ in range(3):
        hand.now += 30
        found = cache.get("a")
    assert found is None


def test_the_least_recently_used_goes_first(hand: Hand) -> None:
    cache = TimedCache[int](lifetime_seconds=60, max_entries=2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert [cache.get(name) for name in "abc"] == [1, None, 3]


def test_values_are_forgotten_one_by_one_or_all_at_once(hand: Hand) -> None:
    cache = TimedCache[int](lifetime_seconds=60, max_entries=10)
    for name in "ab":
        cache.put(name, 1)
    cache.forget("a")
    cache.forget("never there")
    assert [cache.get(name) for name in "ab"] == [None, 1]
    forget_everything()
    assert cache.get("b") is None


@pytest.mark.parametrize("text", ["plain", "Chai ☕", "समोसा", "emoji 👩‍🍳", "Ünïcode", "'; DROP TABLE--", "<script>", "a\u00a0b"])
def test_what_people_write_is_kept(text: str) -> None:
    assert clean(text) == text


def test_text_is_put_in_its_composed_form() -> None:
    assert clean("e\u0301") == "é"


@pytest.mark.parametrize("text", ["a\nb", "\r", "\x1b[31m", "\x00", "\x7f", "\x85", "\u202e", "\u2066x", "\ud800"])
def test_text_that_lies_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        clean(text)


@given(text=st.text(min_size=1, max_size=255))
def test_kept_text_stays_as_it_is(text: str) -> None:
    """Cleaning is idempotent, so what was stored can be sent again."""
    try:
        kept = clean(text)
    except ValueError:
        return
    assert clean(kept) == kept


@pytest.mark.parametrize("text", ["", " ", " a", "a ", "\u00a0a", "a\u3000", "x" * 129])
def test_a_reference_has_no_surrounding_space(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Reference).validate_python(text)


@pytest.mark.parametrize("text", ["", "x" * 256])
def test_text_is_bounded(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Text).validate_python(text)


@pytest.mark.parametrize(("kind", "limit"), [(Text, 255), (Reference, 128)])
def test_a_text_that_grows_when_it_is_normalised_is_measured_as_it_is_stored(kind: Any, limit: int) -> None:
    """DEVANAGARI LETTER QA is two characters in NFC."""
    adapter = TypeAdapter(kind)
    assert len(adapter.validate_python("\u0958" * (limit // 2))) == limit // 2 * 2
    with pytest.raises(ValidationError):
        adapter.validate_python("\u0958" * (limit // 2 + 1))


def test_a_moved_clock_moves_the_platform_and_not_those_outside(hand: Hand) -> None:
    clock.move(86_400.0)
    try:
        assert (clock.now_seconds(), clock.outside_seconds()) == (hand.now + 86_400, hand.now)
        assert clock.now_ms() == int((hand.now + 86_400) * 1000)
    finally:
        clock.move(0.0)
