"""An invoice says who sells to whom, with tax numbers and the parts of the tax, as JSON, CSV and PDF."""

import csv
import io
from typing import Any

import pytest
from pypdf import PdfReader

from paycorex import settings
from tests.integration.statements.test_closed_periods import close, month_with
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

SELLER = {
    "seller_name": "Pay Operator Pvt Ltd",
    "seller_address": "1 MG Road, Bengaluru 560001",
    "seller_tax_id": "29AABCU9603R1ZJ",
    "seller_country": "IN",
}
BILLING = {"name": "Chai Point Retail", "address": "2 Church Street, Bengaluru 560001", "tax_id": "29AAACR5055K1Z3", "country": "IN"}


@pytest.fixture
def india(world: World) -> World:
    """A stack whose operator is in Karnataka."""
    settings.use(world.settings.model_copy(update=SELLER))
    return world


def invoiced(world: World, who: Signer, billing: dict[str, str] | None) -> dict[str, Any]:
    assert world.call(who, "PATCH", "/v1/merchants/me", {"billing": billing}).status == 200
    number = close(world, who, month_with(world, who))["invoice"]
    body: dict[str, Any] = world.call(who, "GET", f"/v1/invoices/{number}").body
    return body


def test_an_invoice_names_seller_and_buyer_and_the_parts_of_the_tax(india: World, merchant: Signer) -> None:
    shown = invoiced(india, merchant, BILLING)
    assert shown["seller"] == {name.removeprefix("seller_"): value for name, value in SELLER.items()}
    assert shown["buyer"] == BILLING
    assert shown["service_code"] == "997158"
    assert shown["lines"][0]["taxes"] == [{"name": "CGST", "amount": "0.09"}, {"name": "SGST", "amount": "0.09"}]
    number = shown["number"]
    reply = india.call(merchant, "GET", f"/v1/invoices/{number}?format=csv")
    rows = list(csv.DictReader(io.StringIO(reply.raw.decode())))
    assert [(row["tax_name"], row["tax"], row["fee"], row["total"]) for row in rows] == [
        ("CGST", "0.09", "1.00", "1.18"),
        ("SGST", "0.09", "", ""),
    ]
    assert {row["seller_tax_id"] for row in rows} == {SELLER["seller_tax_id"]}
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(india.call(merchant, "GET", f"/v1/invoices/{number}?format=pdf").raw)).pages
    )
    for said in (*SELLER.values(), *BILLING.values(), number, "997158", "CGST", "SGST", "0.09", "1.18"):
        assert said in text


@pytest.mark.parametrize(
    "billing", [BILLING | {"tax_id": "27AAPFU0939F1ZV"}, {"name": "No number"}, None], ids=["another state", "no number", "nothing set"]
)
def test_the_tax_between_states_is_one_part(india: World, merchant: Signer, billing: dict[str, str] | None) -> None:
    shown = invoiced(india, merchant, billing)
    assert shown["lines"][0]["taxes"] == [{"name": "IGST", "amount": "0.18"}]
    assert shown["buyer"]["name"] == (billing or {"name": "Chai Point"})["name"]


def test_a_month_with_charges_is_not_closed_until_the_stack_names_the_seller(world: World, merchant: Signer) -> None:
    settings.use(world.settings.model_copy(update={"seller_name": ""}))
    month = month_with(world, merchant)
    refused = world.call(merchant, "POST", f"/v1/periods/{month}/close", key="close")
    assert_refused(refused, "invalid_state")
    assert (refused.body["error"]["details"], "SellerName" in refused.body["error"]["message"]) == ({"parameter": "SellerName"}, True)
    assert world.call(merchant, "GET", "/v1/invoices").body["data"] == []
    assert world.call(merchant, "GET", "/v1/periods").body["data"] == []
    settings.use(world.settings.model_copy(update=SELLER))
    number = close(world, merchant, month, key="again")["invoice"]
    assert str(number).endswith("-000001")


def test_an_invoice_stays_as_it_was_when_the_parties_change(india: World, merchant: Signer) -> None:
    shown = invoiced(india, merchant, BILLING)
    assert india.call(merchant, "PATCH", "/v1/merchants/me", {"billing": None}).status == 200
    settings.use(india.settings.model_copy(update={"seller_name": "Another"}))
    assert india.call(merchant, "GET", f"/v1/invoices/{shown['number']}").body == shown


def test_a_number_that_is_no_gstin_is_refused(world: World, merchant: Signer) -> None:
    before = world.call(merchant, "GET", "/v1/merchants/me").body
    for billing in ({"tax_id": "29AABCU9603R1ZX", "country": "IN"}, {"country": "India"}, {"tax_id": "=cmd()"}, {"address": "x" * 301}):
        assert_refused(world.call(merchant, "PATCH", "/v1/merchants/me", {"billing": billing}), "invalid_request")
    assert world.call(merchant, "GET", "/v1/merchants/me").body["billing"] == before["billing"] == {}
