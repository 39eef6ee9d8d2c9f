"""From a payment to a merchant's server: signatures, retries, the end of a delivery, and what a crash leaves behind."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from standardwebhooks import Webhook

from paycorex import storage
from paycorex.set_aside import AsideItem
from tests.support.engine import Engine, answer, handler_of, seed_signature, verify_by_hand
from tests.support.payments import APPROVE, charge
from tests.support.webhooks import URL, add_endpoint, deliveries, endpoint_of, register
from tests.support.world import Signer
from webhooks.delivery.http_post import Outcome


def test_28_seed_and_standard_signatures_verify_on_the_exact_bytes_received(engine: Engine) -> None:
    who, endpoint = register(engine)
    engine.world.clock.now = time.time()
    engine.world.pay(who, "asha", "10.00")
    engine.settle()
    [received] = engine.internet.received
    assert Webhook(endpoint["secret"]).verify(received.body, dict(received.headers))["event"] == "payment.success"
    assert verify_by_hand(endpoint["secret"], received)
    assert received.headers["X-Webhook-Signature"] == seed_signature(endpoint["secret"], received.body)
    assert received.headers["X-Webhook-Event"] == "payment.success"


def test_a_payment_event_says_what_the_payment_was(engine: Engine) -> None:
    who, _ = register(engine)
    paid = engine.world.pay(who, "asha", "10.00").body
    engine.settle()
    event = engine.internet.received[0].event
    assert list(event) == ["id", "mode", "event", "created_at", "sequence", "previous_event_id", "data"]
    assert (event["event"], event["sequence"], event["previous_event_id"]) == ("payment.success", 1, None)
    assert event["data"] == paid
    assert engine.world.call(who, "GET", "/v1/events?event=payment.success").body["data"] == [event]


def test_29_four_failures_come_at_0_2_6_and_14_minutes_then_one_dead_letter(engine: Engine) -> None:
    who, endpoint = register(engine)
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "10.00")
    started = engine.world.clock.now
    engine.settle()
    assert deliveries(engine, who)[0]["status"] == "retrying"
    engine.pass_time(20 * 60)
    minutes = [(received.at - started) / 60 for received in engine.internet.received]
    assert minutes == pytest.approx([0, 2, 6, 14], rel=0.2, abs=0.3)
    assert {received.headers["webhook-id"] for received in engine.internet.received} == {engine.internet.received[0].event["id"]}
    assert len({received.headers["webhook-timestamp"] for received in engine.internet.received}) == 4
    assert all(verify_by_hand(endpoint["secret"], received) for received in engine.internet.received)
    [delivery] = deliveries(engine, who)
    assert delivery["status"] == "failed"
    assert [attempt["status_code"] for attempt in delivery["attempts"]] == [500] * 4
    assert engine.depth("webhooks-dead") == 1
    assert engine.depth("webhooks") + engine.depth("webhooks-slow") + engine.depth("webhooks-exhausted") == 0


def test_29_a_delivery_is_pending_before_its_first_attempt(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "10.00")
    engine.dispatch()
    assert deliveries(engine, who)[0]["status"] == "pending"


def test_30_one_failure_then_success_is_sent_after_two_attempts(engine: Engine) -> None:
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(500), answer(200)]
    engine.world.pay(who, "asha", "10.00")
    engine.pass_time(3 * 60)
    [delivery] = deliveries(engine, who)
    assert (delivery["status"], len(delivery["attempts"]), delivery["next_attempt_at"]) == ("sent", 2, None)
    assert engine.depth("webhooks-dead") == 0


def test_a_410_of_a_url_that_was_changed_meanwhile_says_nothing_of_the_new_one(engine: Engine) -> None:
    who, endpoint = register(engine)
    path = f"/v1/webhooks/provider/{endpoint['endpoint_id']}"

    def moves_away(url: str, headers: Mapping[str, str], body: bytes, *, timeout_seconds: float = 10.0) -> Outcome:
        assert engine.world.call(who, "PATCH", path, {"url": "https://new.example/"}).status == 200
        return answer(410)

    with engine.online(moves_away):
        engine.world.pay(who, "asha", "1.00")
        engine.settle()
    assert endpoint_of(engine, who, endpoint["endpoint_id"])["is_active"] is True


def test_30_410_disables_the_endpoint_without_a_retry_and_tells_the_other_one(engine: Engine) -> None:
    who, endpoint = register(engine)
    add_endpoint(engine, who, "https://other.example/hook", events=["webhook.disabled"])
    engine.internet.scripts[URL] = [answer(410)]
    engine.world.pay(who, "asha", "10.00")
    engine.pass_time(20 * 60)
    assert len(engine.internet.at(URL)) == 1
    shown = engine.world.call(who, "GET", "/v1/webhooks/provider").body["data"]
    gone = next(item for item in shown if item["endpoint_id"] == endpoint["endpoint_id"])
    assert (gone["is_active"], gone["disabled_reason"]) == (False, "gone")
    assert deliveries(engine, who)[0]["status"] == "failed"
    [notice] = engine.internet.at("https://other.example/hook")
    assert notice.event["event"] == "webhook.disabled"
    assert notice.event["data"] == gone


def test_30_retry_after_is_honoured_up_to_twice_the_wait(engine: Engine) -> None:
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(429, retry_after_seconds=9999), answer(429, retry_after_seconds=300), answer(200)]
    engine.world.pay(who, "asha", "10.00")
    engine.pass_time(12 * 60)
    first, second, third = (received.at for received in engine.internet.received)
    assert second - first == pytest.approx(4 * 60, abs=16)
    assert third - second == pytest.approx(5 * 60, abs=16)


def test_36_a_batch_of_ten_reports_only_the_unreadable_message(engine: Engine) -> None:
    who, _ = register(engine)
    doomed = add_endpoint(engine, who, "https://doomed.example/hook", events=["payment.success"])
    for _ in range(8):
        engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    engine.world.sqs.send_message(QueueUrl=engine.url("webhooks"), MessageBody="not a letter")
    records = []
    while got := engine.receive("webhooks"):
        records += got
    for_doomed = [record for record in records if _endpoint_of(engine, who, record) == doomed["endpoint_id"]]
    assert engine.world.call(who, "DELETE", f"/v1/webhooks/provider/{doomed['endpoint_id']}").status == 200
    batch = [record for record in records if record not in for_doomed] + for_doomed[:1]
    assert len(batch) == 10
    failed = engine.handle("webhooks", batch)
    assert failed == [record["messageId"] for record in batch if record["body"] == "not a letter"]
    assert len(engine.internet.at(URL)) == 8
    assert engine.internet.at("https://doomed.example/hook") == []
    dropped = deliveries(engine, who, f"endpoint_id={doomed['endpoint_id']}&status=failed")
    assert [attempt["error"] for attempt in dropped[0]["attempts"]] == ["endpoint_deleted"]


def _endpoint_of(engine: Engine, who: Signer, record: dict[str, Any]) -> str | None:
    try:
        delivery_id = json.loads(record["body"])["delivery_id"]
    except ValueError:
        return None
    endpoint_id: str = engine.world.call(who, "GET", f"/v1/webhooks/deliveries/{delivery_id}").body["endpoint_id"]
    return endpoint_id


def test_a_stream_record_delivered_again_makes_no_second_event_row_or_delivery(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "10.00")
    records = engine.dispatch()
    engine.settle()
    before = engine.world.dump()
    for _ in range(3):
        handler_of("dispatcher_door")({"Records": records}, None)
    engine.settle()
    assert engine.world.dump() == before
    assert len(engine.internet.received) == 1


def test_a_poisoned_record_is_set_aside_and_stops_nothing_behind_it(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "1.00")
    engine.world.pay(who, "asha", "2.00")
    records = engine.world.dynamo.drain_stream("test-payments")
    del records[0]["dynamodb"]["NewImage"]["currency"]
    answered = handler_of("dispatcher_door")({"Records": records}, None)
    assert answered == {"batchItemFailures": []}
    [aside] = storage.scan_all(AsideItem)
    assert aside.item_id == f"test-payments#{records[0]['dynamodb']['SequenceNumber']}"
    engine.settle()
    assert [received.event["data"]["amount"] for received in engine.internet.received] == ["2.00"]


def test_only_subscribed_events_are_sent(engine: Engine) -> None:
    who, _ = register(engine, events=["refund.success"])
    paid = engine.world.pay(who, "asha", "10.00").body
    engine.world.call(who, "POST", "/v1/payments/refund", {"payment_id": paid["payment_id"]})
    engine.settle()
    assert [received.event["event"] for received in engine.internet.received] == ["refund.success"]


def test_the_deliveries_of_one_payment_are_found_among_others_and_by_page(engine: Engine) -> None:
    who, _ = register(engine)
    add_endpoint(engine, who, "https://merchant.example/other")
    wanted = charge(engine.world, who, APPROVE).body["payment_id"]
    for _ in range(30):
        engine.world.pay(who, "asha", "1.00")
    engine.settle()
    found = deliveries(engine, who, f"payment_id={wanted}")
    assert sorted(row["event"] for row in found) == ["payment.processing"] * 2 + ["payment.success"] * 2
    own = {
        event["id"]
        for event in engine.world.call(who, "GET", "/v1/events?limit=100").body["data"]
        if event["data"].get("payment_id") == wanted
    }
    assert {row["event_id"] for row in found} == own
    assert [row["event"] for row in deliveries(engine, who, f"payment_id={wanted}&event=payment.success")] == ["payment.success"] * 2
    first = engine.world.call(who, "GET", f"/v1/webhooks/deliveries?payment_id={wanted}&limit=3").body
    rest = engine.world.call(who, "GET", f"/v1/webhooks/deliveries?payment_id={wanted}&limit=3&cursor={first['next_cursor']}").body
    assert ([*first["data"], *rest["data"]], rest["next_cursor"]) == (found, None)


def test_deliveries_of_another_merchants_payment_are_nobodys(engine: Engine) -> None:
    who, _ = register(engine)
    payment_id = engine.world.pay(who, "asha", "1.00").body["payment_id"]
    other = engine.world.register("Other")
    refused = engine.world.call(other, "GET", f"/v1/webhooks/deliveries?payment_id={payment_id}")
    unknown = engine.world.call(other, "GET", "/v1/webhooks/deliveries?payment_id=pay_" + "a" * 26)
    assert (refused.status, refused.code, refused.body["error"]["message"]) == (404, "not_found", unknown.body["error"]["message"])
    assert engine.world.call(who, "GET", "/v1/webhooks/deliveries?payment_id=nonsense").status == 400
