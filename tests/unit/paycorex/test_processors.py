"""The table of processors: what is in it holds together, and it is what the library and our own connectors answer today."""

import os
from typing import Final

import pytest

from local.probing import asking, catalogue, documents, own
from local.probing.entries import entries
from paycorex import processors
from paycorex.currencies import EXPONENTS
from payments.connectors.prism.library import Library

FLOWS: Final = {
    *("authorize", "capture", "void", "increment", "refund", "lookup", "refund_lookup", "callbacks", "disputes", "three_ds", "recurring"),
}
# With one currency, with a page of its own, paid by a token, with nothing that can be paid, and common ones. All: PROBED=all.
SOME: Final = ("adyen", "billwerk", "forte", "kount", "paypal", "revolut")


def probed(loaded: Library) -> list[str]:
    return asking.names(loaded) if os.environ.get("PROBED") == "all" else list(SOME)


def test_the_table_is_what_the_library_answers(processors_library: Library) -> None:
    """The rest follows from the same pins and the same questions, whose hash is in the table."""
    names = probed(processors_library)
    stored = {one["name"]: one for one in catalogue.stored()["processors"]}
    fresh = {one["name"]: one for one in entries(processors_library, names)}
    assert {name: stored.get(name) for name in fresh} == fresh, "run: make processors"
    assert {f"prism:{name}" for name in names} & set(stored) == set(fresh)


def test_the_table_was_made_from_these_pins_and_questions() -> None:
    assert catalogue.stored()["source"] == catalogue.source(), "run: make processors"


def test_our_own_connectors_are_in_the_same_table() -> None:
    stored = [one for one in catalogue.stored()["processors"] if not one["name"].startswith("prism:")]
    assert stored == sorted(own.entries(), key=lambda one: str(one["name"])), "run: make processors ONLY=own"


def test_the_table_is_written_as_it_is_read(processors_library: Library) -> None:
    found = [one for one in catalogue.stored()["processors"] if one["name"].startswith("prism:")]
    assert catalogue.TARGET.read_text(encoding="utf-8") == catalogue.render(found, catalogue.stored()["source"])


def test_every_processor_says_all_of_it() -> None:
    every = processors.every()
    assert len(every) > 90
    assert len({one.name for one in every}) == len(every)
    for one in every:
        assert set(one.flows) == FLOWS, one.name
        assert one.flows["authorize"], one.name
        assert one.methods, one.name
        assert one.currencies is None or (one.currencies and set(one.currencies) <= set(EXPONENTS)), one.name
        assert one.flows["lookup"] is (one.lookup_by is not None), one.name
        assert one.flows["refund_lookup"] is (one.refund_lookup_by is not None), one.name
        assert processors.find(one.name) is one


@pytest.mark.parametrize(
    "name",
    [
        *("adyen", "airwallex", "authorizedotnet", "braintree", "cashfree", "checkout", "cybersource", "nuvei", "paypal", "payu"),
        *("phonepe", "stripe", "worldpay"),
    ],
)
def test_those_that_merchants_know_are_offered(name: str) -> None:
    found = processors.find(f"prism:{name}")
    assert found is not None
    assert any(one.required for one in found.credentials)
    assert all(found.flows[flow] for flow in ("authorize", "refund", "lookup"))


def test_razorpay_has_no_credentials_in_this_library_yet(processors_library: Library) -> None:
    """It is among the library's names and cannot be asked: a newer wheel that can is found by this, and Razorpay goes both ways then."""
    assert "RAZORPAY" in processors_library.payment.Connector.keys()  # noqa: SIM118 - an enum's wrapper is no mapping
    assert "razorpay" not in asking.names(processors_library)
    assert processors.find("prism:razorpay") is None


def test_what_everybody_knows_of_some_is_found() -> None:
    adyen, forte, phonepe = (processors.find(f"prism:{name}") for name in ("adyen", "forte", "phonepe"))
    assert adyen is not None
    assert {"card", "ideal", "apple_pay", "google_pay"} <= set(adyen.methods)
    assert adyen.flows["disputes"]
    assert adyen.flows["callbacks"]
    assert [one.name for one in adyen.credentials if one.required] == ["api_key", "merchant_account"]
    assert forte is not None
    assert forte.currencies == ("USD",)
    assert phonepe is not None
    assert {"upi_intent", "upi_qr"} <= set(phonepe.methods)
    assert "card" not in phonepe.methods


def test_a_payment_that_gave_no_answer_is_found_only_where_a_request_names_it_as_we_do() -> None:
    by = {one.name: (one.lookup_by, one.refund_lookup_by) for one in processors.every()}
    assert by["prism:cashfree"][0] == by["prism:payu"][0] == by["prism:nmi"][0] == "our_reference"
    assert by["prism:checkout"] == ("provider_reference", "provider_reference")
    # Its request carries our name in a header, for the log.
    assert by["prism:paypal"] == ("provider_reference", "provider_reference")


def test_the_documents_table_is_what_the_route_answers() -> None:
    text = documents.DOCUMENT.read_text(encoding="utf-8")
    assert text == documents.render(text), "run: make processors ONLY=own"
    assert all(f"| `{one.name}` |" in text for one in processors.every())


def test_no_processor_is_asked_where_a_merchant_wants() -> None:
    """An address of a merchant's choice would get the payer's card."""
    assert [one.name for one in processors.every() if any("url" in field.name for field in one.credentials)] == ["prism:tsys_transit"]


def test_only_those_in_the_table_are_certified() -> None:
    names = {one.name for one in processors.every()}
    assert processors.certified() <= names


def test_an_unknown_name_is_none() -> None:
    assert processors.find("prism:acme") is None
    assert processors.find("adyen") is None
