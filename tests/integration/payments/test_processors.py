"""Connectors `prism:<processor>`: their settings, what is said where their library is missing, and whether credentials are accepted."""

from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import settings
from payments.connectors.prism import library
from tests.fakes.receiver_behaviours import Hang, Reply
from tests.integration.payments.processors import fake
from tests.integration.payments.processors.checkout import Fake as Checkout
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

ME = "/v1/merchants/me"
ADYEN = {"api_key": "AQE1-secret-key", "merchant_account": "ShopECOM"}
VERIFY = "/v1/merchants/connectors/prism:checkout/verify"


@pytest.mark.parametrize(
    ("connectors", "says"),
    [
        ({"prism:nope": ADYEN}, "'prism:nope' is no connector"),
        ({"adyen": ADYEN}, "'adyen' is no connector"),
        ({"prism:adyen": {"api_key": "AQE1"}}, "merchant_account is missing"),
        ({"prism:adyen": {**ADYEN, "secret_key": "x"}}, "prism:adyen takes api_key, merchant_account, review_key (optional)"),
        ({"prism:adyen": {**ADYEN, "secret_key": "x"}}, "'secret_key' is no field of it"),
        ({"prism:adyen": {}}, "api_key is missing"),
        ({"prism:adyen": {**ADYEN, "api_key": None}}, "api_key is a text"),
        ({"prism:adyen": {**ADYEN, "api_key": ""}}, "api_key is a text"),
        ({"prism:adyen": {**ADYEN, "api_key": 5}}, "api_key is a text"),
        ({"prism:adyen": {**ADYEN, "api_key": "a\x1bb"}}, "api_key is a text"),
        ({"prism:adyen": "AQE1"}, "an object with the processor's credentials"),
    ],
)
def test_settings_are_exactly_the_processors_own(world: World, who: Signer, connectors: Any, says: str) -> None:
    with nothing_written(world):
        refused = world.call(who, "PATCH", ME, {"connectors": connectors})
        assert_refused(refused, "invalid_request")
        assert says in refused.raw.decode()
        assert "AQE1" not in refused.raw.decode()


def test_credentials_are_sealed_replaced_and_removed(world: World, who: Signer) -> None:
    changed = world.call(who, "PATCH", ME, {"connectors": {"prism:adyen": ADYEN}})
    assert changed.body["connectors"] == {"prism:adyen": {"configured": True}}
    assert "AQE1-secret-key" not in str(world.dump())
    rules = [{"use": [{"connector": "prism:adyen"}]}]
    assert world.call(who, "PATCH", ME, {"routing_rules": rules}).status == 200
    assert world.call(who, "PATCH", ME, {"connectors": {"prism:adyen": None}}).code == "invalid_state"
    assert world.call(who, "PATCH", ME, {"connectors": {"prism:adyen": None}, "routing_rules": []}).body["connectors"] == {}


def test_without_the_library_a_processor_is_unavailable_and_says_why(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    support.settings(world, who, connectors={"prism:checkout": dict(Checkout.credentials)})
    monkeypatch.setattr(library, "_loaded", library.Missing("The layer with the processors' library is not here."))
    card = support.token(world, who, fake.APPROVED)
    order = {"amount": "10.00", "method": "tokenized", "token_id": card}
    with nothing_written(world):
        for dry_run in ({}, {"dry_run": True}):
            refused = world.call(who, "POST", "/v1/payments/create", {**order, **dry_run})
            assert_refused(refused, "processor_unavailable")
            assert refused.body["error"]["message"] == "The layer with the processors' library is not here."
    assert_refused(world.call(who, "POST", VERIFY, {}), "processor_unavailable")
    # Its signature cannot be judged here: it is to be sent again, and is no forgery.
    assert_refused(world.send("POST", f"/v1/callbacks/prism:checkout/{who.merchant_id}", [], b"{}"), "temporarily_unavailable")
    support.settings(world, who, routing_rules=[{"use": [{"connector": "prism:checkout"}, {"connector": "sandbox", "weight": 0}]}])
    assert world.call(who, "POST", "/v1/payments/create", order).body["provider"] == "sandbox"


@pytest.mark.parametrize("currency", ["ISK", "MGA", "CLP"])
@pytest.mark.usefixtures("processors_library")
def test_a_currency_that_is_counted_otherwise_is_refused_unsent(world: World, who: Signer, currency: str) -> None:
    support.settings(world, who, connectors={"prism:checkout": dict(Checkout.credentials)})
    refused = support.charge(world, who, fake.APPROVED, "1000", currency=currency)
    assert_refused(refused, "unsupported_amount")
    assert refused.body["error"]["message"] == f"checkout counts {currency} otherwise than ISO 4217 does."


@pytest.fixture
def checkout(world: World, who: Signer, processors_library: library.Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checkout]:
    monkeypatch.setattr("payments.connectors.http_calls.LOOKUP_SECONDS", 0.5)
    with Checkout() as server:
        settings.use(world.settings.model_copy(update={"prism_base_url": server.url("").rstrip("/")}))
        support.settings(world, who, connectors={"prism:checkout": dict(Checkout.credentials)})
        yield server


def test_verify_asks_about_a_payment_that_does_not_exist(world: World, who: Signer, checkout: Checkout) -> None:
    assert world.call(who, "POST", VERIFY, {}).body["accepted"] is True
    assert [request.method for request in checkout.requests] == ["GET"]
    checkout.trouble["/payments"] = Reply(401, b"{}")
    refused = world.call(who, "POST", VERIFY, {}).body
    assert (refused["accepted"], "401" in refused["reason"]) == (False, True)
    checkout.trouble["/payments"] = Reply(418, b"{}")
    assert "does not show whether" in world.call(who, "POST", VERIFY, {}).body["reason"]
    checkout.trouble["/payments"] = Hang()
    assert world.call(who, "POST", VERIFY, {}).code == "provider_unavailable"


def test_a_card_without_its_security_code_goes_on_to_another_connector(world: World, who: Signer, checkout: Checkout) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": "prism:checkout"}, {"connector": "sandbox", "weight": 0}]}])
    payment = support.charge(world, who, fake.APPROVED).body
    assert [(attempt["connector"], attempt["code"]) for attempt in payment["attempts"]] == [
        ("prism:checkout", "missing_security_code"),
        ("sandbox", None),
    ]
    assert checkout.requests == []


def test_security_code_and_payer_are_in_no_table_and_no_log(
    world: World, who: Signer, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    payer = {"name": "Canary Kestrel", "email": "canary@kestrel.example", "phone": "+919000012345"}
    paid = support.charge(world, who, fake.APPROVED, security_code="7391", payer=payer)
    assert paid.body["status"] == "success"
    assert b"7391" in checkout.requests[0].body
    seen = str(world.dump()) + capsys.readouterr().out + paid.raw.decode()
    assert not [canary for canary in ("7391", "Canary", "canary@", "9000012345") if canary in seen]
