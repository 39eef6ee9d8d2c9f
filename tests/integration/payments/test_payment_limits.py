"""How much one payment moves at most: an amount that was meant in paise is refused with what to do, and nothing else changes."""

import pytest

from paycorex import settings
from tests.integration.payments.test_checkout import begin, choose, page, show
from tests.support.expectations import nothing_written
from tests.support.people import join
from tests.support.world import Signer, World

PAISE = {"amount": "150000", "method": "upi_intent"}


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


def limited(world: World, who: Signer, **limits: str | None) -> dict[str, str]:
    changed = world.call(who, "PATCH", "/v1/merchants/me", {"payment_limits": limits})
    assert changed.status == 200, changed.body
    world.clock.now += 120
    shown: dict[str, str] = changed.body["payment_limits"]
    return shown


def test_paise_that_were_meant_as_rupees_are_refused_with_what_to_do(world: World, who: Signer) -> None:
    world.call(who, "GET", "/v1/merchants/me")
    with nothing_written(world):
        refused = world.call(who, "POST", "/v1/payments/create", PAISE, key="order-1")
    assert (refused.status, refused.code) == (422, "limit_exceeded")
    error = refused.body["error"]
    assert error["details"] == {"field": "amount", "limit": "payment_limits.upi_intent", "maximum": "100000.00", "currency": "INR"}
    assert "A payment by upi_intent is at most 100000.00 INR (payment_limits.upi_intent), and this one is 150000.00." in error["message"]
    assert "if 1500.00 INR was meant, send that" in error["message"]
    assert "raise payment_limits.upi_intent by PATCH /v1/merchants/me" in error["message"]
    mended = world.call(who, "POST", "/v1/payments/create", PAISE | {"amount": "1500.00"}, key="order-1")
    assert mended.status == 201


def test_a_dry_run_is_refused_alike(world: World, who: Signer) -> None:
    assert world.call(who, "POST", "/v1/payments/create", PAISE | {"dry_run": True}).code == "limit_exceeded"


def test_a_merchant_sets_its_own_by_method(world: World, who: Signer) -> None:
    shown = world.call(who, "GET", "/v1/merchants/me").body["payment_limits"]
    assert shown == {"crypto": "1000000.00", "tokenized": "1000000.00", "upi_intent": "100000.00", "wallet": "1000000.00"}
    assert limited(world, who, wallet="500", upi_intent="200000") == shown | {"wallet": "500.00", "upi_intent": "200000.00"}
    world.call(who, "POST", "/v1/wallet/create", {"user_id": "asha"})
    world.call(who, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "100000"})
    pay = {"method": "wallet", "user_id": "asha"}
    assert world.call(who, "POST", "/v1/payments/create", pay | {"amount": "500.00"}).status == 201
    assert world.call(who, "POST", "/v1/payments/create", pay | {"amount": "500.01"}).code == "limit_exceeded"
    assert world.call(who, "POST", "/v1/payments/create", PAISE).status == 201
    assert limited(world, who, wallet=None)["wallet"] == "1000000.00"


def test_a_hold_is_made_larger_within_the_limit_only(world: World, who: Signer) -> None:
    limited(world, who, wallet="500")
    world.call(who, "POST", "/v1/wallet/create", {"user_id": "asha"})
    world.call(who, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "100000"})
    held = world.call(
        who, "POST", "/v1/payments/create", {"method": "wallet", "user_id": "asha", "amount": "400", "capture_method": "manual"}
    ).body
    path = f"/v1/payments/{held['payment_id']}/increment"
    assert world.call(who, "POST", path, {"amount": "600"}).code == "limit_exceeded"
    assert world.call(who, "POST", path, {"amount": "500"}).status == 200


def test_the_operator_sets_what_holds_for_the_rest(world: World, who: Signer) -> None:
    settings.use(world.settings.model_copy(update={"upi_payment_limit_rupees": 0, "payment_limit_rupees": 50}))
    assert world.call(who, "POST", "/v1/payments/create", PAISE).status == 201
    assert world.call(who, "GET", "/v1/merchants/me").body["payment_limits"]["wallet"] == "50.00"


def test_a_retry_finds_its_payment_after_the_limit_was_lowered(world: World, who: Signer) -> None:
    made = world.call(who, "POST", "/v1/payments/create", {"amount": "900", "method": "upi_intent"}, key="order-1")
    limited(world, who, upi_intent="500")
    again = world.call(who, "POST", "/v1/payments/create", {"amount": "900", "method": "upi_intent"}, key="order-1")
    assert (again.status, again.body["payment_id"]) == (201, made.body["payment_id"])
    assert world.call(who, "POST", "/v1/payments/create", {"amount": "900", "method": "upi_intent"}, key="order-2").code == "limit_exceeded"


def test_other_currencies_have_only_what_their_merchant_set(world: World) -> None:
    who = world.register(currency="USD")
    assert world.call(who, "GET", "/v1/merchants/me").body["payment_limits"] == {}
    assert limited(world, who, tokenized="99.5") == {"tokenized": "99.50"}
    wrong = world.call(who, "PATCH", "/v1/merchants/me", {"payment_limits": {"tokenized": "1.005"}})
    assert wrong.code == "invalid_amount"
    assert world.call(who, "PATCH", "/v1/merchants/me", {"payment_limits": {"cash": "1"}}).code == "invalid_request"


def test_a_person_of_the_console_has_the_merchants_limits_too(world: World, who: Signer) -> None:
    owner = join(world, who)
    with nothing_written(world):
        refused = owner.send("POST", "/v1/payments/create", PAISE | {"dry_run": True})
    assert (refused.status, refused.code) == (422, "limit_exceeded")


def test_a_payer_of_a_checkout_is_offered_and_given_no_more_than_the_limit_of_a_method(world: World, who: Signer) -> None:
    limited(world, who, tokenized="200000")
    session = begin(world, who, "150000.00")
    assert "Any UPI app" not in page(world, session["url"]).raw.decode()
    with nothing_written(world):
        refused = choose(world, session, {"method": "upi_intent"})
    assert (refused.status, refused.code) == (422, "unsupported_method")
    assert show(world, who, session)["payment_ids"] == []
    within = begin(world, who, "99999.00")
    assert "Any UPI app" in page(world, within["url"]).raw.decode()
    assert choose(world, within, {"method": "upi_intent"}).status == 200
