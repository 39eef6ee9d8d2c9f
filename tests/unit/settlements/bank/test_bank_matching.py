"""The rules that match bank lines with payouts: which name decides, what is only proposed, and what all lines of payouts come to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.records.bank_line import AMOUNT_DIFFERS, DUPLICATE, MATCHED
from settlements.bank.matching import WINDOW_DAYS, Credit, Judgement, Payout, brought_by, is_returned, judge, names_of, proposed

DAY = date(2026, 11, 27)


def payout(name: str, net: int | None = 100, **changed: object) -> Payout:
    given = {"connector": "stripe", "currency": "EUR", "names": names_of(name), "net": net, "expected_on": DAY} | changed
    return Payout(settlement_id=f"set_{name}", **given)  # type: ignore[arg-type]  # fields by name


def credit(amount: int = 100, *references: str, name: str = "bnk_1", day: date = DAY) -> Credit:
    return Credit(name, "EUR", amount, day, references)


@pytest.mark.parametrize(
    ("text", "is_found"), [("UTR123456", True), ("neft/utr123456/x", True), ("UTR1234567", False), ("XUTR123456", False)]
)
def test_a_name_is_a_word_of_its_own_in_any_case(text: str, *, is_found: bool) -> None:
    assert bool(brought_by(credit(1, text), [payout("UTR123456")])) is is_found


@pytest.mark.parametrize("name", ["12345", "payout", "A1", ""])
def test_a_name_that_says_too_little_decides_nothing(name: str) -> None:
    assert brought_by(credit(100, name), [payout(name)]) == []


def test_payouts_of_another_currency_or_of_two_connectors_are_not_brought() -> None:
    assert brought_by(credit(100, "UTR123456"), [payout("UTR123456", currency="USD")]) == []
    both = [payout("UTR123456"), payout("UTR654321", connector="razorpay")]
    assert brought_by(credit(100, "UTR123456", "UTR654321"), both) == []


@pytest.mark.parametrize(("days", "net", "is_matched", "is_proposed"), [
    (0, 100, False, True),
    (WINDOW_DAYS, 100, False, True),
    (WINDOW_DAYS + 1, 100, False, False),
    (0, 101, False, False),
    (0, 100, True, False),
    (0, None, False, False),
])  # fmt: skip
def test_a_proposal_has_the_very_amount_near_its_day_and_no_bank_line(
    days: int, net: int | None, *, is_matched: bool, is_proposed: bool
) -> None:
    found = payout("UTR123456", net, expected_on=DAY + timedelta(days), is_matched=is_matched)
    assert bool(proposed(credit(100), [found])) is is_proposed


def test_nothing_is_judged_while_a_payout_is_not_booked() -> None:
    assert judge([credit()], [payout("UTR123456", None)]) is None


@pytest.mark.parametrize(("amounts", "net", "decided", "expected"), [
    ((100,), 100, 0, [Judgement(MATCHED)]),
    ((60, 40), 100, 0, [Judgement(MATCHED), Judgement(MATCHED)]),
    ((90,), 100, 0, [Judgement(AMOUNT_DIFFERS, -10)]),
    ((90,), 100, -10, [Judgement(MATCHED)]),
    ((100, 100), 100, 0, [Judgement(MATCHED), Judgement(DUPLICATE, 100)]),
    ((100, -90), 100, 0, [Judgement(MATCHED), Judgement(AMOUNT_DIFFERS, -90)]),
    # All of it went back: the payout is open again, and no line differs.
    ((100, -100), 100, 0, [Judgement(MATCHED), Judgement(MATCHED)]),
    ((-100, -100), -100, 0, [Judgement(MATCHED), Judgement(DUPLICATE, -100)]),
    ((-100,), -100, 0, [Judgement(MATCHED)]),
])  # fmt: skip
def test_what_all_lines_bring_more_than_their_payouts_stands_on_one_line(
    amounts: tuple[int, ...], net: int, decided: int, expected: list[Judgement]
) -> None:
    lines = [credit(amount, name=f"bnk_{number}") for number, amount in enumerate(amounts)]
    judged = judge(lines, [payout("UTR123456", net)], decided)
    assert judged is not None
    assert [judged[line.bank_line_id] for line in lines] == expected


@given(
    amounts=st.lists(st.integers(-500, 500).filter(bool), min_size=1, max_size=6),
    nets=st.lists(st.integers(-500, 500), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_the_judgement_is_the_same_in_any_order_and_its_differences_are_what_is_off(
    amounts: list[int], nets: list[int], order: object
) -> None:
    lines = [credit(amount, name=f"bnk_{number}", day=DAY + timedelta(number % 2)) for number, amount in enumerate(amounts)]
    payouts = [payout(f"UTR00000{number}", net) for number, net in enumerate(nets)]
    judged = judge(lines, payouts)
    shuffled, others = list(lines), list(payouts)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random of hypothesis
    order.shuffle(others)  # type: ignore[attr-defined]  # the same
    assert judge(shuffled, others) == judged
    assert judged is not None
    off = 0 if is_returned(lines, payouts) else sum(amounts) - sum(nets)
    assert sum(each.difference for each in judged.values()) == off
