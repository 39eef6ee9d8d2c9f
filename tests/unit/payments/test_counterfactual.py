"""What would have become of a payment on another way: only what it tried is known; the rest is a rate, and no guess goes further."""

import pytest

from payments.payment.attempts import AttemptRecord
from payments.replay.counterfactual import Basis, Verdict, happened, on_another_way


def tried(*steps: tuple[str, str]) -> tuple[AttemptRecord, ...]:
    return tuple(
        AttemptRecord(number, name, status, None, None, None, "2027-01-15T08:00:00.000Z", 10) for number, (name, status) in enumerate(steps)
    )


FIRST_DECLINED = tried(("a", "declined"), ("b", "approved"))
ALL_DECLINED = tried(("a", "unavailable"), ("b", "declined"))


@pytest.mark.parametrize("order", [["a", "b"], ["a", "b", "c"]])
@pytest.mark.parametrize(("steps", "approved"), [(FIRST_DECLINED, True), (ALL_DECLINED, False)])
def test_the_same_way_is_what_happened(steps: tuple[AttemptRecord, ...], order: list[str], *, approved: bool) -> None:
    assert on_another_way(steps, order) == happened(steps) == Verdict(Basis.HAPPENED, "b", approved)


@pytest.mark.parametrize(
    ("steps", "order", "expected"),
    [
        (FIRST_DECLINED, ["b", "a"], Verdict(Basis.TRIED, "b", approved=True)),
        (FIRST_DECLINED, ["c", "b"], Verdict(Basis.SEGMENT_RATE, "c", None)),
        (FIRST_DECLINED, ["a", "c", "b"], Verdict(Basis.SEGMENT_RATE, "c", None)),
        (FIRST_DECLINED, ["a"], Verdict(Basis.TRIED, "a", approved=False)),
        (ALL_DECLINED, ["b", "a"], Verdict(Basis.TRIED, "b", approved=False)),
        (tried(("a", "authorized")), ["b", "a"], Verdict(Basis.SEGMENT_RATE, "b", None)),
        (
            tried(
                ("a", "authorized"),
            ),
            ["a", "b"],
            Verdict(Basis.HAPPENED, "a", approved=True),
        ),
        (FIRST_DECLINED, [], Verdict(Basis.TRIED, None, approved=False)),
    ],
)
def test_another_way(steps: tuple[AttemptRecord, ...], order: list[str], expected: Verdict) -> None:
    assert on_another_way(steps, order) == expected
