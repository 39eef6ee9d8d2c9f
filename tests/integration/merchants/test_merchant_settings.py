"""Settings: what is shown is what acts, whether it was set, never set, or set back."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from local.paths import ROOT
from merchants.danger_requests import DangerousActs
from merchants.requests import Settings
from paycorex import credentials
from paycorex.ledger import MAX_LANES
from paycorex.records.merchant import MerchantItem
from paycorex.records.merchant_settings import DEFAULTS, MerchantSettings, read
from paycorex.records.payment import PaymentItem
from paycorex.records.routing_rule import RoutingRule
from payments.crypto.state import CryptoState, required_units
from tests.support.expectations import assert_refused
from tests.support.payments import APPROVE, charge
from tests.support.world import Signer, World
from tests.unit.paycorex.test_extended_key import JUNK, account_key

ME = "/v1/merchants/me"


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


def me(world: World, who: Signer) -> dict[str, Any]:
    shown: dict[str, Any] = world.call(who, "GET", ME).body
    return shown


def change(world: World, who: Signer, **changes: Any) -> dict[str, Any]:
    reply = world.call(who, "PATCH", ME, changes)
    assert reply.status == 200, reply.raw
    world.restart()
    assert me(world, who) == reply.body
    answer: dict[str, Any] = reply.body
    return answer


def test_a_merchant_that_set_nothing_is_shown_every_default(world: World, who: Signer) -> None:
    shown = me(world, who)
    for name in ("payee_vpa", "payee_name", "merchant_category_code", "signature_policy", "ledger_lanes", "crypto_tolerance_percent"):
        assert shown[name] == getattr(DEFAULTS, name), name
    assert (shown["xpubs"], shown["connectors"], shown["routing_rules"]) == ({}, {}, [])
    assert shown["ledger_lanes_effective_at"] is None


@pytest.mark.parametrize("percent", [None, "0", "0.5", "0.25", "10"])
def test_the_tolerance_that_is_shown_is_what_a_deposit_may_fall_short_by(world: World, who: Signer, percent: str | None) -> None:
    change(world, who, xpubs={"ethereum": str(account_key(JUNK))}, **({} if percent is None else {"crypto_tolerance_percent": percent}))
    made = world.call(who, "POST", "/v1/payments/create", {"amount": "120.00", "method": "crypto", "network": "ethereum"})
    assert made.status == 201, made.raw
    stored = world.dynamo.get_item(TableName="test-payments", Key={"payment_id": {"S": made.body["payment_id"]}})["Item"]
    state = CryptoState.of(PaymentItem.load(stored))
    assert state.required == required_units(state.expected, me(world, who)["crypto_tolerance_percent"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("payee_vpa", "chai@okbank"),
        ("payee_name", "Chai"),
        ("merchant_category_code", "5814"),
        ("signature_policy", "v2_only"),
        ("ledger_lanes", 8),
        ("crypto_tolerance_percent", "2"),
        ("routing_rules", [{"when": {"currency": "INR"}, "use": [{"connector": "sandbox", "weight": 3}]}]),
    ],
)
def test_a_setting_is_kept_and_null_brings_its_default_back(world: World, who: Signer, name: str, value: object) -> None:
    before = me(world, who)[name]
    assert change(world, who, **{name: value})[name] == value
    assert change(world, who, name="Another")[name] == value
    assert change(world, who, **{name: None})[name] == before


def test_a_value_that_equals_the_default_can_be_set(world: World, who: Signer) -> None:
    """What was shown all along is stored, so that it stays when a default changes."""
    assert change(world, who, crypto_tolerance_percent="0.5")["crypto_tolerance_percent"] == "0.5"
    stored = world.dynamo.get_item(TableName="test-merchants", Key={"merchant_id": {"S": who.merchant_id}})["Item"]
    assert MerchantItem.load(stored).profile["crypto_tolerance_percent"] == "0.5"


def test_a_routing_rule_is_shown_with_its_defaults_and_can_be_sent_back(world: World, who: Signer) -> None:
    rules = change(world, who, routing_rules=[{"use": [{"connector": "sandbox"}]}])["routing_rules"]
    assert rules == [{"when": {}, "use": [{"connector": "sandbox", "weight": 1}]}]
    assert change(world, who, routing_rules=rules)["routing_rules"] == rules
    assert charge(world, who, APPROVE).body["provider"] == "sandbox"


def test_every_setting_that_can_be_sent_is_one_of_the_object(world: World) -> None:
    names = {each.name for each in fields(MerchantSettings)}
    # One group of the contract is several settings here.
    sent = (set(Settings.model_fields) - {"dangerous_acts"}) | set(DangerousActs.model_fields)
    assert sent - {"name"} <= names
    assert names - sent == {"connector_changes", "open_ledger_lanes", "experiment"}
    assert world


def test_a_stored_merchant_of_another_time_is_read_with_defaults_and_without_what_is_unknown() -> None:
    found = read({"crypto_tolerance_percent": None, "xpubs": None, "invented": 1}, ledger_lanes=3, open_ledger_lanes=None)
    assert found == MerchantSettings(ledger_lanes=3)
    assert RoutingRule.parse({"use": [{"connector": "sandbox", "invented": 1}], "when": None}).shown()["when"] == {}


def test_settings_that_are_refused_leave_what_was_shown(world: World, who: Signer) -> None:
    before = me(world, who)
    assert_refused(world.call(who, "PATCH", ME, {"crypto_tolerance_percent": "10.5", "payee_name": "Chai"}), "invalid_request")
    assert me(world, who) == before


def test_no_other_place_reads_what_is_stored_of_the_settings() -> None:
    """A second reader would have defaults of its own."""
    readers = {
        str(path.relative_to(ROOT))
        for folder in ("functions", "layers")
        for path in (ROOT / folder).rglob("*.py")
        if ".profile" in path.read_text(encoding="utf-8")
    }
    assert readers == {"functions/merchants/accounts.py", "layers/common/paycorex/records/merchant.py"}


def test_the_lanes_that_a_release_before_opened_are_used_and_its_setting_is_not_a_bound() -> None:
    """It had `ledger_lanes` in every record, 1 where none was set."""
    found = MerchantItem.load({"ledger_lanes": {"N": "1"}, "ledger_lanes_ever": {"N": "8"}}).settings
    assert (found.ledger_lanes, found.open_ledger_lanes, found.used_lanes) == (MAX_LANES, 8, 8)


def test_the_default_bound_is_the_most_that_the_ledger_opens() -> None:
    assert DEFAULTS.ledger_lanes == MAX_LANES


def test_a_bound_below_what_is_open_keeps_writers_to_it(world: World, who: Signer) -> None:
    world.spread(who, 8)
    shown = change(world, who, ledger_lanes=2)
    assert (shown["ledger_lanes"], shown["open_ledger_lanes"]) == (2, 8)
    assert credentials.lanes_of(who.merchant_id) == 2
