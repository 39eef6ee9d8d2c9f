"""The list of card brands: made from its sources, every range of it accepted as it says, and no accepted number readable in a log."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.card_brands import __main__ as commands
from local.card_brands import merged, package
from paycorex import redaction
from tokens.instruments import Card, InvalidInstrument
from tokens.instruments.brands import brands_of, known

RANGES: list[list[Any]] = known()["ranges"]


def with_check_digit(body: str) -> str:
    return next(body + digit for digit in "0123456789" if redaction.is_luhn_valid(body + digit))


def without_check_digit(body: str) -> str:
    return next(body + digit for digit in "0123456789" if not redaction.is_luhn_valid(body + digit))


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, str]:
    """A number of a range but for its last digit, and the range's brand."""
    low, high, brand, lengths = draw(st.sampled_from(RANGES))
    prefix = str(draw(st.integers(int(low), int(high)))).zfill(len(low))
    length = draw(st.sampled_from(lengths))
    rest = draw(st.text("0123456789", min_size=length - 1 - len(prefix), max_size=length - 1 - len(prefix)))
    return prefix + rest, brand


def test_the_list_and_its_table_are_made_from_the_sources() -> None:
    assert merged.TARGET.read_text(encoding="utf-8") == merged.render()
    assert merged.table() in commands.DOCUMENT.read_text(encoding="utf-8")


def test_every_range_has_a_source_and_a_form() -> None:
    sources = merged.additions()["sources"]
    for each in merged.ranges():
        assert each.source in sources
        assert len(each.low) == len(each.high)
        assert each.low <= each.high
        assert all(12 <= length <= 19 for length in each.lengths)


def test_all_brands_of_the_package_are_in_the_list_or_left_out_by_name() -> None:
    taken = {entry["package"] for entry in merged.additions()["brands"].values() if "package" in entry}
    assert taken == set(package.kept()["brands"])


@given(body=bodies())
def test_a_number_has_every_brand_in_whose_range_it_lies(body: tuple[str, str]) -> None:
    number, brand = with_check_digit(body[0]), body[1]
    brands = brands_of(number)
    assert brand in brands
    assert len(set(brands)) == len(brands)
    expected = {other for low, high, other, lengths in RANGES if low <= number[: len(low)] <= high and len(number) in lengths}
    assert set(brands) == expected


@given(body=bodies())
def test_a_wrong_check_digit_leaves_only_brands_that_have_issued_such_numbers(body: tuple[str, str]) -> None:
    number = without_check_digit(body[0])
    assert set(brands_of(number)) <= {"unionpay"}
    assert (brands_of(number) == ("unionpay",)) == any(
        low <= number[: len(low)] <= high and len(number) in lengths for low, high, brand, lengths in RANGES if brand == "unionpay"
    )


@given(body=bodies(), is_checked=st.booleans(), group=st.integers(1, 6), separator=st.sampled_from([" ", "-", ""]))
def test_no_number_that_the_vault_accepts_can_be_read_in_a_log(
    body: tuple[str, str], group: int, separator: str, *, is_checked: bool
) -> None:
    number = with_check_digit(body[0]) if is_checked else without_check_digit(body[0])
    if not brands_of(number):
        return
    typed = separator.join(number[place : place + group] for place in range(0, len(number), group))
    masked = redaction.mask(f"the card {typed} was refused")
    assert number not in masked.replace(" ", "").replace("-", "")
    assert "[card]" in masked


@given(number=st.text("0123456789", min_size=8, max_size=22).filter(lambda number: not 12 <= len(number) <= 19 or not brands_of(number)))
def test_a_refusal_never_repeats_the_number(number: str) -> None:
    with pytest.raises(InvalidInstrument) as refused:
        Card.parse(number=number, expiry_month=12, expiry_year=2040, holder=None)
    assert number not in refused.value.message
    assert number not in str(refused.value.details)


@pytest.mark.parametrize(
    ("prefix", "digits", "brands"),
    [
        ("5085", 16, ("rupay", "maestro")),
        ("5080", 16, ("rupay", "maestro")),
        ("6080", 16, ("rupay",)),
        ("6011", 16, ("discover", "rupay")),
        ("6500", 16, ("discover", "rupay")),
        ("6522", 16, ("rupay", "discover")),
        ("8180", 16, ("rupay", "unionpay")),
        ("8100", 16, ("unionpay", "rupay")),
        ("8200", 16, ("rupay",)),
        ("3530", 16, ("jcb", "rupay")),
        ("3566", 16, ("jcb", "rupay")),
        ("3528", 16, ("jcb",)),
        ("2200", 16, ("mir",)),
        ("9792", 16, ("troy",)),
        ("650082", 16, ("troy", "discover", "rupay")),
        ("1999", 15, ("uatp",)),
        ("6200", 14, ("unionpay",)),
        ("622126", 16, ("unionpay", "discover")),
        ("5893", 12, ("maestro",)),
        ("6759", 12, ("maestro",)),
        ("506099", 16, ("verve", "maestro")),
        ("401178", 16, ("elo", "visa")),
        ("606282", 16, ("hipercard", "rupay")),
    ],
)
def test_what_was_refused_or_taken_for_another_brand_has_its_own(prefix: str, digits: int, brands: tuple[str, ...]) -> None:
    assert brands_of(with_check_digit(prefix + "0" * (digits - 1 - len(prefix)))) == brands


def test_a_unionpay_number_without_a_check_digit_is_a_card_and_no_other_number_is() -> None:
    number = without_check_digit("621234567890123")
    assert Card.parse(number=number, expiry_month=12, expiry_year=2040, holder=None).display.brand == "unionpay"
    with pytest.raises(InvalidInstrument, match="not a valid card number"):
        Card.parse(number=without_check_digit("652150000000000"), expiry_month=12, expiry_year=2040, holder=None)
