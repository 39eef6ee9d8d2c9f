"""The engine under crashes, duplicates and lost messages: every event arrives or is visibly failed."""

from typing import Any

import pytest

from paycorex import aws
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth
from tests.support.engine import Engine, answer, handler_of
from tests.support.webhooks import URL, deliveries, endpoint_of, register
from webhooks.endpoints import health
from webhooks.recovery import redrive
from webhooks.stores import deliveries as store

DAY = 24 * 3600


def faulty(engine: Engine, service: str, decider: Any) -> FaultyClient:
    """Put a faulty client between the engine and one service."""
    client = FaultyClient(getattr(engine.world, {"dynamodb": "dynamo"}.get(service, service)), decider, service=service)
    aws.use(service, client)
    return client


def heal(engine: Engine) -> None:
    engine.world.install(engine.world.dynamo, engine.world.kms, engine.world.sqs)


def crash(engine: Engine) -> None:
    """Work until the process dies or there is nothing to do; then start a new process, without faults."""
    try:
        engine.settle()
    except Killed:
        engine.world.restart()
    heal(engine)


@pytest.mark.parametrize(
    ("operation", "fault", "posts"),
    [
        ("GetItem", Fault.KILL_BEFORE, 1),
        ("UpdateItem", Fault.KILL_BEFORE, 2),
        ("UpdateItem", Fault.KILL_AFTER, 1),
    ],
    ids=["before the POST", "after the POST, before it is written down", "written down, before the message is deleted"],
)
def test_37_a_killed_sender_loses_nothing(engine: Engine, operation: str, fault: Fault, posts: int) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "10.00")
    engine.dispatch()
    faulty(engine, "dynamodb", Nth(1, fault, operation=operation))
    crash(engine)
    engine.pass_time(5 * 60)
    assert [delivery["status"] for delivery in deliveries(engine, who)] == ["sent"]
    assert len(engine.internet.received) == posts
    assert len({received.headers["webhook-id"] for received in engine.internet.received}) == 1


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT, Fault.THROTTLED])
def test_37_whichever_call_it_dies_at_the_delivery_comes_to_its_end(engine: Engine, service: str, fault: Fault) -> None:
    who, _ = register(engine)
    for index in range(40):
        engine.internet.received.clear()
        engine.internet.scripts[URL] = [answer(500), answer(200)]
        engine.world.pay(who, "asha", "1.00")
        client = faulty(engine, service, Nth(index + 1, fault))
        crash(engine)
        engine.pass_time(6 * 60)
        for _ in range(2):
            engine.pass_time(6 * 60)
            engine.sweep()
        engine.settle()
        statuses = {delivery["status"] for delivery in deliveries(engine, who)}
        assert statuses == {"sent"}, f"call {index} of {client.count()}: {statuses}"
        assert len({received.headers["webhook-id"] for received in engine.internet.received}) == 1
        if client.count() < index:
            return
    raise AssertionError("more calls than expected")


def test_38_a_message_delivered_twice_at_once_leaves_one_attempt_per_number(engine: Engine) -> None:
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "10.00")
    engine.dispatch()
    [record] = engine.receive("webhooks")
    twin = {**record, "messageId": "twin"}
    engine.handle("webhooks", [record, twin])
    [delivery] = deliveries(engine, who)
    assert [attempt["number"] for attempt in delivery["attempts"]] == [1]
    assert delivery["status"] == "retrying"


def test_38_a_success_is_not_lost_to_a_failing_twin(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "10.00")
    engine.dispatch()
    [record] = engine.receive("webhooks")

    def post(*_: Any, **__: Any) -> Any:
        # While this attempt is on its way, a twin fails and writes that down first.
        with engine.online(lambda *_, **__: answer(500)):
            handler_of("sender_door")({"Records": [record]}, None)
        return answer(200)

    with engine.online(post):
        assert engine.handle("webhooks", [record]) == []
    [delivery] = deliveries(engine, who)
    assert delivery["status"] == "sent"
    assert [(attempt["number"], attempt["status_code"]) for attempt in delivery["attempts"]] == [(1, 500), (2, 200)]


def _dead(engine: Engine, count: int) -> Any:
    who, endpoint = register(engine)
    engine.internet.scripts[URL] = [answer(500)]
    for _ in range(count):
        engine.world.pay(who, "asha", "1.00")
    engine.pass_time(20 * 60, step=60)
    assert engine.depth("webhooks-dead") == count
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"failed"}
    engine.internet.scripts[URL] = [answer(200)]
    engine.internet.received.clear()
    return who, endpoint


def test_40_a_redrive_killed_half_way_goes_on_and_loses_nothing(engine: Engine) -> None:
    who, endpoint = _dead(engine, 100)
    reports: list[int] = []
    faulty(engine, "sqs", Nth(50, Fault.KILL_AFTER, operation="DeleteMessage"))
    with pytest.raises(Killed):
        redrive.redrive(merchant_id=None, limit=None, report=lambda progress: reports.append(progress.seen))
    heal(engine)
    engine.world.clock.now += redrive.HOLD_SECONDS + 1
    redrive.redrive(merchant_id=None, limit=None, report=lambda progress: reports.append(progress.seen))
    assert reports == [10, 20, 30, 40, 10, 20, 30, 40, 50]
    engine.settle()
    assert engine.depth("webhooks-dead") == 0
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"sent"}
    assert len({received.headers["webhook-id"] for received in engine.internet.received}) == 100
    assert {delivery["attempts"][-1]["trigger"] for delivery in deliveries(engine, who)} == {"redrive"}
    assert endpoint_of(engine, who, endpoint["endpoint_id"])["is_active"]


def test_40_a_redrive_leaves_what_has_nowhere_to_go(engine: Engine) -> None:
    who, endpoint = _dead(engine, 1)
    engine.world.call(who, "PATCH", f"/v1/webhooks/provider/{endpoint['endpoint_id']}", {"is_active": False})
    done = redrive.redrive(merchant_id=None, limit=None, report=lambda _: None)
    assert dict(done.results) == {"endpoint inactive, left": 1}
    assert engine.depth("webhooks-dead") == 1


def test_40_sending_a_sent_delivery_again_keeps_its_id_and_says_why(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "10.00")
    engine.settle()
    [delivery] = deliveries(engine, who)
    path = f"/v1/webhooks/deliveries/{delivery['delivery_id']}/redeliver"
    reply = engine.world.call(who, "POST", path, key="once")
    assert (reply.status, reply.body["status"]) == (200, "pending")
    engine.settle()
    assert engine.world.call(who, "POST", path, key="once").headers["idempotent-replayed"] == "true"
    engine.settle()
    first, second = engine.internet.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    [again] = deliveries(engine, who)
    assert [attempt["trigger"] for attempt in again["attempts"]] == [None, "redeliver"]


def test_40_another_merchants_delivery_is_not_found(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "10.00")
    engine.settle()
    [delivery] = deliveries(engine, who)
    stranger = engine.world.register("Stranger")
    engine.settle()
    before = engine.written()
    path = f"/v1/webhooks/deliveries/{delivery['delivery_id']}"
    assert engine.world.call(stranger, "GET", path).status == 404
    reply = engine.world.call(stranger, "POST", f"{path}/redeliver")
    assert (reply.status, reply.code) == (404, "not_found")
    assert engine.written() == before


@pytest.mark.parametrize("recovers", [True, False], ids=["with a success on day 3", "without any success"])
def test_41_five_days_of_nothing_but_failure_disable_an_endpoint_with_notice(engine: Engine, recovers: bool) -> None:
    who, endpoint = register(engine)
    notices = engine.world.call(who, "POST", "/v1/webhooks/provider", {"url": "https://n.example/", "events": ["webhook.disabled"]})
    assert notices.status == 201
    for day in range(6):
        engine.internet.scripts[URL] = [answer(200 if recovers and day == 3 else 500)]
        engine.world.pay(who, "asha", "1.00")
        engine.pass_time(DAY, step=120 if day == 5 else 3600)
    shown = endpoint_of(engine, who, endpoint["endpoint_id"])
    assert (shown["is_active"], shown["disabled_reason"]) == ((True, None) if recovers else (False, "failing"))
    events = [received.event["event"] for received in engine.internet.at("https://n.example/")]
    assert events == ([] if recovers else ["webhook.disabled"])
    if not recovers:
        back = engine.world.call(who, "PATCH", f"/v1/webhooks/provider/{endpoint['endpoint_id']}", {"is_active": True})
        assert (back.body["is_active"], back.body["disabled_reason"]) == (True, None)


def test_a_message_that_comes_early_makes_no_attempt(engine: Engine) -> None:
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    [record] = engine.receive("webhooks")
    for _ in range(3):
        assert engine.handle("webhooks", [record]) == [record["messageId"]]
    assert len(engine.internet.received) == 1


def test_a_success_meanwhile_keeps_an_endpoint_from_being_disabled(engine: Engine) -> None:
    who, endpoint = register(engine)
    stale = store.find_endpoint(who.merchant_id, endpoint["endpoint_id"])
    assert stale is not None
    # As a slow sender read it, before another one's delivery arrived.
    stale.failing_since = int((engine.world.clock.now - 6 * DAY) * 1000)
    health.failed(stale, gone=False)
    assert endpoint_of(engine, who, endpoint["endpoint_id"])["is_active"]
