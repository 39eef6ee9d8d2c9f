"""Dry run: the same route, entries and events as the payment would have, and nothing written or asked for."""

from typing import Any

import pytest

from paycorex import credentials, storage
from paycorex.records.merchant import MerchantItem
from payments.connectors.sandbox.connector import Sandbox
from tests.support import payments as support
from tests.support.world import Signer, World


def body_of(world: World, who: Signer, method: str) -> dict[str, Any]:
    body: dict[str, Any] = {"amount": "10.00", "method": method}
    if method == "wallet":
        world.wallet(who, "asha", "50.00")
        body["user_id"] = "asha"
    elif method == "tokenized":
        body["token_id"] = support.token(world, who, support.APPROVE)
    return body


@pytest.mark.parametrize("method", ["wallet", "tokenized", "upi_intent"])
def test_it_tells_what_the_payment_then_does_and_writes_nothing(
    world: World, who: Signer, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = body_of(world, who, method)
    asked: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(Sandbox, "charge", lambda *_: asked.append("charge"))
        patch.setattr(Sandbox, "collect", lambda *_: asked.append("collect"))
        before = world.dump()
        answer = world.call(who, "POST", "/v1/payments/create", {**body, "dry_run": True}, key="k")
        assert (answer.status, answer.body["dry_run"]) == (200, True)
        assert (world.dump(), asked) == (before, [])
    made = world.call(who, "POST", "/v1/payments/create", body, key="k")
    assert made.status == 201, made.raw
    payment_id = made.body["payment_id"]
    support.settle_all(world)
    paid = support.show(world, who, payment_id)
    assert answer.body["payment"]["payment_id"] == payment_id
    places = [{name: entry[name] for name in ("entity", "entity_id", "currency", "lane", "seq")} for entry in answer.body["entries"]]
    assert places == paid["ledger"]["entries"]
    assert {entry["journal_id"] for entry in answer.body["entries"]} == {paid["ledger"]["journal_id"]}
    assert answer.body["events"][-1] == support.stored(payment_id).event == "payment.success"
    if method == "wallet":
        assert answer.body["route"] is None
        assert answer.body["payment"]["routing"] is paid["routing"] is None
    else:
        why = {"rule": None, "reason": "no rule fits: the configured connectors in their order"}
        assert answer.body["route"] == {**why, "connectors": ["sandbox"], "skipped": []}
        assert answer.body["payment"]["routing"] == paid["routing"] == {**why, "numbers": [], "experiment": None}


def test_an_empty_wallet_is_reported_and_nothing_is_stored(world: World, who: Signer) -> None:
    world.wallet(who, "asha", "5.00")
    before = world.dump()
    answer = world.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": "wallet", "user_id": "asha", "dry_run": True})
    assert (answer.status, answer.body["payment"]["failure_code"], answer.body["entries"]) == (200, "insufficient_funds", [])
    assert answer.body["events"] == ["payment.failed"]
    assert world.dump() == before


@pytest.mark.parametrize("method", ["wallet", "tokenized", "upi_intent"])
def test_what_would_be_refused_is_refused(world: World, who: Signer, method: str) -> None:
    wrong = {"wallet": {"user_id": "unknown"}, "tokenized": {"token_id": "tok_" + "a" * 26}, "upi_intent": {"currency": "USD"}}[method]
    dry = world.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": method, "dry_run": True, **wrong})
    real = world.call(who, "POST", "/v1/payments/create", {"amount": "10", "method": method, **wrong})
    assert dry.status == real.status >= 400
    assert dry.code == real.code


def test_rules_are_explained(world: World, who: Signer) -> None:
    rules = [
        {"when": {"brand": "amex"}, "use": [{"connector": "sandbox"}]},
        {"when": {"min_amount": "5"}, "use": [{"connector": "stripe"}, {"connector": "sandbox_backup"}]},
    ]
    support.settings(world, who, routing_rules=rules, connectors={"stripe": {"secret_key": "sk_test_51"}})
    stored = credentials.find_merchant(who.merchant_id)
    assert stored is not None
    without = [MerchantItem.profile.set({**stored.profile, "connectors": {}})]
    storage.run(storage.update(MerchantItem, MerchantItem.wire_key(who.merchant_id), without, None))
    world.restart()
    body = body_of(world, who, "tokenized")
    answer = world.call(who, "POST", "/v1/payments/create", {**body, "dry_run": True}).body
    skipped = [{"connector": "stripe", "reason": "not configured"}]
    assert answer["route"] == {"rule": 1, "reason": "rule 1: by weight", "connectors": ["sandbox_backup"], "skipped": skipped}
    assert answer["entries"][0]["entity_id"] == "sandbox_backup"
    assert storage.get_raw("test-payments", {"payment_id": {"S": answer["payment"]["payment_id"]}}) is None
