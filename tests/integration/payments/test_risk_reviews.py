"""Risk rules that hold a payment for a review, and rules that want the payer's bank to ask the payer."""

from typing import Any

import pytest

from paycorex import events
from payments.captures.capture import capture
from tests.integration.payments.test_checkout import CARD, UPI, begin, choose, decide
from tests.integration.payments.test_payer_access import follow
from tests.integration.payments.test_provider_fields import begun, typed
from tests.integration.payments.test_risk_rules import PAYER, change
from tests.integration.payments.test_sandbox_holds import CAPTURE_DECLINED
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply, coming_from
from tests.support.world import PREFIX, Signer, World

REVIEW = {"rule_id": "look", "by": "customer", "max_payments": 0, "window_seconds": 600, "then": "review"}
CONFIRM = REVIEW | {"rule_id": "ask", "then": "require_3ds"}


def decided(world: World, who: Signer, payment_id: str, decision: str, **more: Any) -> Reply:
    return world.call(who, "PATCH", f"/v1/payments/{payment_id}", {"review": decision, **more})


def in_review(world: World, who: Signer, query: str = "") -> list[str]:
    return [each["payment_id"] for each in world.call(who, "GET", f"/v1/payments?in_review=true{query}").body["data"]]


def held(world: World, who: Signer, **more: Any) -> dict[str, Any]:
    change(world, who, REVIEW)
    made = support.charge(world, who, support.APPROVE, **more)
    assert (made.status, made.body["status"]) == (201, "authorized"), made.raw
    body: dict[str, Any] = made.body
    return body


def test_a_payment_in_review_waits_as_a_hold_and_is_captured_when_approved(world: World, who: Signer) -> None:
    payment = held(world, who)
    assert payment["risk"] == {"rule_id": "look", "action": "review", "entry_id": None, "decision": "pending"}
    assert payment["authorization"]["captured"] == "0.00"
    assert in_review(world, who) == [payment["payment_id"]]
    assert_refused(world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/capture", {}), "not_capturable")
    approved = decided(world, who, payment["payment_id"], "approve")
    assert (approved.status, approved.body["status"], approved.body["risk"]["decision"]) == (200, "success", "approved")
    assert approved.body["authorization"]["captured"] == payment["amount"]
    assert in_review(world, who) == []
    assert_refused(decided(world, who, payment["payment_id"], "decline"), "invalid_state")
    assert_refused(decided(world, who, payment["payment_id"], "approve"), "invalid_state")


def test_a_declined_payment_is_released(world: World, who: Signer) -> None:
    payment = held(world, who)
    declined = decided(world, who, payment["payment_id"], "decline", reason="The address looks strange.")
    assert (declined.status, declined.body["status"], declined.body["failure_code"]) == (200, "failed", "canceled")
    assert declined.body["risk"]["decision"] == "declined"
    assert declined.body["authorization"]["status"] == "voided"
    assert in_review(world, who) == []


def test_an_approval_is_carried_out_once_and_a_decision_has_its_event(world: World, who: Signer) -> None:
    payment = held(world, who)
    path, body = f"/v1/payments/{payment['payment_id']}", {"review": "approve"}
    first = world.call(who, "PATCH", path, body, key="once")
    again = world.call(who, "PATCH", path, body, key="once")
    assert (again.status, again.body["status"]) == (first.status, "success")
    captures = world.call(who, "GET", f"{path}/captures").body["data"]
    assert [each["amount"] for each in captures] == [payment["amount"]]
    found = (events.from_stream(record) for record in world.dynamo.drain_stream(f"{PREFIX}payments"))
    assert [each.event for each in found if each is not None].count("payment.reviewed") == 1


def test_a_payment_that_its_merchant_captures_is_only_freed_by_an_approval(world: World, who: Signer) -> None:
    payment = held(world, who, capture_method="manual")
    approved = decided(world, who, payment["payment_id"], "approve")
    assert (approved.body["status"], approved.body["risk"]["decision"]) == ("authorized", "approved")
    assert in_review(world, who) == []
    captured = world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/capture", {"amount": "1.00"})
    assert captured.status == 201, captured.raw


def test_a_review_ends_with_its_hold(world: World, who: Signer) -> None:
    payment = held(world, who)
    support.settle_all(world, ticks=5)
    support.tick(world, after_seconds=8 * 86_400)
    support.settle_all(world, ticks=20)
    shown = support.show(world, who, payment["payment_id"])
    assert (shown["status"], shown["failure_code"], shown["risk"]["decision"]) == ("failed", "expired", "expired")
    assert in_review(world, who) == []
    assert_refused(decided(world, who, payment["payment_id"], "approve"), "invalid_state")


def test_a_payment_that_cannot_be_held_is_declined(world: World, who: Signer) -> None:
    """A payer's bank blocks an amount for a merchant with a category alone."""
    change(world, who, REVIEW | {"by": "ip"})
    with coming_from(PAYER):
        chosen = choose(world, begin(world, who), UPI)
    assert chosen.body["status"] == "failed", chosen.raw
    payment = world.call(who, "GET", "/v1/payments").body["data"][0]
    assert (payment["failure_code"], payment["risk"]["action"], payment["attempts"]) == ("risk_rule", "block", [])


def test_a_checkouts_upi_payment_is_blocked_at_the_payers_bank_until_it_is_decided(world: World, who: Signer) -> None:
    world.call(who, "PATCH", "/v1/merchants/me", {"merchant_category_code": "5411"})
    change(world, who, REVIEW | {"by": "ip"})
    with coming_from(PAYER):
        decide(world, choose(world, begin(world, who), UPI).body["url"], "approve")
    (payment_id,) = in_review(world, who)
    assert decided(world, who, payment_id, "approve").body["status"] == "success"


def test_reviews_are_the_merchants_own_and_filtered(world: World, who: Signer) -> None:
    payment = held(world, who)
    other = world.register("Other Shop")
    assert in_review(world, other) == []
    assert_refused(decided(world, other, payment["payment_id"], "approve"), "not_found")
    assert in_review(world, who, "&method=wallet") == []
    assert in_review(world, who, "&method=tokenized") == [payment["payment_id"]]
    with nothing_written(world):
        assert_refused(decided(world, who, payment["payment_id"], "perhaps"), "invalid_request")


def test_what_is_in_no_review_is_not_decided(world: World, who: Signer) -> None:
    made = support.charge(world, who, support.APPROVE).body
    assert made["risk"] is None
    assert_refused(decided(world, who, made["payment_id"], "approve"), "invalid_state")
    assert_refused(decided(world, who, made["payment_id"], "decline"), "invalid_state")


def test_the_strictest_rule_decides(world: World, who: Signer) -> None:
    block = REVIEW | {"rule_id": "stop", "then": "block"}
    change(world, who, CONFIRM, REVIEW, block)
    refused = support.charge(world, who, support.APPROVE)
    assert refused.body["error"]["details"]["payment"]["risk"]["rule_id"] == "stop"
    change(world, who, CONFIRM, REVIEW)
    assert support.charge(world, who, support.APPROVE).body["risk"]["rule_id"] == "look"


def test_a_stored_card_is_confirmed_at_its_bank(world: World, who: Signer) -> None:
    change(world, who, CONFIRM)
    made = support.charge(world, who, support.APPROVE).body
    assert (made["status"], made["next_action"]["type"]) == ("processing", "redirect")
    assert made["risk"] == {"rule_id": "ask", "action": "require_3ds", "entry_id": None, "decision": None}
    decide(world, made["next_action"]["url"], "approve")
    assert support.show(world, who, made["payment_id"])["status"] == "success"


def test_a_card_that_is_typed_is_confirmed_at_its_bank(world: World, who: Signer) -> None:
    change(world, who, CONFIRM | {"by": "ip", "max_payments": 0})
    with coming_from(PAYER):
        session = begin(world, who)
        assert choose(world, session, CARD).status == 200
    payment = world.call(who, "GET", "/v1/payments").body["data"][0]
    assert payment["risk"]["action"] == "require_3ds"
    with coming_from(PAYER):
        said = typed(world, payment, card="approve")
        assert said.body["status"] == "requires_action", said.raw
        assert typed(world, payment, answer="confirm").body["status"] == "succeeded"


def test_a_charge_without_its_payer_is_declined_where_the_payer_must_confirm(world: World, who: Signer) -> None:
    first = support.charge(world, who, support.APPROVE).body
    change(world, who, CONFIRM)
    more = {"customer_initiated": False, "initial_payment_id": first["payment_id"]}
    refused = support.charge(world, who, support.APPROVE, **more)
    assert refused.code == "payment_declined", refused.raw
    assert refused.body["error"]["details"]["payment"]["risk"]["action"] == "block"


def test_a_payer_who_comes_to_a_payment_that_was_begun_without_a_hold_is_declined(world: World, who: Signer) -> None:
    payment = begun(world, who)
    change(world, who, REVIEW | {"by": "ip"})
    with coming_from(PAYER):
        assert follow(world, payment).status == 402


def replayed(world: World, who: Signer, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = world.call(who, "POST", "/v1/risk_replays", {"risk_rules": list(rules), **more})
    assert answer.status == 200, answer.raw
    body: dict[str, Any] = answer.body
    return body


def test_a_dry_run_stops_what_the_rules_stop(world: World, who: Signer) -> None:
    """The same payments under the rule, and by its dry run, are stopped alike; the dry run writes nothing."""
    rule = {"rule_id": "card", "by": "card", "max_payments": 2, "window_seconds": 600, "then": "block"}
    cards = [support.APPROVE, support.APPROVE, support.DECLINE, support.APPROVE, support.REDIRECT, support.APPROVE]
    change(world, who)
    for card in cards:
        support.charge(world, who, card)
        world.clock.now += 100
    with nothing_written(world):
        said = replayed(world, who, rule)
    change(world, who, rule)
    world.clock.now += 7_200
    stopped = []
    for card in cards:
        stopped.append(support.charge(world, who, card).code == "payment_declined")
        world.clock.now += 100
    assert (said["payments"], said["stopped_count"], said["complete"]) == (6, sum(stopped), True)
    assert said["rules"] == [{"rule_id": "card", "then": "block", "stopped": 2, "paid": 2, "unknown": 0}]
    assert [each["status"] for each in said["stopped"]] == ["success", "success"]


def test_a_dry_run_says_what_it_cannot_know_and_reads_no_more_than_it_is_asked(world: World, who: Signer) -> None:
    change(world, who)
    for _ in range(3):
        support.charge(world, who, support.APPROVE)
    by_address = {"rule_id": "ip", "by": "ip", "max_payments": 0, "window_seconds": 600}
    said = replayed(world, who, by_address, REVIEW, last=2)
    assert (said["payments"], said["stopped_count"]) == (2, 2)
    assert [(each["rule_id"], each["stopped"], each["unknown"]) for each in said["rules"]] == [("ip", 0, 2), ("look", 2, 0)]
    assert any("address" in note for note in said["notes"])
    other = world.register("Other Shop")
    assert replayed(world, other, REVIEW)["payments"] == 0
    with nothing_written(world):
        assert_refused(world.call(who, "POST", "/v1/risk_replays", {"risk_rules": [REVIEW, REVIEW]}), "invalid_request")


@pytest.mark.parametrize(("card", "first"), [(support.APPROVE, "decline"), (CAPTURE_DECLINED, "approve")])
def test_who_approves_a_moment_after_another_decided_is_refused_too(
    world: World, who: Signer, monkeypatch: pytest.MonkeyPatch, card: str, first: str
) -> None:
    change(world, who, REVIEW)
    payment_id = support.charge(world, who, card).body["payment_id"]
    at_review = "payments.captures.review.capture"

    def after_another(order: Any) -> Any:
        monkeypatch.setattr(at_review, capture)
        assert decided(world, who, payment_id, first).status in {200, 402}
        return capture(order)

    monkeypatch.setattr(at_review, after_another)
    assert_refused(decided(world, who, payment_id, "approve"), "invalid_state")
    found = (events.from_stream(record) for record in world.dynamo.drain_stream(f"{PREFIX}payments"))
    assert [each.event for each in found if each is not None].count("payment.reviewed") == 1
    assert len(world.call(who, "GET", f"/v1/payments/{payment_id}/captures").body["data"]) == (first == "approve")
