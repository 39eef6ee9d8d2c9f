"""Replays: the rules of then give what happened, exactly; other rules give what is known, and say what is not."""

from typing import Any, cast

import pytest

from paycorex import caching
from payments.connectors import capabilities
from payments.connectors.requests import Captures, HoldAbility
from payments.payment import store
from tests.integration.payments import test_kept_cards
from tests.support import payments as support
from tests.support import rollups
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

MAIN, BACKUP = "sandbox", "sandbox_backup"
BOTH = [{"connector": MAIN, "weight": 2}, {"connector": BACKUP, "weight": 1}]
RULES: list[dict[str, Any]] = [
    {"when": {"brand": "rupay"}, "use": [{"connector": BACKUP}]},
    {"when": {"min_amount": "500"}, "use": "best", "among": BOTH, "min_samples": 10, "explore_percent": 30},
    {"use": BOTH},
]
DISCOVER = "6011111111111117"
CARDS = (support.APPROVE, support.RETRYABLE, support.DECLINE, DISCOVER, support.OUTAGE)


def replay(world: World, who: Signer, rules: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    caching.forget_everything()
    answer = world.call(who, "POST", "/v1/routing/replay", {"routing_rules": rules, **more})
    assert answer.status == 200, answer.raw
    body: dict[str, Any] = answer.body
    return body


@pytest.fixture
def who(world: World) -> Signer:
    """A merchant with forty payments by its rules, wallet payments between them, and what was measured in the first half."""
    merchant = world.register()
    support.settings(world, merchant, routing_rules=RULES)
    world.wallet(merchant, "asha", "1000.00")
    for number in range(40):
        amount = "600.00" if number % 2 else "20.00"
        support.charge(world, merchant, CARDS[number % len(CARDS)], amount, key=f"k{number}")
        if number % 10 == 0:
            assert world.pay(merchant, "asha", "1.00").status == 201
        if number == 20:
            rollups.roll(rollups.stream(world))
            caching.forget_everything()
    rollups.roll(rollups.stream(world))
    return merchant


def test_the_rules_of_then_give_exactly_what_happened(world: World, who: Signer) -> None:
    paid = [item for item in (store.find(row["payment_id"]["S"]) for row in world.dump()["test-payments"]) if item and item.attempts]
    done = replay(world, who, RULES)
    assert (done["payments"], done["attempts"]) == (40, sum(len(item.attempts or ()) for item in paid))
    assert done["approved_before"] == sum(1 for item in paid if item.status == "success")
    assert done["approved_after"] == str(done["approved_before"])
    assert (done["changed"], done["changed_count"], done["unknown"], done["unnoted"]) == ([], 0, 0, 0)
    assert done["estimate"] == {"payments": 0, "approved": "0", "low": "0", "high": "0"}
    assert done["fees_before"] == done["fees_after"] == {"INR": "0.00"}
    assert done["complete"] is True
    assert any("without any it counts as 0" in note for note in done["notes"])


def test_it_stays_what_happened_whatever_is_measured_or_set_later(world: World, who: Signer) -> None:
    before = replay(world, who, RULES)
    for number in range(15):
        support.charge(world, who, support.DECLINE, "700.00", key=f"later{number}")
    rollups.roll(rollups.stream(world))
    support.settings(world, who, routing_rules=[{"use": [{"connector": MAIN}]}])
    after = replay(world, who, RULES)
    assert (after["payments"], after["changed_count"]) == (55, 0)
    assert int(after["approved_after"]) == before["approved_before"]


def test_other_rules_give_what_is_known_and_say_how(world: World, who: Signer) -> None:
    done = replay(world, who, [{"use": [{"connector": BACKUP}]}])
    assert done["changed_count"] == len(done["changed"]) > 0
    bases = {each["basis"] for each in done["changed"]}
    assert bases <= {"tried", "segment_rate", "unknown"}
    assert {"tried", "segment_rate"} <= bases
    for each in done["changed"]:
        stored = store.find(each["payment_id"])
        assert stored is not None
        assert each["connectors_before"] == [attempt["connector"] for attempt in stored.attempts or ()]
        assert (each["rule_after"], each["connector_after"]) == (0, BACKUP)
        if each["basis"] == "tried":
            assert BACKUP in each["connectors_before"]
        else:
            assert BACKUP not in each["connectors_before"]
    estimate = done["estimate"]
    assert estimate["payments"] == sum(1 for each in done["changed"] if each["basis"] == "segment_rate")
    assert float(estimate["low"]) <= float(estimate["approved"]) <= float(estimate["high"]) <= estimate["payments"]


def test_what_a_connector_cannot_do_is_not_replayed_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    who = world.register()
    support.settings(world, who, routing_rules=[{"use": [{"connector": MAIN}]}])
    held = support.charge(world, who, support.APPROVE, "20.00", capture_method="manual", key="held").body
    world.call(who, "POST", f"/v1/payments/{held['payment_id']}/capture", {})
    monkeypatch.setitem(cast("dict[str, HoldAbility]", capabilities.HOLDS), BACKUP, HoldAbility(Captures.NONE))
    (changed,) = replay(world, who, [{"use": [{"connector": BACKUP}]}])["changed"]
    assert (changed["payment_id"], changed["connector_after"]) == (held["payment_id"], None)


def test_a_card_that_a_provider_keeps_stays_there_by_any_rules(world: World) -> None:
    who = world.register()
    support.settings(world, who, routing_rules=[{"use": [{"connector": MAIN}]}])
    paid = test_kept_cards.charge(world, who, test_kept_cards.kept(world, who)).body
    assert paid["status"] == "success"
    done = replay(world, who, [{"use": [{"connector": BACKUP}]}])
    assert paid["payment_id"] not in {each["payment_id"] for each in done["changed"]}


def test_the_newest_are_looked_at_and_nothing_is_written(world: World, who: Signer) -> None:
    before = world.dump()
    assert replay(world, who, RULES, last=7)["payments"] == 7
    assert world.dump() == before


def test_segments_are_listed_with_their_numbers(world: World, who: Signer) -> None:
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = world.call(who, "GET", f"/v1/routing/segments?limit=2{cursor}").body
        seen += page["data"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    keys = [(each["method"], each["currency"], each["brand"], each["connector"]) for each in seen]
    assert keys == sorted(keys)
    assert ("tokenized", "INR", "discover", BACKUP) in keys
    assert all(each["made_by"] == "fold" and 0 < each["samples"] <= 300 for each in seen)


def test_another_merchant_sees_none_of_it(world: World, who: Signer) -> None:
    other = world.register("Other")
    assert replay(world, other, RULES)["payments"] == 0
    assert world.call(other, "GET", "/v1/routing/segments").body["data"] == []
    assert who


def test_rules_that_cannot_be_are_refused(world: World, who: Signer) -> None:
    for wrong in ({"routing_rules": [{"use": "best"}]}, {"routing_rules": RULES, "last": 0}, {"routing_rules": RULES, "last": 2_001}, {}):
        assert_refused(world.call(who, "POST", "/v1/routing/replay", wrong), "invalid_request")
