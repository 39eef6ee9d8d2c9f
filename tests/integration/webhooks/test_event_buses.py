"""An endpoint that is a bus of EventBridge: the same events, retries, log and replays as a URL, and no other merchant's bus."""

import json
from typing import Any

import pytest

from paycorex import event_buses, storage
from paycorex.records.delivery import DeliveryItem
from tests.support.engine import Engine
from tests.support.gateway import Reply
from tests.support.webhooks import deliveries, endpoint_of
from tests.support.world import Signer

REGION = "ap-south-1"
PROVIDER = "/v1/webhooks/provider"


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", REGION)


def arn(who: Signer, *, account: str = "123456789012") -> str:
    return f"arn:aws:events:{REGION}:{account}:event-bus/{event_buses.name_for(who.merchant_id)}"


def add(engine: Engine, who: Signer, bus_arn: str, **fields: Any) -> Reply:
    return engine.world.call(who, "POST", PROVIDER, {"kind": "eventbridge", "bus_arn": bus_arn, **fields})


@pytest.fixture
def who(engine: Engine) -> Signer:
    found = engine.world.register()
    engine.world.wallet(found, "asha", "1000.00")
    engine.settle()
    return found


@pytest.fixture
def bus(engine: Engine, who: Signer) -> list[dict[str, Any]]:
    """What is put on the merchant's bus, which is registered as its endpoint."""
    made = add(engine, who, arn(who), events=["payment.success"])
    assert (made.status, made.body["kind"], made.body["bus_arn"], made.body["secret"]) == (201, "eventbridge", arn(who), None), made.raw
    entries: list[dict[str, Any]] = engine.world.events.make_bus(arn(who))
    return entries


def endpoint_id(engine: Engine, who: Signer) -> str:
    (found,) = engine.world.call(who, "GET", PROVIDER).body["data"]
    return str(found["endpoint_id"])


def test_an_event_is_put_with_the_body_that_an_endpoint_would_get(engine: Engine, who: Signer, bus: list[dict[str, Any]]) -> None:
    paid = engine.world.pay(who, "asha", "10.00").body
    engine.settle()
    (entry,) = bus
    assert {name: entry[name] for name in ("EventBusName", "Source", "DetailType")} == {
        "EventBusName": arn(who), "Source": "paycorex", "DetailType": "payment.success",
    }  # fmt: skip
    detail = json.loads(entry["Detail"])
    assert (detail["event"], detail["data"]) == ("payment.success", paid)
    assert engine.internet.received == []
    (delivery,) = deliveries(engine, who)
    assert (delivery["status"], delivery["attempts"][0]["status_code"], delivery["attempts"][0]["error"]) == ("sent", 200, None)


def test_events_through_throttling_and_none_is_lost(engine: Engine, who: Signer, bus: list[dict[str, Any]]) -> None:
    """Refusals cost retries by the endpoint's schedule, as a server's failures do."""
    paid = set()
    for batch in range(10):
        paid |= {engine.world.pay(who, "asha", "0.10", key=f"p{batch}-{number}").body["payment_id"] for number in range(30)}
        engine.world.events.throttled = 20
        engine.settle()
    for _ in range(40):
        engine.world.clock.now += 120
        engine.settle()
    assert {json.loads(entry["Detail"])["data"]["payment_id"] for entry in bus} == paid
    assert {item.status for item in storage.scan_all(DeliveryItem) if item.event == "payment.success"} == {"sent"}


def test_a_bus_that_is_not_there_fails_like_an_endpoint_and_comes_back_by_a_redelivery(engine: Engine, who: Signer) -> None:
    add(engine, who, arn(who), events=["payment.success"])
    engine.world.pay(who, "asha", "10.00")
    for _ in range(12):
        engine.settle()
        engine.world.clock.now += 3600
    (failed,) = deliveries(engine, who)
    assert (failed["status"], failed["attempts"][0]["error"]) == ("failed", "ResourceNotFoundException")
    entries = engine.world.events.make_bus(arn(who))
    again = engine.world.call(who, "POST", f"/v1/webhooks/deliveries/{failed['delivery_id']}/redeliver")
    assert again.status == 200, again.raw
    engine.settle()
    assert [deliveries(engine, who)[0]["status"], len(entries)] == ["sent", 1]


def test_a_test_event_is_put_at_once(engine: Engine, who: Signer, bus: list[dict[str, Any]]) -> None:
    sent = engine.world.call(who, "POST", f"{PROVIDER}/{endpoint_id(engine, who)}/test")
    assert (sent.status, sent.body["status"], [entry["DetailType"] for entry in bus]) == (200, "sent", ["webhook.test"])


def test_only_the_merchants_own_bus_in_this_region(engine: Engine, who: Signer) -> None:
    other = engine.world.register("Other")
    for target in (
        arn(other),
        arn(who).replace(REGION, "us-east-1"),
        arn(who) + "x",
        f"arn:aws:events:{REGION}:123456789012:event-bus/default",
        "arn:aws:sqs:ap-south-1:123456789012:queue",
        "arn:aws:events:ap-south-1:12345678901:event-bus/x",
    ):
        refused = add(engine, who, target)
        assert (refused.status, refused.code, refused.body["error"]["details"]["field"]) == (400, "invalid_request", "bus_arn"), target
    assert add(engine, who, arn(who, account="210987654321")).status == 201


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "eventbridge"},
        {"kind": "eventbridge", "bus_arn": "x"},
        {"url": "arn:aws:events:ap-south-1:123456789012:event-bus/x"},
        {"kind": "eventbridge", "url": "https://shop.example/hook"},
        {"kind": "https", "bus_arn": "arn:aws:events:ap-south-1:123456789012:event-bus/x"},
        {"kind": "eventbridge", "url": "https://shop.example/hook", "bus_arn": "arn:aws:events:ap-south-1:123456789012:event-bus/x"},
        {},
    ],
)
def test_an_endpoint_has_one_target(engine: Engine, who: Signer, body: dict[str, Any]) -> None:
    refused = engine.world.call(who, "POST", PROVIDER, body)
    assert (refused.status, refused.code) == (400, "invalid_request")


def test_no_bus_is_registered_as_a_url(engine: Engine, who: Signer) -> None:
    other = engine.world.register("Other")
    refused = engine.world.call(who, "POST", PROVIDER, {"url": arn(other)})
    assert refused.status == 400
    body = json.dumps({"name": "X", "email": "x@y.example", "webhook_url": arn(other)}).encode()
    assert engine.world.send("POST", "/v1/merchants/register", [], body).status == 400


def test_a_bus_changes_to_another_account_and_never_to_a_url(engine: Engine, who: Signer, bus: list[dict[str, Any]]) -> None:
    path, moved = f"{PROVIDER}/{endpoint_id(engine, who)}", arn(who, account="210987654321")
    assert engine.world.call(who, "PATCH", path, {"bus_arn": moved}).body["bus_arn"] == moved
    for change in ({"url": "https://shop.example/hook"}, {"bus_arn": arn(engine.world.register("Other"))}):
        assert engine.world.call(who, "PATCH", path, change).status == 400
    shown = endpoint_of(engine, who, endpoint_id(engine, who))
    assert (shown["kind"], shown["url"], shown["bus_arn"]) == ("eventbridge", moved, moved)
    rotated = engine.world.call(who, "POST", f"{path}/rotate", {})
    assert (rotated.status, rotated.code) == (409, "invalid_state")
    url = engine.world.call(who, "POST", PROVIDER, {"url": "https://shop.example/hook"}).body
    refused = engine.world.call(who, "PATCH", f"{PROVIDER}/{url['endpoint_id']}", {"bus_arn": arn(who)})
    assert (url["kind"], url["bus_arn"], refused.status) == ("https", None, 400)
