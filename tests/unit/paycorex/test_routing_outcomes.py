"""What routing knows of connectors: one result in whatever order and however often outcomes come, and bounded."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from paycorex.routing_outcomes import Observation, Outcome, Segment, Window, fold, window
from paycorex.routing_outcomes.window import Place, Tally

# Few places, so that reports about the same one meet.
OBSERVATIONS = st.lists(
    st.builds(
        Observation,
        st.builds(Place, st.integers(1_800_000_000, 1_800_000_020), st.integers(0, 40)),
        st.sampled_from(Outcome),
        st.integers(0, window.MAX_FEE),
    ),
    max_size=60,
)
NOW = 1_800_000_030


@given(seen=OBSERVATIONS, data=st.data())
def test_order_duplicates_and_batches_change_nothing(seen: list[Observation], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(seen), max_size=30)) if seen else []
    shuffled = data.draw(st.permutations([*seen, *again]))
    cut = data.draw(st.integers(0, len(shuffled)))
    at_once = Window.empty().merged(seen)
    by_parts = Window.empty().merged(shuffled[:cut]).merged(shuffled[cut:])
    assert by_parts == at_once
    assert Window.unpack(by_parts.pack()) == at_once
    assert by_parts.merged(seen) == at_once


@settings(max_examples=20)
@given(order=st.permutations(range(10)), late=st.integers(0, 9))
def test_a_full_window_keeps_the_newest_whatever_came_first(order: list[int], late: int) -> None:
    """In steps of 100 outcomes, twice what fits."""
    steps = [[Observation(Place(1_800_000_000 + step * 100 + each, each), Outcome.APPROVED) for each in range(100)] for step in range(10)]
    found = Window.empty()
    for step in [*order, late]:
        found = found.merged(steps[step])
        assert len(found.entries) <= window.SIZE
    assert min(found.entries).began == 1_800_000_000 + 10 * 100 - window.SIZE
    assert len(found.entries) == window.SIZE
    assert len(found.pack()) == 12 * window.SIZE


def test_the_better_report_about_one_attempt_counts() -> None:
    place = Place(NOW, 1)
    for first, second in ((Outcome.DECLINED, Outcome.APPROVED), (Outcome.APPROVED, Outcome.DECLINED)):
        found = Window.empty().merged([Observation(place, first)]).merged([Observation(place, second)])
        assert found.tally(NOW) == Tally(1, 1, 0)


def test_what_is_old_is_not_counted_and_fees_are_of_what_was_approved() -> None:
    seen = [
        Observation(Place(NOW - window.MAX_AGE_SECONDS, 1), Outcome.DECLINED),
        Observation(Place(NOW - 5, 2), Outcome.APPROVED, 20_000),
        Observation(Place(NOW - 5, 3), Outcome.APPROVED, 30_000),
        Observation(Place(NOW - 5, 4), Outcome.UNAVAILABLE, 90_000),
    ]
    tally = Window.empty().merged(seen).tally(NOW)
    assert tally == Tally(samples=3, approved=2, fee=25_000)
    assert tally.rate == 666_666
    assert Tally().rate == 0


def test_an_attempt_that_waits_says_nothing_yet() -> None:
    began = datetime.fromtimestamp(NOW, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    statuses = ["started", "pending", "unknown", "unavailable", "declined", "approved", "authorized", "returned"]
    attempts = [{"connector": "stripe", "status": status, "started_at": began} for status in statuses]
    found = list(fold.observations_of("pay_x", attempts))
    bad, good = [Outcome.UNAVAILABLE, Outcome.DECLINED], [Outcome.APPROVED, Outcome.APPROVED]
    assert [seen.outcome for _name, seen in found] == [*bad, *good, Outcome.DECLINED]
    assert len({seen.place for _name, seen in found}) == 5
    assert {seen.place.began for _name, seen in found} == {NOW}


def test_a_segment_is_its_row_and_a_strange_brand_takes_no_row_of_its_own() -> None:
    for brand, kept in ((None, None), ("rupay", "rupay"), ("Visa#Gold", "other"), ("x" * 40, "other")):
        segment = Segment.of("tokenized", "INR", brand)
        assert segment == Segment("tokenized", "INR", kept)
        assert Segment.of_row(segment.row("prism:adyen")) == (segment, "prism:adyen")
