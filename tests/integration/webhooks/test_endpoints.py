"""Endpoints over HTTP: registration and what it refuses, secrets and their rotation, limits, the test event."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from paycorex import aws, settings, webhook_targets
from paycorex.records.endpoint import EndpointItem
from paycorex.safe_http import Policy
from tests.fakes.faults import FaultyClient
from tests.scenarios.refused_urls import REFUSED_URLS
from tests.support.engine import Engine, answer, seed_signature, verify_by_hand
from tests.support.expectations import assert_refused
from tests.support.webhooks import URL, add_endpoint, deliveries, endpoint_of, register
from webhooks.delivery import http_post
from webhooks.delivery.signatures import standard_signature

PROVIDER = "/v1/webhooks/provider"
DAY = 24 * 3600
REAL_POST = http_post.post
# No table takes a lone surrogate, so it cannot be forced into one.
STORABLE = [url for url in REFUSED_URLS if url and "\ud800" not in url]


@pytest.fixture
def strict(engine: Engine) -> Iterator[Engine]:
    """A stage where only the public internet may be called; every name is asked of a pretended resolver."""
    asked: list[str] = []

    def resolver(host: str, _port: int) -> list[str]:
        asked.append(host)
        return {"inside.example": ["10.0.0.7"], "mixed.example": ["93.184.216.34", "127.0.0.1"]}.get(host, ["93.184.216.34"])

    def dialer(*_: Any) -> Any:
        raise AssertionError("no connection may be opened")

    settings.use(engine.world.settings.model_copy(update={"allow_loopback_webhooks": False}))
    webhook_targets.use(replace(Policy.public(), resolver=resolver, dialer=dialer))
    yield engine
    webhook_targets.use(None)


@pytest.mark.parametrize("url", [*STORABLE, "https://inside.example/", "https://mixed.example/"])
def test_31_a_refused_target_is_400_at_registration_and_blocked_without_a_connection_when_forced_in(strict: Engine, url: str) -> None:
    who, endpoint = register(strict)
    before = strict.written()
    for method, path in (("POST", PROVIDER), ("PATCH", f"{PROVIDER}/{endpoint['endpoint_id']}")):
        reply = strict.world.call(who, method, path, {"url": url})
        assert (reply.status, reply.code) == (400, "invalid_request")
        assert reply.body["error"]["details"].get("field", "url") == "url"
        assert url not in reply.raw.decode()
    assert strict.written() == before
    item = EndpointItem.load(strict.world.dynamo.dump()["test-webhook_endpoints"][0])
    item.url = url
    strict.world.dynamo.put_item(TableName="test-webhook_endpoints", Item=item.serialize())
    strict.world.pay(who, "asha", "10.00")
    with strict.online(REAL_POST):
        strict.settle()
    [delivery] = deliveries(strict, who)
    assert [(attempt["error"], attempt["status_code"]) for attempt in delivery["attempts"]] == [("blocked", None)]


def test_a_name_that_does_not_resolve_yet_is_accepted(engine: Engine) -> None:
    def resolver(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    webhook_targets.use(replace(Policy.public(), resolver=resolver))
    try:
        register(engine, "https://soon.example/")
    finally:
        webhook_targets.use(None)


def test_the_secret_is_shown_once_and_never_again(engine: Engine) -> None:
    who = engine.world.register()
    first = engine.world.call(who, "POST", PROVIDER, {"url": URL}, key="k")
    again = engine.world.call(who, "POST", PROVIDER, {"url": URL}, key="k")
    assert (first.status, again.status) == (201, 201)
    assert first.body["secret"].startswith("whsec_")
    assert (again.headers["idempotent-replayed"], again.body) == ("true", {**first.body, "secret": None})
    assert "secret" not in endpoint_of(engine, who, first.body["endpoint_id"])
    assert first.body["secret"] not in json.dumps(engine.world.dump(), default=str)
    assert (first.body["events"], first.body["is_active"], first.body["disabled_reason"]) == (["*"], True, None)


def test_35_rotation_signs_with_both_secrets_and_the_seed_header_with_the_old_one(engine: Engine) -> None:
    who, endpoint = register(engine)
    path = f"{PROVIDER}/{endpoint['endpoint_id']}/rotate"
    new = engine.world.call(who, "POST", path, {"overlap_seconds": DAY}, key="r")
    assert new.status == 200
    assert engine.world.call(who, "POST", path, {"overlap_seconds": DAY}, key="r").body["secret"] is None
    secrets = (endpoint["secret"], new.body["secret"])
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    [during] = engine.internet.received
    signatures = during.headers["webhook-signature"].split(" ")
    assert len(signatures) == 2
    assert all(verify_by_hand(secret, during) for secret in secrets)
    assert during.headers["X-Webhook-Signature"] == seed_signature(endpoint["secret"], during.body)
    engine.world.clock.now += DAY + 1
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    after = engine.internet.received[-1]
    assert len(after.headers["webhook-signature"].split(" ")) == 1
    assert [verify_by_hand(secret, after) for secret in secrets] == [False, True]
    assert after.headers["X-Webhook-Signature"] == seed_signature(new.body["secret"], after.body)


def test_35_a_rotation_without_overlap_ends_the_old_secret_at_once(engine: Engine) -> None:
    who, endpoint = register(engine)
    new = engine.world.call(who, "POST", f"{PROVIDER}/{endpoint['endpoint_id']}/rotate", {"overlap_seconds": 0}).body["secret"]
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    [received] = engine.internet.received
    assert (verify_by_hand(new, received), verify_by_hand(endpoint["secret"], received)) == (True, False)


def test_35_a_fourth_live_secret_is_refused(engine: Engine) -> None:
    who, endpoint = register(engine)
    path = f"{PROVIDER}/{endpoint['endpoint_id']}/rotate"
    for _ in range(2):
        assert engine.world.call(who, "POST", path, {}).status == 200
    before = engine.world.dump()["test-webhook_endpoints"]
    reply = engine.world.call(who, "POST", path, {})
    assert (reply.status, reply.code) == (409, "invalid_state")
    assert engine.world.dump()["test-webhook_endpoints"] == before


def test_a_known_signature_vector_of_standard_webhooks() -> None:
    """The vector of the specification's own reference library."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    signature = standard_signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_changed_byte_fails_verification(engine: Engine) -> None:
    who, endpoint = register(engine)
    engine.world.clock.now = time.time()
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    [received] = engine.internet.received
    forged = received.body.replace(b'"1.00"', b'"9.00"')
    assert forged != received.body
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint["secret"]).verify(forged, dict(received.headers))


def test_a_seventeenth_endpoint_is_one_too_many(engine: Engine) -> None:
    who = engine.world.register()
    for _ in range(16):
        add_endpoint(engine, who, URL)
    before = engine.world.dump()["test-webhook_endpoints"]
    reply = engine.world.call(who, "POST", PROVIDER, {"url": URL})
    assert_refused(reply, "rate_limited")
    assert reply.body["error"]["details"] == {"limit": 16}
    assert engine.world.dump()["test-webhook_endpoints"] == before
    engine.world.call(who, "DELETE", f"{PROVIDER}/{before[0]['endpoint_id']['S']}")
    assert add_endpoint(engine, who, URL)


def test_endpoints_are_listed_newest_first_in_pages(engine: Engine) -> None:
    who = engine.world.register()
    made = [add_endpoint(engine, who, f"https://m.example/{number}")["endpoint_id"] for number in range(5)]
    seen: list[str] = []
    query = "?limit=2"
    while True:
        page = engine.world.call(who, "GET", PROVIDER + query).body
        seen += [item["endpoint_id"] for item in page["data"]]
        if page["next_cursor"] is None:
            break
        query = f"?limit=2&cursor={page['next_cursor']}"
    assert seen == list(reversed(made))


def test_a_removed_endpoint_gets_nothing_more_and_the_removal_can_be_repeated(engine: Engine) -> None:
    who, endpoint = register(engine)
    path = f"{PROVIDER}/{endpoint['endpoint_id']}"
    first = engine.world.call(who, "DELETE", path, key="d")
    again = engine.world.call(who, "DELETE", path, key="d")
    assert (first.status, first.body["is_active"], again.body) == (200, False, first.body)
    assert engine.world.call(who, "DELETE", path).status == 404
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    assert engine.internet.received == []


def test_a_deactivated_endpoint_gets_nothing_until_it_is_active_again(engine: Engine) -> None:
    who, endpoint = register(engine)
    path = f"{PROVIDER}/{endpoint['endpoint_id']}"
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    assert engine.world.call(who, "PATCH", path, {"is_active": False}).body["disabled_reason"] == "by_merchant"
    engine.world.pay(who, "asha", "2.00")
    engine.settle()
    assert engine.internet.received == []
    assert [attempt["error"] for attempt in deliveries(engine, who)[0]["attempts"]] == ["endpoint_disabled"]
    engine.world.call(who, "PATCH", path, {"is_active": True})
    engine.world.pay(who, "asha", "3.00")
    engine.settle()
    assert [received.event["data"]["amount"] for received in engine.internet.received] == ["3.00"]


def test_a_new_url_starts_without_the_old_ones_failures(engine: Engine) -> None:
    who, endpoint = register(engine)
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    changes = {"url": "https://new.example/", "is_active": True, "events": ["payment.success"]}
    changed = engine.world.call(who, "PATCH", f"{PROVIDER}/{endpoint['endpoint_id']}", changes)
    assert changed.status == 200
    assert (changed.body["url"], changed.body["events"]) == (changes["url"], changes["events"])
    engine.world.pay(who, "asha", "2.00")
    engine.dispatch()
    assert len(engine.receive("webhooks")) == 1


def test_the_test_event_is_sent_now_and_answers_what_came_back(engine: Engine) -> None:
    who, endpoint = register(engine)
    engine.internet.scripts[URL] = [answer(503, text="down for tea")]
    reply = engine.world.call(who, "POST", f"{PROVIDER}/{endpoint['endpoint_id']}/test", key="t")
    assert reply.status == 200
    [attempt] = reply.body["attempts"]
    assert (reply.body["event"], reply.body["status"]) == ("webhook.test", "failed")
    assert (attempt["status_code"], attempt["response"]) == (503, "down for tea")
    assert engine.world.call(who, "POST", f"{PROVIDER}/{endpoint['endpoint_id']}/test", key="t").body == reply.body
    [received] = engine.internet.received
    assert received.event["event"] == "webhook.test"
    assert verify_by_hand(endpoint["secret"], received)
    assert engine.world.call(who, "GET", f"/v1/webhooks/deliveries/{reply.body['delivery_id']}").body == reply.body
    # A failed trial says nothing about the endpoint's health.
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    assert len(engine.receive("webhooks")) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": 5}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["payment.done"]}, "events.0"),
        ({"url": URL, "secret": "mine"}, "secret"),
    ],
)
def test_a_malformed_endpoint_is_refused(engine: Engine, body: dict[str, Any], field: str) -> None:
    who = engine.world.register()
    reply = engine.world.call(who, "POST", PROVIDER, body)
    assert (reply.status, reply.code, reply.body["error"]["details"]["field"]) == (400, "invalid_request", field)
    assert engine.world.dump()["test-webhook_endpoints"] == []


def test_another_merchants_endpoint_is_not_found(engine: Engine) -> None:
    _, endpoint = register(engine)
    stranger = engine.world.register("Stranger")
    before = engine.written()
    path = f"{PROVIDER}/{endpoint['endpoint_id']}"
    for method, target, body in (
        ("PATCH", path, {"is_active": False}),
        ("DELETE", path, None),
        ("POST", f"{path}/rotate", {}),
        ("POST", f"{path}/test", None),
    ):
        assert engine.world.call(stranger, method, target, body).code == "not_found"
    assert engine.written() == before


def test_16_no_webhook_secret_is_in_any_table_queue_or_log(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    who, endpoint = register(engine)
    rotated = engine.world.call(who, "POST", f"{PROVIDER}/{endpoint['endpoint_id']}/rotate", {}).body
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "1.00")
    engine.pass_time(20 * 60, step=60)
    queued = [record["body"] for record in engine.receive("webhooks-dead")]
    everything = json.dumps(engine.world.dump(), default=str) + json.dumps(queued) + "".join(capsys.readouterr())
    for secret in (endpoint["secret"], rotated["secret"]):
        bare = secret.removeprefix("whsec_")
        for shape in (secret, bare, bare[::-1], bare.encode().hex()):
            assert shape not in everything


def test_a_delivery_costs_three_write_units_and_three_reads(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "10.00")
    client = FaultyClient(engine.world.dynamo)
    aws.use("dynamodb", client)
    engine.settle()
    operations = sorted(logged.call.operation for logged in client.log)
    assert operations == ["GetItem", "GetItem", "GetItem", "PutItem", "PutItem", "Query", "UpdateItem"]
    sizes = [_bytes(item) for noun in ("events", "webhook_deliveries") for item in engine.world.dump()[f"test-{noun}"]]
    assert max(sizes) <= 1024


def _bytes(item: dict[str, dict[str, Any]]) -> int:
    """An upper bound of an item's size as DynamoDB counts it."""
    return sum(
        len(name) + max(len(part) if isinstance(part, bytes) else len(str(part)) for part in value.values()) for name, value in item.items()
    )
