"""Experiments with routing: a share of the payments goes by other rules, and each arm is counted from its payments."""

from typing import Any

import pytest

from paycorex.records.payment_routing import Noted
from tests.support import payments as support
from tests.support.expectations import assert_refused, nothing_written
from tests.support.world import Signer, World

MAIN, BACKUP = "sandbox", "sandbox_backup"
PATH = "/v1/routing/experiments"
A = [{"when": {}, "use": [{"connector": MAIN, "weight": 1}]}]
B = [{"when": {}, "use": [{"connector": BACKUP, "weight": 1}]}]


def start(world: World, who: Signer, share: int = 40, key: str | None = None, **more: Any) -> dict[str, Any]:
    made = world.call(who, "POST", PATH, {"a": A, "b": B, "share": share, **more}, key=key)
    assert made.status == 201, made.raw
    world.restart()
    body: dict[str, Any] = made.body
    return body


def show(world: World, who: Signer, experiment_id: str) -> dict[str, Any]:
    found = world.call(who, "GET", f"{PATH}/{experiment_id}")
    assert found.status == 200, found.raw
    body: dict[str, Any] = found.body
    return body


def test_each_payment_has_its_arm_and_the_arms_are_counted(world: World, merchant: Signer) -> None:
    support.settings(world, merchant, routing_rules=[{"use": [{"connector": MAIN}]}])
    support.charge(world, merchant, support.APPROVE, key="before")
    world.clock.now += 1
    made = start(world, merchant)
    assert {"status": "running", "share": 40, "a": A, "b": B, "ended_at": None}.items() <= made.items()
    paid = [support.charge(world, merchant, support.RETRYABLE, "5.00", key=f"k{number}").body for number in range(60)]
    by_arm: dict[str, list[dict[str, Any]]] = {"a": [], "b": []}
    for body in paid:
        payment = body if "routing" in body else body["error"]["details"]["payment"]
        by_arm[payment["routing"]["experiment"]["arm"]].append(payment)
        assert payment["routing"]["experiment"]["experiment_id"] == made["experiment_id"]
    assert 6 < len(by_arm["b"]) < 42
    assert {payment["provider"] for payment in by_arm["a"]} == {MAIN}
    assert {payment["provider"] for payment in by_arm["b"]} == {BACKUP}
    shown = show(world, merchant, made["experiment_id"])
    assert shown["complete"] is True
    failed = {"payments": len(by_arm["a"]), "decided": len(by_arm["a"]), "approved": 0, "success_rate": "0.0000", "volume": {}}
    count = len(by_arm["b"])
    volume = {"INR": f"{5 * count}.00"}
    assert shown["arms"] == {
        "a": failed,
        "b": {"payments": count, "decided": count, "approved": count, "success_rate": "1.0000", "volume": volume},
    }


def test_a_retry_has_the_arm_of_its_payment(world: World, merchant: Signer) -> None:
    start(world, merchant, share=50)
    body = {"amount": "10", "method": "tokenized", "token_id": support.token(world, merchant, support.APPROVE)}
    for number in range(8):
        dry = world.call(merchant, "POST", "/v1/payments/create", {**body, "dry_run": True}, key=f"r{number}").body["payment"]
        paid = world.call(merchant, "POST", "/v1/payments/create", body, key=f"r{number}").body
        assert paid["routing"] == dry["routing"]
        stored = support.stored(paid["payment_id"])
        assert Noted.load(stored.routing).arm == paid["routing"]["experiment"]["arm"]


def test_one_runs_at_a_time_and_an_ended_one_leaves_the_merchants_own_rules(world: World, merchant: Signer) -> None:
    support.settings(world, merchant, routing_rules=A)
    first = start(world, merchant, share=99)
    assert_refused(world.call(merchant, "POST", PATH, {"a": A, "b": B, "share": 10}), "invalid_state")
    ended = world.call(merchant, "POST", f"{PATH}/{first['experiment_id']}/end")
    assert (ended.status, ended.body["status"]) == (200, "ended")
    again = world.call(merchant, "POST", f"{PATH}/{first['experiment_id']}/end")
    assert (again.status, again.body) == (200, ended.body)
    world.restart()
    for number in range(5):
        paid = support.charge(world, merchant, support.APPROVE, key=f"e{number}").body
        assert (paid["provider"], paid["routing"]["experiment"]) == (MAIN, None)
    assert world.call(merchant, "GET", "/v1/merchants/me").body["routing_rules"] == A
    world.clock.now += 1
    second = start(world, merchant, share=10)
    listed = world.call(merchant, "GET", PATH).body
    assert [each["experiment_id"] for each in listed["data"]] == [second["experiment_id"], first["experiment_id"]]
    page = world.call(merchant, "GET", f"{PATH}?limit=1").body
    rest = world.call(merchant, "GET", f"{PATH}?limit=1&cursor={page['next_cursor']}").body
    assert [each["experiment_id"] for each in rest["data"]] == [first["experiment_id"]]


def test_a_request_sent_again_starts_and_ends_once(world: World, merchant: Signer) -> None:
    first = start(world, merchant, key="k")
    again = world.call(merchant, "POST", PATH, {"a": A, "b": B, "share": 40}, key="k")
    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (201, first, "true")
    assert len(world.dump()["test-routing_experiments"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"share": 0},
        {"share": 100},
        {"a": []},
        {"b": [{"use": [{"connector": "stripe"}]}]},
        {"b": [{"use": "best"}]},
        {"c": A},
        {"a": A * 21},
    ],
)
def test_what_cannot_be_is_refused(world: World, merchant: Signer, change: dict[str, Any]) -> None:
    with nothing_written(world):
        assert_refused(world.call(merchant, "POST", PATH, {"a": A, "b": B, "share": 10, **change}), "invalid_request")


def test_a_connector_of_a_running_experiment_is_not_removed(world: World, merchant: Signer) -> None:
    support.settings(world, merchant, connectors={"stripe": support.STRIPE})
    made = start(world, merchant, b=[{"use": [{"connector": "stripe"}]}])
    removal = {"connectors": {"stripe": None}}
    assert_refused(world.call(merchant, "PATCH", "/v1/merchants/me", removal), "invalid_state")
    world.call(merchant, "POST", f"{PATH}/{made['experiment_id']}/end")
    assert world.call(merchant, "PATCH", "/v1/merchants/me", removal).status == 200


def test_another_merchants_experiment_is_not_there(world: World, merchant: Signer) -> None:
    made = start(world, merchant)
    other = world.register("Other")
    for method, path in (("GET", made["experiment_id"]), ("POST", f"{made['experiment_id']}/end")):
        assert_refused(world.call(other, method, f"{PATH}/{path}"), "not_found")
    assert world.call(other, "GET", PATH).body["data"] == []
