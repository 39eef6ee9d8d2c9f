"""Operators: let in by IAM only, and what they do takes effect within a minute."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

import pytest

from operations import commands
from paycorex import clock, ids
from paycorex.records.effective import NOTICE_SECONDS
from tests.scenarios.poison import spoil
from tests.support import gateway
from tests.support.expectations import nothing_written
from tests.support.gateway import Reply
from tests.support.logs import captured
from tests.support.payments import collect
from tests.support.world import Signer, World

IDENTITY = {"userArn": "arn:aws:iam::000000000000:user/operator", "accountId": "000000000000"}


@pytest.fixture
def world() -> Iterator[World]:
    with World().running() as running:
        yield running


@pytest.fixture
def who(world: World) -> Signer:
    return world.register()


# By the last part of the path.
BODIES = {"fee_plans": b'{"rates": [{"percent": "1", "tax_percent": "18"}]}', "reopen": b'{"reason": "another address"}'}


def ask(method: str, target: str, identity: dict[str, Any] | None = None, *, headers: list[tuple[str, str]] | None = None) -> Reply:
    """As the gateway hands it on behind its IAM check, or with less."""
    body = BODIES.get(target.rpartition("/")[2], b"") if method == "POST" else b""
    event = gateway.proxy_event(method, target, [("Content-Type", "application/json"), *(headers or [])], body)
    event["requestContext"]["identity"] |= IDENTITY if identity is None else identity
    return gateway.as_operator(event)


ROUTES = [
    ("GET", "/admin/merchants"),
    ("POST", "/admin/merchants/{id}/suspend"),
    ("POST", "/admin/merchants/{id}/resume"),
    ("GET", "/admin/merchants/{id}/fee_plans"),
    ("POST", "/admin/merchants/{id}/fee_plans"),
    ("POST", "/admin/merchants/{id}/periods/2026-10/reopen"),
    ("GET", "/admin/payments/stuck"),
    ("GET", "/admin/queues"),
    ("GET", "/admin/set-aside"),
    ("POST", "/admin/set-aside/payments.janitor/{id}/retry"),
    ("GET", "/admin/ledger/checkpoints"),
    ("POST", "/admin/ledger/verifications"),
    ("GET", "/admin/ledger/verifications"),
]


@pytest.mark.parametrize(
    "identity", [{}, {"userArn": "arn:x"}, {"accountId": "0"}, {"userArn": None, "accountId": None}, {"userArn": "", "accountId": ""}]
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_an_iam_identity_no_operator_gets_in(world: World, who: Signer, method: str, path: str, identity: dict[str, Any]) -> None:
    with nothing_written(world):
        reply = ask(method, path.replace("{id}", who.merchant_id), identity)
    assert (reply.status, reply.code) == (401, "unauthorized")


@pytest.mark.parametrize(
    "headers",
    [
        [("userArn", IDENTITY["userArn"]), ("accountId", IDENTITY["accountId"])],
        [("X-Amzn-Iam-Arn", IDENTITY["userArn"]), ("X-Forwarded-User", IDENTITY["userArn"]), ("X-Operator", IDENTITY["userArn"])],
    ],
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_an_identity_that_the_caller_writes_is_none(
    world: World, who: Signer, method: str, path: str, headers: list[tuple[str, str]]
) -> None:
    """Who asks is what the gateway verified: no header of the caller's becomes it."""
    with nothing_written(world):
        reply = ask(method, path.replace("{id}", who.merchant_id), {}, headers=headers)
    assert (reply.status, reply.code) == (401, "unauthorized")


def test_what_the_log_calls_the_operator_is_who_the_gateway_verified(world: World, who: Signer) -> None:
    other = [("userArn", "arn:aws:iam::000000000000:user/another"), ("X-Operator", "another")]
    with captured() as log:
        assert ask("POST", f"/admin/merchants/{who.merchant_id}/suspend", headers=other).status == 200
    (line,) = [one for one in log.lines if one["message"] == "merchant's status set"]
    assert line["operator"] == IDENTITY["userArn"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/admin/merchants", "GET"),
        ("PUT", "/admin/ledger/verifications", "GET, POST"),
        ("GET", "/admin/merchants/{id}/suspend", "POST"),
        ("post", "/admin/queues", "GET"),
    ],
)
def test_the_door_knows_which_methods_a_path_takes(world: World, who: Signer, method: str, path: str, allow: str) -> None:
    """The gateway has one route for all of them."""
    with nothing_written(world):
        reply = ask(method, path.replace("{id}", who.merchant_id))
    assert (reply.status, reply.code, reply.headers["allow"]) == (405, "method_not_allowed", allow)


@pytest.mark.parametrize("path", ["/admin/nothing", "/admin/merchants/{id}", "/admin/", "/admin/operator/v1/queues", "/admin/v1/payments"])
def test_what_is_no_route_of_operators_is_not_found(world: World, who: Signer, path: str) -> None:
    with nothing_written(world):
        reply = ask("GET", path.replace("{id}", who.merchant_id))
    assert (reply.status, reply.code) == (404, "not_found")


def test_a_plan_is_set_and_shown_and_says_who_set_it(world: World, who: Signer) -> None:
    path = f"/admin/merchants/{who.merchant_id}/fee_plans"
    for _again in range(2):
        made = ask("POST", path)
        assert (made.status, len(made.body["data"]), made.body["data"][0]["made_by"]) == (201, 1, IDENTITY["userArn"])
    assert ask("GET", path).body == made.body
    assert ask("GET", path.replace(who.merchant_id, "mer_" + "a" * 26)).status == 404


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_merchants_signature_opens_no_operators_route(world: World, who: Signer, method: str, path: str) -> None:
    sent = BODIES.get(path.rpartition("/")[2]) if method == "POST" else None
    body = None if sent is None else json.loads(sent)
    reply = world.call(who, method, path.replace("{id}", who.merchant_id), body)
    assert (reply.status, reply.code) == (401, "unauthorized")


def test_a_suspended_merchant_is_refused_within_a_minute_and_let_in_again(world: World, who: Signer) -> None:
    assert world.call(who, "GET", "/v1/merchants/me").status == 200
    assert ask("POST", f"/admin/merchants/{who.merchant_id}/suspend").body["status"] == "suspended"
    world.clock.now += 60
    refused = world.call(who, "GET", "/v1/merchants/me")
    assert refused.status in {401, 403}
    assert ask("POST", f"/admin/merchants/{who.merchant_id}/suspend").status == 200
    assert ask("POST", f"/admin/merchants/{who.merchant_id}/resume").body["status"] == "active"
    world.clock.now += 60
    assert world.call(who, "GET", "/v1/merchants/me").status == 200


def test_an_unknown_merchant_is_not_found(world: World) -> None:
    with nothing_written(world):
        reply = ask("POST", f"/admin/merchants/{ids.new('mer')}/suspend")
    assert (reply.status, reply.code) == (404, "not_found")


def test_every_merchant_is_listed_once_and_without_secrets(world: World) -> None:
    made = {world.register(f"Shop {number}").merchant_id for number in range(5)}
    seen, after = [], ""
    while True:
        page = ask("GET", "/admin/merchants?limit=2" + (f"&after={after}" if after else "")).body
        seen += page["data"]
        after = page["next_after"]
        if after is None:
            break
    assert sorted(line["merchant_id"] for line in seen) == sorted(made)
    assert not {"cursor_key", "profile", "secret", "request_hash"} & set(seen[0])


def test_an_overdue_payment_is_stuck_and_others_are_not(world: World, who: Signer) -> None:
    payment = collect(world, who).body["payment_id"]
    assert ask("GET", "/admin/payments/stuck").body["data"] == []
    world.clock.now += 30 * 24 * 3600
    (line,) = ask("GET", "/admin/payments/stuck").body["data"]
    assert (line["payment_id"], line["problem"]) == (payment, None)


def test_a_merchant_and_a_payment_that_cannot_be_read_end_no_list(world: World, who: Signer) -> None:
    other, bad = world.register("Other"), world.register("Bad")
    payments = [collect(world, who).body["payment_id"] for _ in range(3)]
    spoil(world, "merchants", {"merchant_id": {"S": bad.merchant_id}}, "created_at")
    spoil(world, "payments", {"payment_id": {"S": payments[0]}}, "amount")
    table, key = world.settings.table("payments"), {"payment_id": {"S": payments[1]}}
    world.dynamo.put_item(TableName=table, Item=world.dynamo.get_item(TableName=table, Key=key)["Item"] | {"currency": {"S": "xyz"}})
    statuses = {line["merchant_id"]: line["status"] for line in ask("GET", "/admin/merchants").body["data"]}
    assert statuses == {who.merchant_id: "active", other.merchant_id: "active", bad.merchant_id: "unreadable"}
    world.clock.now += 30 * 24 * 3600
    stuck = ask("GET", "/admin/payments/stuck").body["data"]
    assert {line["payment_id"]: line["currency"] for line in stuck} == {payments[1]: "xyz", payments[2]: "INR"}


def test_the_queues_depths_are_shown(world: World) -> None:
    world.sqs.send_message(QueueUrl=world.settings.webhook_dead_letter_queue_url, MessageBody="{}")
    depths = {line["queue"]: line["waiting"] for line in ask("GET", "/admin/queues").body["data"]}
    assert depths == {"webhooks": 0, "webhooks_slow": 0, "webhooks_exhausted": 0, "webhooks_dead": 1}


def test_the_commands_do_the_same(world: World, who: Signer, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, list[dict[str, Any]]]:
        parser = argparse.ArgumentParser()
        commands.add_to(parser.add_subparsers())
        arguments = parser.parse_args(["admin", *words])
        capsys.readouterr()
        status = arguments.run(arguments)
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    (suspended,) = run("suspend", who.merchant_id)[1]
    assert suspended["status"] == "suspended"
    acts_in_ms = clock.parse_rfc3339(suspended["status_effective_at"]) - clock.now_ms()
    assert acts_in_ms == pytest.approx(NOTICE_SECONDS * 1000, abs=1000)
    assert run("merchants")[1][0]["status"] == "suspended"
    assert run("resume", who.merchant_id)[1][0]["status"] == "active"
    assert run("suspend", ids.new("mer")) == (1, [])
    assert run("stuck") == (0, [])
    assert len(run("queues")[1]) == 4
