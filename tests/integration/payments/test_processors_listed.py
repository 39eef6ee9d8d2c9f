"""What `GET /v1/processors` says: each connector once, by name, and of each what can be done with it here."""

from typing import Any

from paycorex import processors
from payments.connectors.prism.processors import of as facts_of
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World


def listed(world: World, who: Signer, *, limit: int) -> list[dict[str, Any]]:
    """All of them, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = world.call(who, "GET", f"/v1/processors?limit={limit}{cursor}").body
        found += page["data"]
        assert len(page["data"]) <= limit
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def test_each_is_listed_once_and_shown_alike(world: World, who: Signer) -> None:
    found = listed(world, who, limit=40)
    names = [one["name"] for one in found]
    assert names == sorted({one.name for one in processors.every()})
    for one in found[:: len(found) // 8]:
        assert world.call(who, "GET", f"/v1/processors/{one['name']}").body == one


def test_what_can_be_done_is_what_is_done_here(world: World, who: Signer) -> None:
    shown = {name: world.call(who, "GET", f"/v1/processors/prism:{name}").body for name in ("paypal", "adyen", "braintree", "worldpay")}
    assert all(one["certified"] for one in shown.values())
    assert {name: one["flows"]["disputes"] for name, one in shown.items()} == {
        "paypal": True,
        "adyen": True,
        "braintree": True,
        "worldpay": False,
    }
    assert {name: one["flows"]["card_fields"] for name, one in shown.items()} == {
        "paypal": True,
        "adyen": True,
        "braintree": True,
        "worldpay": False,
    }
    # What the library has and cannot be used here says why.
    assert shown["braintree"]["flows"]["three_ds"] is False
    assert [limit["flow"] for limit in shown["braintree"]["limits"]] == ["three_ds", "callbacks"]
    assert (shown["adyen"]["flows"]["lookup"], shown["adyen"]["lookup_by"]) == (False, None)
    assert {one["name"] for one in shown["adyen"]["credentials"] if one["required"]} == {"api_key", "merchant_account"}


def test_callbacks_that_are_read_here_and_not_by_the_library_are_said(world: World, who: Signer) -> None:
    can = {
        name: world.call(who, "GET", f"/v1/processors/prism:{name}").body["flows"]["callbacks"]
        for name in ("payu", "globalpay", "braintree")
    }
    assert can == {"payu": True, "globalpay": True, "braintree": False}


def test_one_that_there_is_not_is_not_found(world: World, who: Signer) -> None:
    for name in ("prism:acme", "adyen", "prism:razorpay"):
        assert_refused(world.call(who, "GET", f"/v1/processors/{name}"), "not_found")
    assert_refused(world.call(who, "GET", "/v1/processors?limit=0"), "invalid_request")
    assert_refused(world.call(who, "GET", "/v1/processors?cursor=nonsense"), "invalid_cursor")


def test_what_finds_a_payment_and_a_refund_is_what_is_asked_here(world: World, who: Signer) -> None:
    """The library asks some processors by their own name only, where their documents have a question by ours."""
    for one in (each for each in listed(world, who, limit=40) if each["name"].startswith("prism:")):
        known = facts_of(one["name"].removeprefix("prism:"))
        assert (one["lookup_by"] == "our_reference") == ("get" in known.finds), one["name"]
        assert (one["refund_lookup_by"] == "our_reference") == ("refund_get" in known.finds), one["name"]
        limited = "callbacks" in {limit["flow"] for limit in one["limits"]}
        assert one["flows"]["callbacks"] or limited or known.callback is None, one["name"]
    shown = {
        name: world.call(who, "GET", f"/v1/processors/prism:{name}").body
        for name in ("braintree", "phonepe", "cashfree", "payu", "checkout")
    }
    assert {name: (one["lookup_by"], one["refund_lookup_by"]) for name, one in shown.items()} == {
        "braintree": ("our_reference", "our_reference"),
        "phonepe": ("our_reference", "our_reference"),
        "cashfree": ("our_reference", "our_reference"),
        "payu": ("our_reference", "provider_reference"),
        "checkout": ("provider_reference", "provider_reference"),
    }
    assert shown["payu"]["flows"]["callbacks"] is True
