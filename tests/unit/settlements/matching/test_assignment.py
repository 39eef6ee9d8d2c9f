"""Which lines count for a record: the same for every order in which they come."""

from hypothesis import given
from hypothesis import strategies as st

from settlements.matching.assignment import Part, Share, assign


def share(key: str, gross: int, *, at: int = 1, kind: str = "payment", currency: str = "INR") -> Share:
    return Share(at, key, kind, gross, currency, "set_1")


def test_one_line_pays_one_record() -> None:
    assert assign(100, "INR", [share("a", 100)]) == {"a": Part.COUNTS}


def test_several_lines_pay_one_record() -> None:
    assert assign(100, "INR", [share("a", 60), share("b", 40)]) == {"a": Part.COUNTS, "b": Part.COUNTS}


def test_a_line_that_comes_twice_counts_once() -> None:
    assert assign(100, "INR", [share("a", 100), share("b", 100)]) == {"a": Part.COUNTS, "b": Part.DUPLICATE}


def test_the_exact_line_counts_before_an_earlier_part() -> None:
    assert assign(100, "INR", [share("a", 60, at=1), share("b", 100, at=2)]) == {"a": Part.EXCESS, "b": Part.COUNTS}


def test_a_line_of_another_amount_counts_and_leaves_a_difference() -> None:
    assert assign(100, "INR", [share("a", 90)]) == {"a": Part.COUNTS}
    assert assign(100, "INR", [share("a", 120)]) == {"a": Part.COUNTS}
    assert assign(0, "INR", [share("a", 100)]) == {"a": Part.COUNTS}


def test_a_line_in_another_currency_never_counts() -> None:
    assert assign(100, "INR", [share("a", 100, currency="USD")]) == {"a": Part.EXCESS}


def test_a_dispute_that_was_taken_and_won_comes_to_nothing() -> None:
    lines = [share("a", -100, kind="dispute"), share("b", 100, kind="dispute_won")]
    assert assign(0, "INR", lines) == {"a": Part.COUNTS, "b": Part.COUNTS}
    assert assign(-100, "INR", lines) == {"a": Part.COUNTS, "b": Part.EXCESS}


@given(
    amount=st.integers(-100, 100),
    lines=st.lists(st.tuples(st.integers(-60, 60).filter(bool), st.integers(0, 3), st.sampled_from(["INR", "USD"])), max_size=6),
    data=st.data(),
)
def test_any_order_and_repetition_assigns_the_same(amount: int, lines: list[tuple[int, int, str]], data: st.DataObject) -> None:
    shares = [share(f"line{number}", gross, at=at, currency=currency) for number, (gross, at, currency) in enumerate(lines)]
    assigned = assign(amount, "INR", shares)
    again = data.draw(st.permutations([*shares, *shares[:2]]))
    assert assign(amount, "INR", again) == assigned
    assert set(assigned) == {each.key for each in shares}
    if any(each.currency == "INR" for each in shares):
        assert Part.COUNTS in assigned.values()
