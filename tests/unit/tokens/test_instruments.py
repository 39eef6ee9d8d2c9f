"""What counts as a card, a bank account, a UPI address; and that none shows itself by accident."""

import copy
import pickle
from collections.abc import Iterator

import pytest
import schwifty
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from schwifty.exceptions import SchwiftyException

from merchants.requests import Settings
from paycorex import clock
from tokens.instruments import BankAccount, Card, Instrument, InvalidInstrument, Upi, from_bytes, to_bytes
from tokens.instruments.brands import brands_of

CARD = Card("4111111111111111", 12, 2030, "Asha Rao")
IBANS = ["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "NL91ABNA0417164300", "AE070331234567890123456"]


@pytest.fixture(autouse=True)
def january_2027() -> Iterator[None]:
    clock.use(lambda: 1_800_000_000.0)
    yield
    clock.use(None)


def card(number: str = "4111111111111111", month: int = 12, year: int = 2030, holder: str | None = None) -> Card:
    return Card.parse(number=number, expiry_month=month, expiry_year=year, holder=holder)


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4111111111111111", "visa"),
        ("4222222222222", "visa"),
        ("5555555555554444", "mastercard"),
        ("2223003122003222", "mastercard"),
        ("378282246310005", "amex"),
        ("6011111111111117", "discover"),
        ("30569309025904", "diners"),
        ("3530111333300000", "jcb"),
        ("3566002020360505", "jcb"),
        ("3528000700000000", "jcb"),
        ("6200000000000005", "unionpay"),
        ("6521111111111110", "discover"),
        ("6522000000000006", "rupay"),
        ("5085000000000007", "rupay"),
        ("6759649826438453", "maestro"),
    ],
)
def test_brands_are_found_by_range_and_length(number: str, brand: str) -> None:
    assert brands_of(number)[0] == brand


@pytest.mark.parametrize("number", ["4111111111111112", "411111111111", "41111111111111111111", "4111a11111111111", "", "٤١١١١١١١١١١١١١١١"])
def test_a_number_that_fails_luhn_length_or_digits_is_refused_without_repeating_it(number: str) -> None:
    """Acceptance 27: failing Luhn, 12 and 20 digits, letters."""
    with pytest.raises(InvalidInstrument) as refused:
        card(number)
    assert refused.value.details["field"] == "number"
    assert not number or number not in refused.value.message


def test_a_number_of_no_brand_is_refused() -> None:
    with pytest.raises(InvalidInstrument, match="brand"):
        card("9999999999999995")


@pytest.mark.parametrize("typed", ["4111 1111 1111 1111", "4111-1111-1111-1111", " 4111111111111111 "])
def test_spacing_does_not_make_another_card(typed: str) -> None:
    assert card(typed).identity == card().identity


@pytest.mark.parametrize(
    ("month", "year", "field"),
    [(12, 2026, "expiry_year"), (13, 2030, "expiry_month"), (0, 2030, "expiry_month"), (1, 30, "expiry_year"), (1, 2090, "expiry_year")],
)
def test_an_expiry_in_the_past_or_no_date_is_refused(month: int, year: int, field: str) -> None:
    """Acceptance 27: expiry past."""
    with pytest.raises(InvalidInstrument) as refused:
        card(month=month, year=year)
    assert refused.value.details["field"] == field


def test_a_card_is_good_until_the_end_of_its_month() -> None:
    assert card(month=1, year=2027).expiry_month == 1
    clock.use(lambda: 1_801_440_000.0)  # 1 February 2027
    with pytest.raises(InvalidInstrument) as refused:
        card(month=1, year=2027)
    assert refused.value.details["field"] == "expiry_month"


@pytest.mark.parametrize("holder", ["4111 1111 1111 1111", "...", "x" * 65, "a\nb", ""])
def test_a_holder_is_a_name(holder: str) -> None:
    with pytest.raises(InvalidInstrument) as refused:
        card(holder=holder)
    assert refused.value.details["field"] == "holder"


def test_only_initials_of_the_holder_are_shown() -> None:
    assert card(holder=" asha  rao ").display.holder_initials == "AR"
    assert card().display.holder_initials is None


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_is_accepted_in_any_spacing(iban: str) -> None:
    spaced = " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
    assert BankAccount.parse(iban=spaced.lower(), account_number=None, ifsc=None).iban == iban


@given(iban=st.sampled_from(IBANS), place=st.integers(0, 33), digit=st.sampled_from("0123456789ABX"))
def test_iban_check_digits_agree_with_a_second_library(iban: str, place: int, digit: str) -> None:
    place %= len(iban)
    changed = iban[:place] + digit + iban[place + 1 :]
    try:
        schwifty.IBAN(changed)
        expected = True
    except SchwiftyException:
        expected = False
    try:
        BankAccount.parse(iban=changed, account_number=None, ifsc=None)
        accepted = True
    except InvalidInstrument:
        accepted = False
    assert accepted == expected


@pytest.mark.parametrize("typed", ["hdfc0001234", "Hdfc0001234", " HDFC 0001234 "])
def test_an_ifsc_is_accepted_as_people_type_it(typed: str) -> None:
    """Like an IBAN and a VPA: it is the same account, and kept in one form."""
    account = BankAccount.parse(iban=None, account_number="50100012345678", ifsc=typed)
    assert account == BankAccount.parse(iban=None, account_number="50100012345678", ifsc="HDFC0001234")
    assert account.ifsc == "HDFC0001234"


@pytest.mark.parametrize("ifsc", ["HDFC1001234", "\u017fBIN0001234", "", "HDFC-0001234", "HDF00001234", "HDFC000123", "HDFC00012345", None])
def test_an_ifsc_has_its_shape(ifsc: str | None) -> None:
    with pytest.raises(InvalidInstrument) as refused:
        BankAccount.parse(iban=None, account_number="50100012345678", ifsc=ifsc)
    assert refused.value.details["field"] == "ifsc"


@pytest.mark.parametrize("number", ["12345678", "1" * 19, "12345678a", None])
def test_an_account_number_has_its_shape(number: str | None) -> None:
    with pytest.raises(InvalidInstrument) as refused:
        BankAccount.parse(iban=None, account_number=number, ifsc="HDFC0001234")
    assert refused.value.details["field"] == "account_number"


def test_a_bank_account_is_one_of_two_kinds() -> None:
    with pytest.raises(InvalidInstrument):
        BankAccount.parse(iban=IBANS[0], account_number="50100012345678", ifsc="HDFC0001234")
    with pytest.raises(InvalidInstrument):
        BankAccount.parse(iban=None, account_number=None, ifsc=None)


@pytest.mark.parametrize("vpa", ["a@b@c", "rahul", "@okicici", "rahul@", "ra hul@okicici", "rahul@ok.icici", "r@okicici", "rahul@9ok"])
def test_a_vpa_has_its_shape(vpa: str) -> None:
    """Acceptance 27: VPA a@b@c."""
    with pytest.raises(InvalidInstrument) as refused:
        Upi.parse(vpa=vpa)
    assert refused.value.details["field"] == "vpa"
    assert vpa not in refused.value.message


ADDRESSES = ["12345@SBIN0001234.ifsc.npci", "9876543210@1234567.mmid.npci", "rahul.sharma-1_x@okicici", " Chai@OkBank "]


@pytest.mark.parametrize("typed", ADDRESSES)
def test_payers_and_payees_have_one_grammar_and_one_normal_form(typed: str) -> None:
    """What a merchant may be paid at, a token may stand for."""
    assert Upi.parse(vpa=typed).vpa == Settings(payee_vpa=typed).payee_vpa == typed.strip().lower()


@pytest.mark.parametrize(
    "typed", ["asha@example.com", "12345@SBIN0001234.ifsc", "a@npci", "\u212aamal@upi", "kamal@\u212aotak", "12345@" + "a" * 60 + ".npci"]
)
def test_what_is_no_vpa_is_neither_payee_nor_payer(typed: str) -> None:
    with pytest.raises(InvalidInstrument):
        Upi.parse(vpa=typed)
    with pytest.raises(ValidationError):
        Settings(payee_vpa=typed)


def test_a_vpa_is_the_same_in_upper_case_and_a_short_name_stays_hidden() -> None:
    assert Upi.parse(vpa=" Rahul.Sharma@OkIcici ").identity == Upi.parse(vpa="rahul.sharma@okicici").identity
    assert Upi.parse(vpa="9876543210@ybl").display.last4 == "3210"
    assert Upi.parse(vpa="rahul@ybl").display.last4 is None


@pytest.mark.parametrize(
    "instrument", [CARD, BankAccount(iban=IBANS[0]), BankAccount(account_number="50100012345678", ifsc="HDFC0001234"), Upi("rahul@ybl")]
)
def test_an_instrument_hides_itself(instrument: Instrument) -> None:
    secret = instrument.identity[-1]
    for text in (repr(instrument), str(instrument), f"{instrument}", repr([instrument])):
        assert secret not in text
    for serialise in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError) as refused:
            serialise(instrument)
        assert secret not in str(refused.value)
    assert from_bytes(to_bytes(instrument)) == instrument
