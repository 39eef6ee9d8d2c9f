"""Card numbers stay with the provider unless a company that was assessed says otherwise; Indian ones unless it says so once more."""

from typing import Any

import pytest

from paycorex import settings
from paycorex.records.merchant import MerchantItem
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

ME = "/v1/merchants/me"
CARD = {"user_id": "asha", "type": "card", "number": support.APPROVE, "expiry_month": 12, "expiry_year": 2031}
VAULT = {"card_storage": "vault", "i_am_pci_dss_assessed": True}


@pytest.fixture
def prod(world: World) -> World:
    settings.use(world.settings.model_copy(update={"stage": "prod", "allow_sandbox_connector": True}))
    return world


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


@pytest.fixture
def abroad(world: World) -> Signer:
    return world.register("Tea Ltd", currency="USD")


def keep(world: World, who: Signer, **more: Any) -> Reply:
    return world.call(who, "POST", "/v1/tokens/create", {**CARD, **more})


def choose(world: World, who: Signer, **fields: Any) -> dict[str, Any]:
    support.settings(world, who, **fields)
    found = world.call(who, "GET", ME).body
    return {name: found[name] for name in ("card_storage", "i_am_pci_dss_assessed", "allow_inr_pan")}


def test_outside_production_cards_are_kept_as_before(world: World, who: Signer) -> None:
    assert world.call(who, "GET", ME).body["card_storage"] == "vault"
    assert support.charge(world, who, support.APPROVE).status == 201


def test_in_production_no_card_number_is_taken_and_the_answer_says_what_to_do(prod: World, abroad: Signer) -> None:
    assert prod.call(abroad, "GET", ME).body["card_storage"] == "provider_only"
    with nothing_written(prod):
        refused = keep(prod, abroad)
        assert_refused(refused, "unsupported_method")
    message = refused.body["error"]["message"]
    assert "without token_id" in message
    assert "card_storage" in message
    assert support.APPROVE not in refused.raw.decode()
    assert prod.call(abroad, "POST", "/v1/tokens/create", {"user_id": "asha", "type": "upi", "vpa": "asha@okbank"}).status == 201
    begun = prod.call(abroad, "POST", "/v1/payments/create", {"amount": "10.00", "method": "tokenized"})
    assert begun.body["next_action"]["type"] == "provider_fields"


def test_a_company_that_was_assessed_keeps_cards_in_production(prod: World, abroad: Signer) -> None:
    assert choose(prod, abroad, **VAULT) == {**VAULT, "allow_inr_pan": False}
    assert keep(prod, abroad).status == 201
    assert support.charge(prod, abroad, support.APPROVE).status == 201


def test_a_vault_needs_the_assessment_said_and_keeps_it(world: World, who: Signer) -> None:
    world.call(who, "GET", ME)
    for wanted in ({"card_storage": "vault"}, {"card_storage": "vault", "i_am_pci_dss_assessed": False}):
        with nothing_written(world):
            refused = world.call(who, "PATCH", ME, wanted)
            assert_refused(refused, "invalid_request")
        assert refused.body["error"]["details"]["field"] == "i_am_pci_dss_assessed"
    choose(world, who, **VAULT)
    with nothing_written(world):
        assert_refused(world.call(who, "PATCH", ME, {"i_am_pci_dss_assessed": None}), "invalid_request")
    choose(world, who, name="Another name")
    assert choose(world, who, card_storage="provider_only")["card_storage"] == "provider_only"
    assert_refused(keep(world, who), "unsupported_method")
    assert choose(world, who, card_storage=None)["card_storage"] == "vault"


def test_indian_numbers_need_a_word_of_their_own(prod: World, who: Signer) -> None:
    choose(prod, who, **VAULT)
    with nothing_written(prod):
        refused = keep(prod, who)
        assert_refused(refused, "unsupported_method")
    assert "allow_inr_pan" in refused.body["error"]["message"]
    choose(prod, who, allow_inr_pan=True)
    assert keep(prod, who).status == 201


def test_a_kept_card_is_not_charged_in_rupees_without_that_word(prod: World, abroad: Signer) -> None:
    choose(prod, abroad, **VAULT)
    order = {"amount": "10.00", "method": "tokenized", "token_id": keep(prod, abroad).body["token_id"]}
    with nothing_written(prod):
        assert_refused(prod.call(abroad, "POST", "/v1/payments/create", {**order, "currency": "INR"}), "unsupported_method")
    assert prod.call(abroad, "POST", "/v1/payments/create", order).status == 201


def test_cards_that_were_kept_before_are_not_charged_any_more_and_can_be_deleted(world: World, abroad: Signer) -> None:
    token_id = keep(world, abroad).body["token_id"]
    order = {"amount": "10.00", "method": "tokenized", "token_id": token_id}
    assert world.call(abroad, "POST", "/v1/payments/create", order).body["status"] == "success"
    choose(world, abroad, card_storage="provider_only")
    for more in ({}, {"dry_run": True}, {"customer_initiated": False}, {"capture_method": "manual"}):
        with nothing_written(world):
            refused = world.call(abroad, "POST", "/v1/payments/create", order | more)
            assert_refused(refused, "unsupported_method")
        assert refused.body["error"]["details"] == {"field": "token_id", "card_storage": "provider_only"}
    assert world.call(abroad, "DELETE", f"/v1/tokens/{token_id}").status == 200


def test_a_merchant_of_before_has_the_stages_default(world: World, who: Signer) -> None:
    stored = world.dynamo.get_item(TableName="test-merchants", Key={"merchant_id": {"S": who.merchant_id}})["Item"]
    assert "card_storage" not in MerchantItem.load(stored).profile
    assert MerchantItem.load(stored).settings.card_storage is None
