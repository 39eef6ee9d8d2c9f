"""A UPI payment that is held: the payer's bank blocks the amount by a one-time mandate, which is debited once, or released."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from payments.connectors.sandbox import holds as sandbox_holds
from payments.methods import upi_mandates
from tests.support import payments as support
from tests.support.gateway import Reply
from tests.support.world import Signer, World

# The sandbox's payer has approved by then.
APPROVED_SECONDS = 60


@pytest.fixture
def shop(world: World, who: Signer) -> Signer:
    support.settings(world, who, merchant_category_code="5411", payee_vpa="shop@okbank")
    return who


def block(world: World, who: Signer, amount: str = "100.00", **more: Any) -> Reply:
    return support.collect(world, who, amount, capture_method="manual", **more)


def blocked(world: World, who: Signer, amount: str = "100.00") -> str:
    payment_id: str = block(world, who, amount).body["payment_id"]
    support.tick(world, after_seconds=APPROVED_SECONDS)
    assert support.show(world, who, payment_id)["status"] == "authorized"
    return payment_id


def call(world: World, who: Signer, payment_id: str, what: str, **body: Any) -> Reply:
    return world.call(who, "POST", f"/v1/payments/{payment_id}/{what}", body)


def test_the_link_makes_a_one_time_mandate(world: World, shop: Signer) -> None:
    made = block(world, shop, description="Room 12")
    assert (made.status, made.body["status"], made.body["capture_method"]) == (201, "pending", "manual")
    link = urlsplit(made.body["next_action"]["upi_url"])
    said = {name: value for name, (value,) in parse_qs(link.query).items()}
    start, end = said.pop("validitystart"), said.pop("validityend")
    assert (link.scheme, link.netloc) == ("upi", "mandate")
    assert said == {
        "pa": "shop@okbank", "pn": "Chai Point", "mn": "Room 12", "tn": "Room 12", "am": "100.00",
        "tr": made.body["payment_id"].replace("_", ""),
        "amrule": "MAX", "recur": "ONETIME", "block": "Y", "rev": "N", "cu": "INR", "mc": "5411", "mode": "04", "purpose": "01",
        "txnType": "CREATE",
    }  # fmt: skip
    assert (len(start), len(end), start != end) == (8, 8, True)
    assert support.stored(made.body["payment_id"]).entries is None


def test_the_day_of_a_mandate_is_indias() -> None:
    at = 1_767_209_400_000  # 2025-12-31 19:30 UTC, which is 2026-01-01 01:00 in India
    assert upi_mandates._day(at) == "01012026"


def test_what_is_blocked_is_debited_once_and_the_rest_released(world: World, shop: Signer) -> None:
    payment_id = blocked(world, shop)
    assert support.balances(shop) == (0, 0, 0)
    shown = support.show(world, shop, payment_id)["authorization"]
    assert (shown["status"], shown["capturable"]) == ("authorized", "100.00")
    twice = call(world, shop, payment_id, "capture", amount="30.00", final=False)
    assert (twice.status, twice.code, twice.body["error"]["details"]["captures"]) == (422, "not_capturable", "one_part")
    made = call(world, shop, payment_id, "capture", amount="80.00")
    assert (made.status, made.body["status"]) == (201, "success")
    support.settle_all(world)
    shown = support.show(world, shop, payment_id)
    assert (shown["status"], shown["amount_captured"], shown["authorization"]["status"]) == ("success", "80.00", "released")
    assert support.balances(shop) == (-8000, 0, 8000)
    assert world.call(shop, "POST", "/v1/payments/refund", {"payment_id": payment_id, "amount": "80.01"}).status == 422
    assert world.call(shop, "POST", "/v1/payments/refund", {"payment_id": payment_id}).body["amount"] == "80.00"
    assert support.findings() == []


def test_a_void_gives_the_payer_the_money_back(world: World, shop: Signer) -> None:
    payment_id = blocked(world, shop)
    assert call(world, shop, payment_id, "void").body["authorization"]["status"] == "voided"
    assert (support.show(world, shop, payment_id)["status"], support.balances(shop)) == ("failed", (0, 0, 0))
    assert (call(world, shop, payment_id, "capture").status, support.findings()) == (422, [])


def test_a_mandate_that_is_not_debited_ends_by_its_days(world: World, shop: Signer) -> None:
    payment_id = blocked(world, shop)
    support.tick(world, after_seconds=sandbox_holds.MANDATE_DAYS * 86_400)
    shown = support.show(world, shop, payment_id)
    assert (shown["status"], shown["failure_code"], shown["authorization"]["status"]) == ("failed", "expired", "expired")


@pytest.mark.parametrize(("amount", "code"), [("10.01", "expired"), ("10.02", "payment_declined")])
def test_a_payer_who_makes_no_mandate(world: World, shop: Signer, amount: str, code: str) -> None:
    payment_id = block(world, shop, amount).body["payment_id"]
    support.tick(world, after_seconds=APPROVED_SECONDS)
    support.tick(world, after_seconds=1000)
    shown = support.show(world, shop, payment_id)
    assert (shown["status"], shown["failure_code"], shown["authorization"]["status"]) == ("failed", code, "failed")


def test_a_mandate_that_is_approved_too_late_is_released(world: World, shop: Signer) -> None:
    payment_id = block(world, shop, "10.03").body["payment_id"]
    support.tick(world, after_seconds=930)
    assert support.show(world, shop, payment_id)["failure_code"] == "expired"
    support.settle_all(world, ticks=4)
    for _ in range(3):
        support.tick(world, after_seconds=600)
    (line,) = support.books()
    assert (support.show(world, shop, payment_id)["status"], line.status) == ("failed", "released")


def test_a_payer_approves_on_the_page(world: World, shop: Signer) -> None:
    made = block(world, shop).body
    page = urlsplit(made["next_action"]["pay_url"])
    target = f"{page.path}/sandbox?{page.query}"
    decided = world.send("POST", target, [("Content-Type", "application/json")], b'{"outcome": "approve"}')
    assert decided.status == 200, decided.raw
    assert support.show(world, shop, made["payment_id"])["status"] == "authorized"


def test_what_cannot_be_blocked_is_said_at_once(world: World, who: Signer) -> None:
    """At create and in a dry run alike, and nothing is stored."""
    cases: list[tuple[dict[str, Any], str, int, str]] = [
        ({"payee_vpa": "shop@okbank"}, "10.00", 409, "invalid_state"),
        ({"merchant_category_code": "5411", "payment_limits": {"upi_intent": "200000.00"}}, "100000.01", 422, "unsupported_amount"),
        ({"connectors": {"razorpay": support.RAZORPAY}}, "10.00", 422, "unsupported_method"),
    ]
    for settings, amount, status, code in cases:
        support.settings(world, who, **settings)
        for more in ({}, {"dry_run": True}):
            refused = block(world, who, amount, **more)
            assert (refused.status, refused.code) == (status, code), refused.raw
    assert support.books() == []


def test_a_dry_run_says_that_nothing_moves(world: World, shop: Signer) -> None:
    planned = block(world, shop, dry_run=True).body
    assert (planned["entries"], planned["events"]) == ([], ["payment.created", "payment.authorized"])
    assert planned["payment"]["next_action"]["upi_url"].startswith("upi://mandate?")
