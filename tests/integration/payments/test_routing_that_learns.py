"""Routing that learns, from the payments' stream to the next payment's route."""

from typing import Any

import pytest

from paycorex import caching, clock, storage
from paycorex.routing_outcomes import Observation, Outcome, Segment, Window, store
from paycorex.routing_outcomes.store import OutcomesItem
from paycorex.routing_outcomes.window import Place
from tests.support import payments as support
from tests.support import rollups
from tests.support.expectations import assert_refused
from tests.support.world import Signer, World

MAIN, BACKUP = "sandbox", "sandbox_backup"
AMONG = [{"connector": MAIN, "weight": 1}, {"connector": BACKUP, "weight": 1}]
BEST = {"when": {}, "use": "best", "among": AMONG, "min_samples": 10, "explore_percent": 0}
VISA = Segment("tokenized", "INR", "visa")
RETRYABLE = "4000000000000119"


def measured(world: World, who: Signer, connector: str, approved: int, declined: int) -> None:
    """Have so many outcomes been folded before."""
    began = int(world.clock.now) - 60
    kinds = [Outcome.APPROVED] * approved + [Outcome.DECLINED] * declined
    store.add(who.merchant_id, VISA.row(connector), [Observation(Place(began, number), kind) for number, kind in enumerate(kinds)])
    caching.forget_everything()


def windows(who: Signer) -> dict[str, tuple[int, int]]:
    """Approved and samples by row."""
    rows, _more = store.page(who.merchant_id, None)
    tallies = {row.segment: Window.unpack(row.packed).tally(int(clock.now_seconds())) for row in rows}
    return {segment: (tally.approved, tally.samples) for segment, tally in tallies.items()}


@pytest.fixture
def who(world: World) -> Signer:
    merchant = world.register()
    support.settings(world, merchant, routing_rules=[BEST])
    return merchant


def test_attempts_become_outcomes_once_however_often_their_records_come(world: World, who: Signer) -> None:
    support.settings(world, who, routing_rules=[{"use": [{"connector": MAIN}, {"connector": BACKUP, "weight": 0}]}])
    support.charge(world, who, support.APPROVE)
    support.charge(world, who, RETRYABLE)
    support.collect(world, who)
    records = rollups.stream(world)
    rollups.roll(records)
    caching.forget_everything()
    first = windows(who)
    assert first == {f"tokenized#INR#visa#{MAIN}": (1, 2), f"tokenized#INR#visa#{BACKUP}": (1, 1)}
    before = world.dump()["test-routing_outcomes"]
    rollups.roll(records[::-1])
    assert world.dump()["test-routing_outcomes"] == before
    support.settle_all(world)
    rollups.roll(rollups.stream(world))
    caching.forget_everything()
    assert windows(who) == {**first, f"upi_intent#INR#-#{MAIN}": (1, 1)}


def test_the_better_connector_is_chosen_and_the_payment_says_by_which_numbers(world: World, who: Signer) -> None:
    measured(world, who, MAIN, approved=20, declined=20)
    measured(world, who, BACKUP, approved=36, declined=4)
    body = {"amount": "10", "method": "tokenized", "token_id": support.token(world, who, support.APPROVE)}
    answer = world.call(who, "POST", "/v1/payments/create", {**body, "dry_run": True}, key="k").body
    paid = world.call(who, "POST", "/v1/payments/create", body, key="k").body
    assert (paid["status"], paid["provider"]) == ("success", BACKUP)
    said = f"rule 0: best by {BACKUP} 0.9000 of 40, {MAIN} 0.5000 of 40"
    assert paid["routing"]["reason"] == answer["payment"]["routing"]["reason"] == answer["route"]["reason"] == said
    assert paid["routing"]["numbers"][0] == {"connector": BACKUP, "success_rate": "0.9000", "samples": 40, "fee": "0.0000"}
    assert answer["route"]["connectors"] == [BACKUP, MAIN]
    assert support.show(world, who, paid["payment_id"])["routing"] == paid["routing"]


def test_a_merchant_without_outcomes_goes_by_the_weights_and_says_so(world: World, who: Signer) -> None:
    support.settings(world, who, routing_rules=[{"use": AMONG}])
    by_weight = [support.charge(world, who, support.APPROVE, key=f"a{number}").body["provider"] for number in range(40)]
    other = world.register("Other")
    assert {MAIN, BACKUP} == set(by_weight)
    support.settings(world, other, routing_rules=[BEST])
    paid = support.charge(world, other, support.APPROVE, key="a0").body
    assert paid["routing"]["reason"].startswith("rule 0: by weight, because too few attempts are known (sandbox 0, sandbox_backup 0)")


def test_an_outage_of_the_numbers_stops_no_payment(world: World, who: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(world, who, BACKUP, approved=36, declined=4)

    def away(*_: Any) -> Any:
        raise storage.Unavailable("throttled")

    monkeypatch.setattr(store, "tallies", away)
    paid = support.charge(world, who, support.APPROVE).body
    assert paid["status"] == "success"
    assert "too few attempts are known" in paid["routing"]["reason"]


def test_a_merchant_with_one_connector_has_no_rows(world: World) -> None:
    merchant = world.register()
    support.charge(world, merchant, support.APPROVE)
    rollups.roll(rollups.stream(world))
    assert world.dump().get("test-routing_outcomes", []) == []


def test_a_window_says_that_no_person_wrote_it_and_goes_after_a_while(world: World, who: Signer) -> None:
    measured(world, who, MAIN, approved=1, declined=0)
    row = storage.get(OutcomesItem, who.merchant_id, VISA.row(MAIN))
    assert row is not None
    assert (row.made_by, int(row.expires_at) - int(world.clock.now)) == ("fold", store.KEPT_SECONDS)


@pytest.mark.parametrize(
    "rule",
    [
        {"use": "best"},
        {"use": "worst", "among": AMONG},
        {"use": AMONG, "min_samples": 10},
        {"use": AMONG, "among": AMONG},
        {**BEST, "explore_percent": 31},
        {**BEST, "min_samples": 9},
        {**BEST, "min_samples": 301},
        {**BEST, "among": []},
        {**BEST, "among": [AMONG[0], AMONG[0]]},
        {**BEST, "among": [{"connector": "stripe"}]},
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_the_old_ones_stay(world: World, who: Signer, rule: dict[str, Any]) -> None:
    assert_refused(world.call(who, "PATCH", "/v1/merchants/me", {"routing_rules": [rule]}), "invalid_request")
    assert world.call(who, "GET", "/v1/merchants/me").body["routing_rules"] == [BEST]


def test_what_was_measured_never_changes_a_persons_rules(world: World, who: Signer) -> None:
    for number in range(15):
        support.charge(world, who, support.APPROVE, key=f"k{number}")
    rollups.roll(rollups.stream(world))
    assert windows(who)
    assert world.call(who, "GET", "/v1/merchants/me").body["routing_rules"] == [BEST]
