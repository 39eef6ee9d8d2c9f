"""Which record a line is about: the rules in their order, and what none of them decides."""

import pytest

from settlements.matching.rules import NOTHING, Family, Known, Match, Said, match

PAYMENT = Known("payment:pay_1", Family.PAYMENT, 100, "INR", frozenset({"ch_1"}), own_ids=frozenset({"pay_1", "att_1"}))
LATE = Known("late:pay_1.1", Family.PAYMENT, 100, "INR", frozenset({"ch_2"}))
FIRST = Known("refund:ref_1", Family.REFUND, 30, "INR", frozenset({"ch_1"}), frozenset({"re_1"}), frozenset({"ref_1"}), created_at=1)
UNNAMED = Known("refund:ref_2", Family.REFUND, 30, "INR", frozenset({"ch_1"}), own_ids=frozenset({"ref_2"}), created_at=2)
OTHER = Known("refund:ref_3", Family.REFUND, 20, "INR", frozenset({"ch_1"}), own_ids=frozenset({"ref_3"}), created_at=3)
DISPUTE = Known("dispute:dsp_1", Family.DISPUTE, 100, "INR", frozenset({"ch_1"}), frozenset({"dp_1"}))
ALL = [OTHER, UNNAMED, FIRST, LATE, PAYMENT, DISPUTE]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (Said(Family.PAYMENT, 100, "INR", charge="ch_1"), Match("payment:pay_1", "charge")),
        (Said(Family.PAYMENT, 90, "INR", charge="ch_1"), Match("payment:pay_1", "charge")),
        (Said(Family.PAYMENT, 100, "INR", charge="ch_2", own_id="pay_1"), Match("late:pay_1.1", "charge")),
        (Said(Family.PAYMENT, 100, "INR", charge="ch_9", own_id="att_1"), Match("payment:pay_1", "own_id")),
        (Said(Family.PAYMENT, 100, "INR", charge="ch_9"), NOTHING),
        (Said(Family.REFUND, 30, "INR", charge="ch_1", object="re_1"), Match("refund:ref_1", "object")),
        (Said(Family.REFUND, 30, "INR", charge="ch_1", object="re_9", own_id="ref_3"), Match("refund:ref_3", "own_id")),
        (Said(Family.REFUND, 30, "INR", charge="ch_1", object="re_9"), Match("refund:ref_2", "amount")),
        (Said(Family.REFUND, 20, "INR", charge="ch_1"), Match("refund:ref_3", "amount")),
        (Said(Family.REFUND, 7, "INR", charge="ch_1", object="re_9"), NOTHING),
        (Said(Family.DISPUTE, 110, "INR", charge="ch_1"), Match("dispute:dsp_1", "only")),
        (Said(Family.DISPUTE, 110, "INR", charge="ch_1", object="dp_2"), NOTHING),
        (Said(Family.OTHER, 100, "INR", charge="ch_1"), NOTHING),
    ],
)
def test_the_first_rule_that_names_a_record_decides(said: Said, found: Match) -> None:
    assert match(said, ALL) == found
    assert match(said, ALL[::-1]) == found


def test_a_record_that_another_line_is_about_is_not_taken_for_its_amount() -> None:
    said = Said(Family.REFUND, 30, "INR", charge="ch_1", object="re_9")
    assert match(said, [FIRST, UNNAMED], {"refund:ref_2"}) == NOTHING


def test_the_only_one_is_not_taken_in_another_currency() -> None:
    assert match(Said(Family.DISPUTE, 100, "USD", charge="ch_1"), [DISPUTE]) == NOTHING
