"""Money: text to minor units and back, exactly, for every currency."""

from decimal import Decimal

import moneyed
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.currencies import EXPONENTS
from paycorex.errors import InvalidAmount, UnsupportedCurrency
from paycorex.money import MAX_DIGITS_BEFORE_POINT, Money, exponent_of, format_minor

currencies = st.sampled_from(sorted(EXPONENTS))
# Made after the library's table: amendments 176 and 177 of ISO 4217.
NEWER_THAN_THE_LIBRARY = frozenset({"XCG", "ZWG"})
# Funds, bonds, metals and test codes, without a minor unit in ISO 4217 or not used for payments; and offshore CNH, which is no code.
NOT_BOOKED = frozenset(
    {
        *("BOV", "CHE", "CHW", "CLF", "CNH", "COU", "MXV", "USN", "UYW", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR"),
        *("XPD", "XPT", "XSU", "XTS", "XUA", "XXX"),
    }
)
NO_AMOUNTS = ["-1", "0", "-0", "0.00", "1e2", "NaN", "Infinity", "1_000", " 1", "1 ", "１", "1.", ".5", "+1", "", "1,0", "\n1"]


@given(minor=st.integers(1, 10**MAX_DIGITS_BEFORE_POINT - 1), currency=currencies)
def test_what_is_shown_parses_to_the_same_amount(minor: int, currency: str) -> None:
    assert Money.parse(str(Money(minor, currency)), currency) == Money(minor, currency)


@given(minor=st.integers(-(10**18), 10**18), currency=currencies)
def test_what_is_shown_is_the_decimal_number(minor: int, currency: str) -> None:
    shown = format_minor(minor, currency)
    assert Decimal(shown) == Decimal(minor).scaleb(-EXPONENTS[currency])
    assert len(shown.partition(".")[2]) == EXPONENTS[currency]


@given(whole=st.integers(0, 10**12 - 1), fraction=st.text("0123456789", max_size=6), currency=currencies)
def test_an_amount_parses_exactly_when_its_currency_has_the_decimals(whole: int, fraction: str, currency: str) -> None:
    text = f"{whole}.{fraction}" if fraction else str(whole)
    if len(fraction) > EXPONENTS[currency] or Decimal(text) == 0:
        with pytest.raises(InvalidAmount):
            Money.parse(text, currency)
    else:
        assert Money.parse(text, currency).minor == Decimal(text).scaleb(EXPONENTS[currency])


@given(text=st.text(max_size=40), currency=currencies)
def test_any_text_is_an_exact_amount_or_refused(text: str, currency: str) -> None:
    try:
        money = Money.parse(text, currency)
    except InvalidAmount:
        return
    assert text.isascii()
    assert Decimal(str(money)) == Decimal(text)
    assert money.minor > 0


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(text, "INR")


def test_an_amount_has_at_most_twelve_digits_before_the_point() -> None:
    assert Money.parse("9" * 12 + ".99", "INR").minor == 99_999_999_999_999
    for text in ("1" + "0" * 12, "0" * 13 + "1", "9" * 5000):
        with pytest.raises(InvalidAmount):
            Money.parse(text, "INR")


@pytest.mark.parametrize("code", ["XXX", "XAU", "inr", "", "IN", "INRR", "BTC", "₹"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(UnsupportedCurrency):
        exponent_of(code)
    with pytest.raises(UnsupportedCurrency):
        Money.parse("1", code)


def test_every_currency_has_the_decimals_of_an_independent_table() -> None:
    for code, exponent in EXPONENTS.items():
        if code not in NEWER_THAN_THE_LIBRARY:
            library = moneyed.get_currency(code)
            assert round(Decimal(library.sub_unit).log10()) == exponent, code


def test_every_currency_of_a_country_is_booked_or_left_out_for_a_reason() -> None:
    in_use = {code for code, currency in moneyed.CURRENCIES.items() if currency.countries}
    assert in_use - {*EXPONENTS} == NOT_BOOKED
    assert {*EXPONENTS} - {*moneyed.CURRENCIES} == NEWER_THAN_THE_LIBRARY
