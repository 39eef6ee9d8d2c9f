"""Price lists: exact in decimals, rounded once; the line with most conditions and the newest date counts."""

import itertools

import pytest
from pydantic import ValidationError

from paycorex.fee_rates import Schedule
from paycorex.money import Money
from paycorex.records.fee_rate import MERCHANT, Cost, FeeRate, FeeSchedule, FeeSubject, scheduled
from paycorex.records.payment_fee import CHARGE, Booked, Fact, PaymentFee

INR_1000 = Money(100_000, "INR")


@pytest.mark.parametrize(
    ("rate", "amount", "cost"),
    [
        # Stripe's published price in the US: 2.9 % + 30 cents.
        (FeeRate("2.9", "0.30", currency="USD"), Money(10_000, "USD"), Cost(320, 0)),
        (FeeRate("2", tax_percent="18"), INR_1000, Cost(2_000, 360)),
        # As in Razorpay's recon lines: 2,900 of 100,000, tax within it; 0.25 % of a transfer of 100,296 with its tax, each rounded up.
        (FeeRate("2.9"), INR_1000, Cost(2_900, 0)),
        (FeeRate("0.25", tax_percent="18", rounding="up"), Money(100_296, "INR"), Cost(250, 46)),
        (FeeRate("1", minimum="5", currency="INR"), Money(1_000, "INR"), Cost(500, 0)),
        (FeeRate("1", cap="5.00", currency="INR"), INR_1000, Cost(500, 0)),
        (FeeRate("0.5"), Money(100, "INR"), Cost(1, 0)),
        (FeeRate("0.49"), Money(100, "INR"), Cost(0, 0)),
        (FeeRate("3.6"), Money(1_001, "JPY"), Cost(36, 0)),
        (FeeRate("2.9", "0.30", currency="USD"), Money(0, "USD"), Cost(0, 0)),
    ],
)
def test_a_rate_is_exact_and_rounded_once(rate: FeeRate, amount: Money, cost: Cost) -> None:
    assert rate.cost(amount) == cost
    assert FeeRate.parse(rate.stored()) == rate


def test_the_most_precise_line_and_then_the_newest_counts() -> None:
    lines = [
        FeeSchedule("stripe", 0, FeeRate("2")),
        FeeSchedule("stripe", 500, FeeRate("3")),
        FeeSchedule("stripe", 0, FeeRate("3.5", brand="amex")),
        FeeSchedule("razorpay", 0, FeeRate("9")),
    ]
    card = FeeSubject("tokenized", INR_1000, "visa")
    assert [scheduled(lines, "stripe", card, at) for at in (499, 500)] == [Cost(2_000, 0), Cost(3_000, 0)]
    assert scheduled(lines, "stripe", FeeSubject("tokenized", INR_1000, "amex"), 600) == Cost(3_500, 0)
    assert scheduled(lines, "adyen", card, 600) is None
    for order in itertools.permutations(lines):
        assert scheduled(order, "stripe", card, 600) == Cost(3_000, 0)


@pytest.mark.parametrize("free", [FeeSubject("upi_intent", INR_1000), FeeSubject("tokenized", INR_1000, "rupay")])
def test_upi_and_rupay_are_free_unless_a_line_names_them(free: FeeSubject) -> None:
    lines = [FeeSchedule("razorpay", 0, FeeRate("2"))]
    assert scheduled(lines, "razorpay", free, 1) == Cost()
    named = FeeRate("1", method="upi_intent") if free.brand is None else FeeRate("1", brand="rupay")
    assert scheduled([*lines, FeeSchedule("razorpay", 0, named)], "razorpay", free, 1) == Cost(1_000, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "101"},
        {"percent": "-1"},
        {"percent": "1.23456"},
        {"percent": True},
        {"fixed": "1"},
        {"fixed": "1.001", "currency": "INR"},
        {"fixed": "1", "currency": "XXX"},
        {"minimum": "5", "cap": "4", "currency": "INR"},
        {"rounding": "down"},
        {"from": "yesterday"},
        {"connector": "Stripe"},
        {"international": True},
    ],
)
def test_a_wrong_line_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Schedule.model_validate({"connector": "stripe", **wrong})


def test_whatever_order_facts_come_in_the_same_is_known() -> None:
    facts = [
        (CHARGE, Fact(1, 5, 200, 36, "INR")),
        (CHARGE, Fact(1, 9, 210, 38, "INR")),
        (CHARGE, Fact(2, 0, 205, 37, "INR")),
        ("dispute:dp_1", Fact(2, 0, 1_500, 270, "INR")),
        (CHARGE, Fact(2, 0, 205, 37, "INR")),
    ]
    ends = set()
    for order in itertools.permutations(facts):
        fee = PaymentFee(bearer=MERCHANT)
        for key, fact in order:
            fee = PaymentFee.load(fee.knowing(key, fact).stored())
        ends.add((tuple(sorted(fee.facts.items())), fee.unbooked()))
    assert len(ends) == 1
    assert ends.pop()[1] == Booked(1_705, 307, "INR")


def test_parts_that_a_report_names_replace_what_the_provider_said_of_the_whole() -> None:
    facts = [
        (CHARGE, Fact(1, 5, 200, 36, "INR")),
        ("payment#txn_1", Fact(2, 0, 120, 22, "INR")),
        ("payment#txn_2", Fact(2, 0, 80, 14, "INR")),
        ("refund:re_1", Fact(2, 0, -10, -2, "INR")),
    ]
    ends = set()
    for order in itertools.permutations(facts):
        fee = PaymentFee(bearer=MERCHANT)
        for key, fact in order:
            fee = fee.knowing(key, fact)
        ends.add((fee.known["INR"], fee.source))
    assert ends == {(Cost(190, 34), "report")}


def test_a_payment_has_so_many_fees_and_no_more() -> None:
    fee = PaymentFee()
    for number in range(40):
        fee = fee.knowing(f"line:{number}", Fact(2, 0, 1, 0, "INR"))
    assert fee.knowing("line:1", Fact(2, 0, 1, 0, "INR")) is fee
    with pytest.raises(ValueError, match="more fees"):
        fee.knowing("line:40", Fact(2, 0, 1, 0, "INR"))


def test_a_source_that_never_agrees_with_itself_changes_the_books_so_often_and_no_more() -> None:
    fee = PaymentFee(bearer=MERCHANT, booked=(Booked(1, 0, "INR"),) * 200)
    with pytest.raises(ValueError, match="more fees"):
        fee.knowing(CHARGE, Fact(2, 0, 1, 0, "INR"))


def test_nothing_is_stored_where_nothing_is_known() -> None:
    assert PaymentFee().stored() is None
    assert PaymentFee.load(None) == PaymentFee()
