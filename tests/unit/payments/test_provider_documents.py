"""What a provider's document may put into records: names, codes and addresses within their bounds, or it is malformed."""

import pytest

from payments.connectors import documents
from payments.connectors.documents import MAX_CODE_CHARACTERS, MAX_REFERENCE_CHARACTERS, MAX_URL_CHARACTERS, Malformed

LONGEST = "https://bank.example/" + "a" * (MAX_URL_CHARACTERS - 21)


@pytest.mark.parametrize("address", ["https://bank.example/3ds?x=1", LONGEST])
def test_an_address_that_a_payer_follows_is_taken_as_it_is(address: str) -> None:
    assert documents.url({"next": {"url": address}}, "next", "url") == address


@pytest.mark.parametrize(
    "address",
    [LONGEST + "a", "http://bank.example/", "javascript:alert(1)", "https://bank.example/ a", "https://bank.example/\u202e", "", None, 7],
)
def test_any_other_address_is_malformed(address: object) -> None:
    with pytest.raises(Malformed):
        documents.url({"url": address}, "url")


def test_a_upi_link_is_an_address_of_its_own_scheme() -> None:
    assert documents.url({"link": "upi://pay?pa=shop@bank"}, "link", schemes=("upi://",)) == "upi://pay?pa=shop@bank"
    with pytest.raises(Malformed):
        documents.url({"link": "https://bank.example"}, "link", schemes=("upi://",))


def test_a_reference_is_bounded_and_a_code_is_cut() -> None:
    assert documents.reference({"id": "r" * MAX_REFERENCE_CHARACTERS}, "id") == "r" * MAX_REFERENCE_CHARACTERS
    with pytest.raises(Malformed):
        documents.reference({"id": "r" * (MAX_REFERENCE_CHARACTERS + 1)}, "id")
    assert documents.code_or({"code": "c" * 500}, "declined", "code") == "c" * MAX_CODE_CHARACTERS
