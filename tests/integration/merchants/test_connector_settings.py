"""Connector settings: names, fields and shapes are checked, rules name what is there, and no mistake sends a payment to the sandbox."""

import json
from typing import Any

import pytest

from local.paths import ROOT
from merchants import connector_settings
from paycorex import routing_rules, settings, storage
from paycorex.connectors import SANDBOXES
from paycorex.records.merchant import MerchantItem
from payments.connectors import capabilities
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

ME = "/v1/merchants/me"
FUNCTIONS = ROOT / "functions"
STRIPE = {"secret_key": "sk_test_51", "webhook_secret": "whsec_x1"}
RAZORPAY = {"key_id": "rzp_test_1", "key_secret": "s3cret"}


def rules(*names: str) -> list[dict[str, Any]]:
    return [{"use": [{"connector": name}]} for name in names]


def test_the_names_are_those_that_payments_know() -> None:
    assert set(connector_settings.NAMES) == set(capabilities.METHODS)
    assert set(SANDBOXES) <= set(capabilities.METHODS)
    for name in connector_settings.NAMES:
        assert routing_rules.RuleTarget(connector=name).connector == name


@pytest.mark.parametrize(
    ("connectors", "says"),
    [
        ({"strpe": STRIPE}, "'strpe' is no connector; there are sandbox, sandbox_backup, stripe, razorpay"),
        ({"Stripe": STRIPE}, "is no connector"),
        ({"stripe": {"secretkey": "sk_test_51"}}, "'secretkey' is no field of it, secret_key is missing"),
        ({"stripe": RAZORPAY}, "webhook_secret (optional), card_features (optional): 'key_id' is no field of it"),
        ({"stripe": RAZORPAY}, "stripe takes secret_key, publishable_key (optional), "),
        ({"stripe": {}}, "secret_key is missing"),
        ({"stripe": {"webhook_secret": "whsec_x1"}}, "secret_key is missing"),
        ({"stripe": {"secret_key": "pk_test_51"}}, "not a publishable one (pk_)"),
        ({"stripe": {**STRIPE, "publishable_key": "sk_test_51"}}, "never a secret one"),
        ({"stripe": {**STRIPE, "publishable_key": "pk_live_51"}}, "publishable_key is not of the same mode as secret_key (test)"),
        ({"stripe": {"secret_key": "rzp_test_1"}}, "a secret or restricted key"),
        ({"stripe": {"secret_key": "sk_test_51 "}}, "stripe.secret_key"),
        ({"stripe": {"secret_key": None}}, "stripe.secret_key"),
        ({"stripe": {**STRIPE, "webhook_secret": "sk_test_51"}}, "(whsec_)"),
        ({"stripe": {**STRIPE, "sk_live_abcdef0123456789": "x"}}, "'[redacted]' is no field of it"),
        ({"razorpay": {"key_id": "rzp_test_1"}}, "key_secret is missing"),
        ({"razorpay": {**RAZORPAY, "key_id": "sk_test_51"}}, "the key id (rzp_test_ or rzp_live_)"),
        ({"razorpay": {**RAZORPAY, "key_secret": "rzp_test_1"}}, "not its id"),
        ({"razorpay": {**RAZORPAY, "key_secret": "sk_test_51"}}, "another provider's key"),
        ({"razorpay": {**RAZORPAY, "email": "till"}}, "an e-mail address"),
        ({"razorpay": {**RAZORPAY, "contact": "call me"}}, "a phone number"),
        ({"sandbox": {}}, "nothing is given"),
        ({"sandbox": {"failure_percent": "101"}}, "from 0 to 100"),
        ({"sandbox": {"failure_percent": "x"}}, "from 0 to 100"),
        ({"sandbox": {"api_key": "x"}}, "'api_key' is no field of it"),
        ({"stripe": {**STRIPE, "card_features": "multicapture,all"}}, "some of multicapture, overcapture"),
        ({"stripe": "sk_test_51"}, "stripe"),
        (["stripe"], "connectors"),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_what_is_wrong_is_refused_by_its_name_and_what_is_right_is_named(
    world: World, merchant: Signer, connectors: Any, says: str
) -> None:
    with nothing_written(world):
        refused = world.call(merchant, "PATCH", ME, {"connectors": connectors})
        assert_refused(refused, "invalid_request")
    assert says in refused.body["error"]["message"]
    assert "sk_live_abcdef" not in refused.raw.decode()


def test_credentials_are_stored_sealed_and_never_shown(world: World, merchant: Signer) -> None:
    given = {"sandbox": {"webhook_secret": "canary-credential"}, "stripe": STRIPE, "razorpay": {**RAZORPAY, "webhook_secret": None}}
    changed = world.call(merchant, "PATCH", ME, {"connectors": given})
    assert changed.body["connectors"] == {name: {"configured": True} for name in given}
    for secret in ("canary-credential", "sk_test_51", "s3cret"):
        assert secret not in str(world.dump())
        assert secret not in changed.raw.decode()
    removed = world.call(merchant, "PATCH", ME, {"connectors": {"sandbox": None}})
    assert set(removed.body["connectors"]) == {"stripe", "razorpay"}


def test_a_rule_names_only_what_is_there(world: World, merchant: Signer) -> None:
    with nothing_written(world):
        assert_refused(world.call(merchant, "PATCH", ME, {"routing_rules": rules("strpe")}), "invalid_request")
        twice = [{"use": [{"connector": "sandbox"}, {"connector": "sandbox"}]}]
        assert_refused(world.call(merchant, "PATCH", ME, {"routing_rules": twice}), "invalid_request")
        refused = world.call(merchant, "PATCH", ME, {"routing_rules": rules("sandbox", "stripe")})
        assert_refused(refused, "invalid_request")
    assert refused.body["error"]["message"] == "routing_rules.1 names stripe, which is not configured."
    assert refused.body["error"]["details"]["available"] == ["sandbox", "sandbox_backup"]
    together = {"routing_rules": rules("sandbox_backup", "stripe"), "connectors": {"stripe": STRIPE}}
    assert world.call(merchant, "PATCH", ME, together).status == 200


def test_a_connector_that_rules_name_is_not_removed(world: World, merchant: Signer) -> None:
    set_up = {"routing_rules": rules("sandbox", "stripe", "stripe"), "connectors": {"stripe": STRIPE, "razorpay": RAZORPAY}}
    assert world.call(merchant, "PATCH", ME, set_up).status == 200
    with nothing_written(world, but_outcomes=True):
        refused = world.call(merchant, "PATCH", ME, {"connectors": {"stripe": None}})
        assert_refused(refused, "invalid_state")
    assert refused.body["error"]["details"] == {"field": "connectors.stripe", "rules": [1, 2]}
    assert world.call(merchant, "PATCH", ME, {"connectors": {"razorpay": None}}).status == 200
    assert world.call(merchant, "PATCH", ME, {"connectors": {"stripe": None}, "routing_rules": rules("sandbox")}).status == 200


def test_a_deployment_without_a_sandbox_takes_no_rule_and_no_settings_for_one(world: World, merchant: Signer) -> None:
    settings.use(world.settings.model_copy(update={"stage": "prod"}))
    with nothing_written(world):
        assert_refused(world.call(merchant, "PATCH", ME, {"routing_rules": rules("sandbox")}), "invalid_request")
        assert_refused(world.call(merchant, "PATCH", ME, {"connectors": {"sandbox": {"failure_percent": "5"}}}), "invalid_request")
    settings.use(world.settings.model_copy(update={"stage": "prod", "allow_sandbox_connector": True}))
    assert world.call(merchant, "PATCH", ME, {"routing_rules": rules("sandbox")}).status == 200


def test_a_name_of_the_time_before_the_check_sends_no_payment_to_the_sandbox(world: World, merchant: Signer) -> None:
    """It was shown as configured; its payments were approved by the sandbox."""
    key = MerchantItem.wire_key(merchant.merchant_id)
    storage.run(storage.update(MerchantItem, key, [MerchantItem.profile.set({"connectors": {"strpe": {"sealed": "x"}}})], None))
    world.restart()
    assert world.call(merchant, "GET", ME).body["connectors"] == {}
    assert_refused(support.charge(world, merchant, support.APPROVE), "unsupported_method")
    assert_refused(support.collect(world, merchant), "unsupported_method")
    assert support.books() == []
    support.settings(world, merchant, connectors={"sandbox": {"failure_percent": "0"}})
    assert support.charge(world, merchant, support.APPROVE).status == 201


def test_the_contract_shows_each_connectors_fields() -> None:
    schemas = json.loads((FUNCTIONS / "dashboard" / "openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    assert set(schemas["Connectors"]["properties"]) == set(connector_settings.NAMES)
    assert schemas["StripeSettings"]["required"] == ["secret_key"]
    assert set(schemas["RazorpaySettings"]["properties"]) == {"key_id", "key_secret", "webhook_secret", "email", "contact"}
