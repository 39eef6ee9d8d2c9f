"""Names of charges, compared: of one kind and not the same is another; what a browser pays in is no charge."""

import pytest

from payments.payment import charge_names
from payments.payment.attempts import AttemptRecord


@pytest.mark.parametrize(
    ("known", "reported", "is_another"),
    [
        (None, "pi_1", False),
        ("pi_1", None, False),
        ("pi_1", "pi_1", False),
        ("pi_1", "pi_2", True),
        ("order_1", "pay_1", False),
        ("order_1", "8XC02", False),
        ("PSP1", "PSP1", False),
        ("PSP1", "PSP2", True),
    ],
)
def test_names_of_one_kind_are_compared(known: str | None, reported: str | None, is_another: bool) -> None:
    assert charge_names.is_another(known, reported) is is_another


@pytest.mark.parametrize(
    ("connector", "known", "is_another"),
    [("prism:adyen", "CS0123456789ABCDEF", False), ("prism:adyen", "PSP0000000000001", True), ("prism:nuvei", "CS0123456789ABCDEF", True)],
)
def test_a_payment_in_a_session_has_a_name_of_its_own(connector: str, known: str, is_another: bool) -> None:
    attempt = AttemptRecord(0, connector, "pending", None, None, known, "2027-01-15T08:00:00.000Z", 1)
    assert charge_names.is_another_than(attempt, "PSP0000000000002") is is_another
