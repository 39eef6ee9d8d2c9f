"""One form of a phone number, however a person wrote it."""

import pytest

from payments.checkout.phone_numbers import normal

INDIAN = [
    *("+919876501234", "9876501234", "919876501234", "09876501234", "00919876501234", "+91 98765 01234", "+91-98765-01234"),
    *("(0)98765 01234", "+91 (0) 98765 01234", " 98765.01234 ", "0091 98765 01234", "91 098765 01234"),
]


@pytest.mark.parametrize("written", INDIAN)
def test_all_ways_to_write_a_number_are_one_form(written: str) -> None:
    assert normal(written, "INR") == "+919876501234"


@pytest.mark.parametrize(
    ("currency", "written", "form"),
    [
        ("GBP", "07911 123456", "+447911123456"),
        ("GBP", "+44 (0) 7911 123456", "+447911123456"),
        ("USD", "(415) 555-0123", "+14155550123"),
        ("USD", "1 415 555 0123", "+14155550123"),
        ("CAD", "416-555-0123", "+14165550123"),
        ("AED", "050 123 4567", "+971501234567"),
        ("SGD", "8123 4567", "+6581234567"),
        ("AUD", "0412 345 678", "+61412345678"),
    ],
)
def test_a_number_without_a_code_is_one_of_the_merchants_country(currency: str, written: str, form: str) -> None:
    assert normal(written, currency) == form


@pytest.mark.parametrize("currency", ["INR", "EUR", None])
def test_a_number_of_another_country_keeps_its_code(currency: str | None) -> None:
    assert {normal(each, currency) for each in ("+49 151 12345678", "0049 151 12345678", "4915112345678")} == {"+4915112345678"}
    # Ten digits with a code are no ten digits without one.
    assert normal("+9876501234", currency) == "+9876501234"


@pytest.mark.parametrize("currency", ["EUR", None])
def test_no_code_is_guessed(currency: str | None) -> None:
    within = normal("0151 12345678", currency)
    assert within == "015112345678"
    assert within != normal("+1 511 2345678", currency)


def test_a_number_with_too_few_digits_stays_as_it_is() -> None:
    assert normal("01234567", "INR") == "01234567"
    assert normal("+3906123456", "INR") == "+3906123456"
