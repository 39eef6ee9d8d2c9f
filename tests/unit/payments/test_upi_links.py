"""UPI links: encoded so that every app reads back exactly what was meant, within NPCI's limits."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paycorex.errors import UnsupportedCurrency
from paycorex.money import Money
from payments.methods.upi_links import MAX_NAME_CHARACTERS, MAX_NOTE_CHARACTERS, Payee, pay_link, transaction_reference

PAYMENT_ID = "pay_abcdefghijklmnopqrstuvwxyz"
NAMES = ["Chai & Co", "a=b", "50% off + tax", "चाय की दुकान", "☕🫖 Chai", "A/B?C#D", "O\"Neil's", "x;y,z", "naïve café", "    "]

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)


def link(name: str = "Chai Point", note: str | None = None, minor: int = 1234) -> str:
    return pay_link(Payee("shop.1@okbank", name, "5814"), Money(minor, "INR"), payment_id=PAYMENT_ID, note=note)


def read(upi_url: str) -> dict[str, str]:
    """As an app reads it: RFC 3986, where a plus is a plus."""
    parts = urlsplit(upi_url)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("upi", "pay", "", "")
    pairs = parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_a_whole_link() -> None:
    expected = "upi://pay?pa=shop.1@okbank&pn=Chai%20Point&tr=payabcdefghijklmnopqrstuvwxyz&am=12.34&cu=INR&tn=Table%207&mc=5814"
    assert link(note="Table 7") == expected


@pytest.mark.parametrize("text", NAMES)
def test_every_name_and_note_comes_back_as_it_was(text: str) -> None:
    upi_url = link(name=text, note=text)
    assert upi_url.isascii()
    assert " " not in upi_url
    fields = read(upi_url)
    assert (fields["pn"], fields["tn"]) == (text, text)
    assert fields["pa"] == "shop.1@okbank"


@given(name=TEXT, note=TEXT)
def test_no_text_adds_or_hides_a_field(name: str, note: str) -> None:
    fields = read(link(name=name, note=note))
    assert set(fields) == {"pa", "pn", "tr", "am", "cu", "tn", "mc"}
    assert fields["am"] == "12.34"
    assert fields["pn"] == name[:MAX_NAME_CHARACTERS]
    assert fields["tn"] == note[:MAX_NOTE_CHARACTERS]


def test_what_is_not_known_is_left_out() -> None:
    fields = read(pay_link(Payee("a@b", "A"), Money(1, "INR"), payment_id=PAYMENT_ID, note=None))
    assert set(fields) == {"pa", "pn", "tr", "am", "cu"}
    assert fields["am"] == "0.01"


def test_the_reference_has_letters_and_digits_only() -> None:
    reference = transaction_reference(PAYMENT_ID)
    assert reference.isalnum()
    assert len(reference) <= 35


def test_upi_moves_rupees_only() -> None:
    with pytest.raises(UnsupportedCurrency):
        pay_link(Payee("a@b", "A"), Money(1, "USD"), payment_id=PAYMENT_ID, note=None)
