"""Apple Pay, Google Pay and names of processors' own fields: what of them fits together, and that nothing of them is kept."""

import json
from typing import Any

import pytest

from tests.support import logs
from tests.support import payments as support
from tests.support.expectations import nothing_written
from tests.support.gateway import Reply
from tests.support.world import Signer, World

CANARY = "canary-of-a-wallet"


def payload(name: str) -> str:
    return json.dumps({"sandbox": name, "encrypted": CANARY})


def pay(world: World, who: Signer, name: str = "approve", *, key: str | None = None, way: str = "apple_pay", **more: Any) -> Reply:
    given = {"type": way, "payload": payload(name), "network": "Visa", "last4": "4242"}
    return world.call(
        who, "POST", "/v1/payments/create", {"amount": "10.00", "method": "tokenized", "one_time_token": given, **more}, key=key
    )


@pytest.mark.parametrize("way", ["apple_pay", "google_pay"])
def test_a_wallet_pays_once_and_its_payload_is_in_no_table_and_no_log(world: World, who: Signer, way: str) -> None:
    with logs.captured() as log:
        payment = pay(world, who, way=way).body
    assert (payment["status"], payment["provider"], payment["token_id"]) == ("success", "sandbox", None)
    assert CANARY not in str(world.dump())
    assert CANARY not in str(log.lines)
    assert CANARY not in str(payment)


def test_a_retry_is_the_same_payment_whatever_payload_comes_with_it(world: World, who: Signer) -> None:
    first, again = pay(world, who, key="order-1"), pay(world, who, "card_declined", key="order-1")
    assert first.body["payment_id"] == again.body["payment_id"]
    assert support.charged_twice() == []


@pytest.mark.parametrize(("name", "code"), [("card_declined", "card_declined"), ("no such card", "unreadable_token")])
def test_the_sandbox_declines_as_its_test_cards_do(world: World, who: Signer, name: str, code: str) -> None:
    refused = pay(world, who, name)
    assert refused.status == 402
    (attempt,) = refused.body["error"]["details"]["payment"]["attempts"]
    assert attempt["code"] == code


def test_a_payer_may_have_to_confirm(world: World, who: Signer) -> None:
    payment = pay(world, who, "redirect").body
    assert (payment["status"], payment["next_action"]["type"]) == ("processing", "redirect")


def test_a_wallets_money_is_held_and_captured(world: World, who: Signer) -> None:
    payment = pay(world, who, capture_method="manual").body
    assert payment["status"] == "authorized"
    assert world.call(who, "POST", f"/v1/payments/{payment['payment_id']}/capture", {}).status == 201


def test_an_answer_that_was_lost_is_looked_up(world: World, who: Signer) -> None:
    payment = pay(world, who, "timeout_approved").body
    assert payment["status"] == "processing"
    support.tick(world, after_seconds=300)
    assert support.show(world, who, payment["payment_id"])["status"] == "success"


def test_a_dry_run_shows_the_route_and_asks_nothing(world: World, who: Signer) -> None:
    found = pay(world, who, dry_run=True)
    assert (found.status, found.body["route"]["connectors"]) == (200, ["sandbox"])
    assert support.books() == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"method": "upi_intent"}, "one_time_token"),
        ({"token_id": "tok_" + "a" * 26}, "token_id"),
        ({"security_code": "123"}, "security_code"),
        ({"save": True, "user_id": "asha"}, "save"),
        ({"customer_initiated": False}, "customer_initiated"),
        ({"one_time_token": {"type": "apple_pay", "payload": "no json"}}, "one_time_token.payload"),
        ({"one_time_token": {"type": "apple_pay", "payload": "{}", "connector": "sandbox"}}, "one_time_token.connector"),
        ({"one_time_token": {"type": "processor_token", "payload": "tok_1"}}, "one_time_token.connector"),
    ],
)
def test_what_does_not_fit_together_is_refused(world: World, who: Signer, more: dict[str, Any], field: str) -> None:
    with nothing_written(world):
        refused = pay(world, who, **more)
        assert (refused.status, refused.code) == (400, "invalid_request"), refused.raw
    assert refused.body["error"]["details"]["field"] == field


@pytest.mark.parametrize(
    "given", [{"payload": "x" * 16_385}, {"payload": ""}, {"network": "V1sa"}, {"last4": "12"}, {"type": "samsung_pay"}]
)
def test_every_part_has_bounds_and_no_refusal_repeats_it(world: World, who: Signer, given: dict[str, Any]) -> None:
    body = {"type": "apple_pay", "payload": payload("approve"), **given}
    with nothing_written(world):
        refused = pay(world, who, one_time_token=body)
        assert (refused.status, refused.code) == (400, "invalid_request"), refused.raw
    assert CANARY not in refused.raw.decode()
