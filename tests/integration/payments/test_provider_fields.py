"""Cards typed into a provider's own fields: what the page shows, and that nothing but the provider's word settles a payment."""

import json
from typing import Any

import pytest

from payments import payer_returns
from payments.connectors.sandbox.instruments import CARDS, NAMES, Way
from tests.integration.payments.test_payer_access import follow
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

HOUR = 3600


def begin(world: World, who: Signer, amount: str = "10.00", *, key: str | None = None, **more: Any) -> Reply:
    """A payment whose payer types the card."""
    return world.call(who, "POST", "/v1/payments/create", {"amount": amount, "method": "tokenized", **more}, key=key)


def begun(world: World, who: Signer, amount: str = "10.00", **more: Any) -> dict[str, Any]:
    made = begin(world, who, amount, **more)
    assert made.status == 201, made.raw
    body: dict[str, Any] = made.body
    return body


def typed(world: World, payment: dict[str, Any], **fields: str) -> Reply:
    """What the sandbox's script sends."""
    content = {"client_secret": payment["next_action"]["client_secret"], **fields}
    return follow(world, payment, "/fields", "POST", json.dumps(content).encode())


def look(world: World, payment: dict[str, Any], **said: str) -> Reply:
    return follow(world, payment, "/look", "POST", json.dumps(said).encode())


def test_a_payment_without_a_token_waits_at_the_providers_fields(world: World, who: Signer) -> None:
    payment = begun(world, who)
    action = payment["next_action"]
    assert (payment["status"], payment["token_id"], payment["provider"]) == ("pending", None, "sandbox")
    assert (action["type"], action["provider"], action["publishable_key"]) == ("provider_fields", "sandbox", "pk_sandbox")
    assert action["pay_url"].startswith(f"/pay/{payment['payment_id']}?t=")
    assert action["expires_at"] == payment["expires_at"]
    assert [(one["connector"], one["status"]) for one in payment["attempts"]] == [("sandbox", "pending")]


def test_a_retry_begins_nothing_new_and_another_request_under_its_key_is_refused(world: World, who: Signer) -> None:
    first, again = begin(world, who, key="k1"), begin(world, who, key="k1")
    assert (again.status, again.body["next_action"]) == (201, first.body["next_action"])
    assert len(support.books()) == 1
    assert_refused(begin(world, who, "11.00", key="k1"), "idempotency_key_reused")


def test_a_dry_run_says_where_the_card_would_go_and_asks_no_provider(world: World, who: Signer) -> None:
    with nothing_written(world):
        planned = begin(world, who, dry_run=True)
    assert planned.body["route"]["connectors"] == ["sandbox"]
    assert planned.body["payment"]["next_action"]["type"] == "provider_fields"
    assert planned.body["events"] == ["payment.created", "payment.success"]


def test_what_the_browser_says_settles_nothing_and_a_look_up_does(world: World, who: Signer) -> None:
    payment = begun(world, who)
    assert look(world, payment).body["status"] == "pending"
    assert typed(world, payment, card="approve").body == {"status": "succeeded", "code": None, "message": None}
    assert support.show(world, who, payment["payment_id"])["status"] == "pending"
    assert look(world, payment).body["status"] == "success"
    assert support.show(world, who, payment["payment_id"])["network_transaction_id"] == support.books()[0].network_id
    assert support.books()[0].network_id is not None
    assert support.balances(who) == (-1000, 0, 1000)
    assert look(world, payment).body["status"] == "success"
    assert support.balances(who) == (-1000, 0, 1000)
    assert support.findings() == []


def test_the_janitor_settles_what_no_browser_came_back_for(world: World, who: Signer) -> None:
    payment = begun(world, who)
    typed(world, payment, card="approve")
    support.tick(world, after_seconds=60)
    assert support.show(world, who, payment["payment_id"])["status"] == "success"


def test_a_refusal_leaves_the_payer_another_try(world: World, who: Signer) -> None:
    payment = begun(world, who)
    said = typed(world, payment, card="insufficient_funds").body
    assert said == {"status": "requires_card", "code": "insufficient_funds", "message": "The card has insufficient funds."}
    assert look(world, payment).body["status"] == "pending"
    assert typed(world, payment, card="approve").body["status"] == "succeeded"
    assert look(world, payment).body["status"] == "success"


@pytest.mark.parametrize(("answer", "said", "status"), [("confirm", "succeeded", "success"), ("refuse", "requires_card", "pending")])
def test_the_bank_asks_the_payer(world: World, who: Signer, answer: str, said: str, status: str) -> None:
    payment = begun(world, who)
    assert typed(world, payment, answer="confirm").body["status"] == "requires_card"
    assert typed(world, payment, card="redirect").body["status"] == "requires_action"
    assert look(world, payment).body["status"] == "pending"
    assert typed(world, payment, answer=answer).body["status"] == said
    assert look(world, payment).body["status"] == status


@pytest.mark.parametrize("number", sorted(CARDS))
def test_every_documented_card_does_in_the_fields_what_is_documented(world: World, who: Signer, number: str) -> None:
    payment = begun(world, who)
    said, way = typed(world, payment, card=NAMES[number]).body, CARDS[number].way
    stands = look(world, payment).body["status"]
    if way is Way.DECLINE:
        assert (said["code"], stands) == (CARDS[number].code, "pending")
    elif way in {Way.OUTAGE, Way.TIMEOUT_LOST, Way.REDIRECT}:
        assert (said["status"] == "succeeded", stands) == (False, "pending")
    else:
        assert stands == "success"


def test_a_wrong_secret_pays_nothing(world: World, who: Signer) -> None:
    payment, other = begun(world, who), begun(world, who, amount="20.00")
    wrong = {**payment, "next_action": {**payment["next_action"], "client_secret": other["next_action"]["client_secret"]}}
    with nothing_written(world):
        assert_refused(typed(world, wrong, card="approve"), "invalid_state")


def test_time_that_is_over_ends_it_and_the_fields_take_no_card_any_more(world: World, who: Signer) -> None:
    payment = begun(world, who, expires_in=600)
    support.tick(world, after_seconds=601)
    stands = support.show(world, who, payment["payment_id"])
    assert (stands["status"], stands["failure_code"], stands["next_action"]) == ("failed", "expired", None)
    assert_refused(typed(world, payment, card="approve"), "invalid_state")
    assert [line.status for line in support.books()] == ["declined"]


def test_a_canceled_payment_takes_no_card(world: World, who: Signer) -> None:
    payment = begun(world, who)
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/cancel", {}).status == 200
    assert_refused(typed(world, payment, card="approve"), "invalid_state")


def test_look_ups_that_a_payer_wakes_are_bounded(world: World, who: Signer) -> None:
    payment = begun(world, who)
    for _ in range(payer_returns.LOOKS.times):
        assert look(world, payment).status == 200
    refused = look(world, payment)
    assert_refused(refused, "rate_limited")
    assert int(refused.headers["retry-after"]) > 0
    assert follow(world, payment, "/status").status == 200


def test_another_links_token_opens_neither_the_fields_nor_a_look_up(world: World, who: Signer) -> None:
    payment = begun(world, who)
    for suffix, method in (("/fields", "GET"), ("/look", "POST"), ("/fields", "POST")):
        body = b'{"client_secret":"x","card":"approve"}' if (suffix, method) == ("/fields", "POST") else b""
        assert follow(world, payment, suffix, method, body, token="A" * 16).status == 404


def test_the_page_frames_the_sandbox_alone_and_the_frame_can_send_nothing(world: World, who: Signer) -> None:
    payment = begun(world, who)
    page, frame = follow(world, payment), follow(world, payment, "/fields")
    policy = page.headers["content-security-policy"]
    assert "frame-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "http" not in policy
    inside = frame.headers["content-security-policy"]
    assert inside.startswith("sandbox allow-scripts allow-forms; default-src 'none'")
    assert "connect-src" not in inside
    assert "frame-ancestors 'self'" in inside
    upi = follow(world, support.collect(world, who).body)
    assert "frame-src" not in upi.headers["content-security-policy"]
    assert 'id="fields"' not in upi.raw.decode()


def test_the_first_connector_that_cannot_be_reached_is_left_for_the_next(world: World, who: Signer) -> None:
    rules = [{"use": [{"connector": "sandbox", "weight": 1}, {"connector": "sandbox_backup", "weight": 0}]}]
    support.settings(
        world, who, connectors={"sandbox": {"failure_percent": "100"}, "sandbox_backup": {"failure_percent": "0"}}, routing_rules=rules
    )
    # A ninth of all failures is an outage: by the drawn id of the payment.
    tried = (begun(world, who, amount=f"{number}.00") for number in range(1, 300))
    failed_over = next(payment for payment in tried if payment["provider"] == "sandbox_backup")
    assert [one["status"] for one in failed_over["attempts"]] == ["unavailable", "pending"]
    typed(world, failed_over, card="approve")
    assert look(world, failed_over).body["status"] == "success"


def test_a_refund_of_such_a_payment_goes_the_ordinary_way(world: World, who: Signer) -> None:
    payment = begun(world, who)
    typed(world, payment, card="approve")
    look(world, payment)
    made = world.call(who, "POST", "/v1/payments/refund", {"payment_id": payment["payment_id"], "amount": "4.00"})
    assert (made.status, made.body["status"]) == (201, "success")
    assert support.findings() == []
