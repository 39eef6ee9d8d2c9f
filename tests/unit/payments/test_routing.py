"""Routing: the first rule that matches, shares by weight, and who is left out."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import ids, settings
from paycorex.money import Money
from paycorex.records.merchant import MerchantItem
from paycorex.records.routing_rule import RuleTarget
from payments.connectors import breakers, registry, routing
from payments.connectors.best import in_weighted_order
from payments.connectors.fitness import Subject
from payments.connectors.routing import NoConnector, ProviderUnavailable, Route
from tests.support.world import World


@pytest.fixture(autouse=True)
def world() -> Iterator[World]:
    with World().running() as world:
        yield world


def merchant(*rules: dict[str, Any], connectors: tuple[str, ...] = ()) -> MerchantItem:
    profile = {"routing_rules": list(rules), "connectors": {name: {"sealed": "x"} for name in connectors}}
    return MerchantItem(merchant_id="mer_" + "a" * 26, profile=profile, cursor_key="00" * 16)


def subject() -> Subject:
    return Subject("pay_x", "tokenized", Money.parse("100", "INR"), "visa")


def rule(connector: str, **when: str) -> dict[str, Any]:
    return {"when": when, "use": [{"connector": connector, "weight": 1}]}


MAIN, BACKUP = "sandbox", "sandbox_backup"


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        ({}, True),
        ({"method": "tokenized"}, True),
        ({"method": "upi_intent"}, False),
        ({"currency": "INR"}, True),
        ({"currency": "USD"}, False),
        ({"brand": "visa"}, True),
        ({"brand": "rupay"}, False),
        ({"min_amount": "100"}, True),
        ({"min_amount": "100.01"}, False),
        ({"max_amount": "100"}, True),
        ({"max_amount": "99.99"}, False),
        ({"min_amount": "50", "max_amount": "150", "brand": "visa", "currency": "INR"}, True),
        ({"min_amount": "50", "max_amount": "150", "brand": "amex"}, False),
        ({"min_amount": "1.001"}, False),
    ],
)
def test_a_rule_applies_when_everything_it_names_fits(when: dict[str, str], *, matches: bool) -> None:
    route = routing.plan(merchant(rule(BACKUP, **when)), subject())
    assert (route.rule, route.connectors) == ((0, (BACKUP,)) if matches else (None, (MAIN,)))


@pytest.mark.parametrize(("brand", "matches"), [("discover", True), ("rupay", True), ("visa", False)])
def test_a_rule_applies_to_any_brand_that_the_card_may_have(brand: str, *, matches: bool) -> None:
    card = Subject("pay_x", "tokenized", Money.parse("100", "INR"), "discover", "card", ("discover", "rupay"))
    assert (routing.plan(merchant(rule(BACKUP, brand=brand)), card).rule is not None) == matches


def test_the_first_rule_that_matches_decides() -> None:
    rules = (rule(MAIN, brand="amex"), rule(BACKUP, currency="INR"), rule(MAIN))
    assert routing.plan(merchant(*rules), subject()).rule == 1


def test_without_rules_the_configured_connectors_and_else_the_sandbox() -> None:
    assert routing.plan(merchant(), subject()) == Route(None, (MAIN,), ())
    assert routing.plan(merchant(connectors=(BACKUP,)), subject()).connectors == (BACKUP,)


def test_shares_follow_the_weights_and_the_same_payment_goes_the_same_way() -> None:
    use = [
        RuleTarget("a", 7),
        RuleTarget("b", 2),
        RuleTarget("c", 1),
        RuleTarget("d", 0),
    ]
    payments = [ids.derive("pay", str(number)) for number in range(4000)]
    orders = [in_weighted_order(use, payment_id) for payment_id in payments]
    assert orders == [in_weighted_order(use, payment_id) for payment_id in payments]
    assert all(sorted(order) == ["a", "b", "c", "d"] and order[-1] == "d" for order in orders)
    first = Counter(order[0] for order in orders)
    assert 2700 < first["a"] < 2900
    assert 700 < first["b"] < 900
    assert 320 < first["c"] < 480
    second_after_a = Counter(order[1] for order in orders if order[0] == "a")
    assert 0.6 < second_after_a["b"] / (second_after_a["b"] + second_after_a["c"]) < 0.73


def test_who_cannot_take_it_is_left_out_with_the_reason() -> None:
    use = {"when": {}, "use": [{"connector": "stripe"}, {"connector": "unknown"}, {"connector": BACKUP}]}
    route = routing.plan(merchant(use), subject())
    assert route.connectors == (BACKUP,)
    assert dict(route.skipped) == {"stripe": "not configured", "unknown": "not configured"}


def test_a_rule_without_a_usable_connector_is_refused_not_passed_over() -> None:
    with pytest.raises(NoConnector) as refused:
        routing.plan(merchant(rule("stripe"), rule(MAIN)), subject())
    assert refused.value.details["skipped"] == [{"connector": "stripe", "reason": "not configured"}]


def test_a_connector_behind_an_open_breaker_is_left_out() -> None:
    both = {"when": {}, "use": [{"connector": MAIN}, {"connector": BACKUP, "weight": 0}]}
    for _ in range(breakers.THRESHOLD):
        breakers.failed("mer_" + "a" * 26, MAIN)
    assert routing.plan(merchant(both), subject()).connectors == (BACKUP,)
    with pytest.raises(ProviderUnavailable):
        routing.plan(merchant(), subject())


def test_failures_far_apart_open_nothing(world: World) -> None:
    for _ in range(3 * breakers.THRESHOLD):
        breakers.failed("mer_a", MAIN)
        world.clock.now += breakers.WINDOW_SECONDS + 1
    assert not breakers.is_open("mer_a", MAIN)


def test_one_merchants_failures_are_not_anothers() -> None:
    for _ in range(breakers.THRESHOLD):
        breakers.failed("mer_a", MAIN)
    assert breakers.is_open("mer_a", MAIN)
    assert not breakers.is_open("mer_b", MAIN)
    assert not breakers.is_open("mer_a", BACKUP)


def test_production_has_no_sandbox_unless_it_is_switched_on(world: World) -> None:
    production = world.settings.model_copy(update={"stage": "prod"})
    settings.use(production)
    with pytest.raises(NoConnector):
        routing.plan(merchant(), subject())
    with pytest.raises(registry.NotConfigured):
        registry.connect(merchant(connectors=(MAIN,)), MAIN)
    settings.use(production.model_copy(update={"allow_sandbox_connector": True}))
    assert routing.plan(merchant(), subject()).connectors == (MAIN,)
