"""Ids: what parts always yield, what no other parts yield, and ordered ids that sort by time."""

import re

from hypothesis import given
from hypothesis import strategies as st

from paycorex import ids

SHAPE = re.compile(r"[a-z]{3}_[a-z2-7]{26}")
prefixes = st.sampled_from(sorted(ids.PREFIXES))
parts = st.lists(st.text(max_size=20), max_size=4)
moments = st.integers(0, 10**13 - 1)


def test_random_ids_have_the_documented_shape_and_differ() -> None:
    made = {ids.new("pay") for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(SHAPE.fullmatch(identifier) and identifier.startswith("pay_") for identifier in made)


def test_a_derived_id_never_changes() -> None:
    """Stored records are found by it: another answer here would lose every one of them. (Made with openssl and base32.)"""
    assert ids.derive("pay", "mer_a", "key:1") == "pay_tsw5b7uznhai2l4jvdan2luara"


@given(prefix=prefixes, first=parts, second=parts)
def test_derived_ids_are_equal_exactly_for_equal_parts(prefix: str, first: list[str], second: list[str]) -> None:
    one, other = ids.derive(prefix, *first), ids.derive(prefix, *second)
    assert SHAPE.fullmatch(one)
    assert (one == other) is (first == second)


def test_parts_do_not_collide_by_joining() -> None:
    assert ids.derive("pay", "a", "bc") != ids.derive("pay", "ab", "c")
    assert ids.derive("pay", "a") != ids.derive("pay", "a", "")
    assert ids.derive("pay", "a")[4:] != ids.derive("ref", "a")[4:]


@given(first=moments, second=moments, part=st.text(max_size=20))
def test_ordered_ids_sort_by_time(first: int, second: int, part: str) -> None:
    earlier, later = sorted((first, second))
    if earlier != later:
        assert ids.derive_ordered("evt", earlier, part) < ids.derive_ordered("evt", later, part)


@given(moment=moments, part=st.text(max_size=20))
def test_an_ordered_id_tells_its_moment_and_its_lower_bound(moment: int, part: str) -> None:
    identifier = ids.derive_ordered("evt", moment, part)
    assert SHAPE.fullmatch(identifier)
    assert ids.ordered_time_ms(identifier) == moment
    assert ids.earliest_ordered("evt", moment) <= identifier < ids.earliest_ordered("evt", moment + 1)


def test_a_remembered_id_is_the_derived_one_and_parts_never_run_together() -> None:
    parts = ("mer_1", "key:a")
    first = ids.derive("pay", *parts)
    assert ids.derive("pay", *parts) == first == ids.derive.__wrapped__("pay", *parts)
    assert len({first, ids.derive("ref", *parts), ids.derive("pay", "mer_1key:a"), ids.derive("pay", "mer_1", "key:a", "")}) == 4
    for number in range(100):
        assert ids.derive("pay", *parts, str(number)) == ids.derive.__wrapped__("pay", *parts, str(number))
    assert ids.derive("pay", *parts) == first
