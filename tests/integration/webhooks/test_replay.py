"""Replays bring home what failed, go on after a crash, and send nothing twice; events can be read instead of being called."""

from typing import Any

import pytest

from paycorex import aws, clock
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth
from tests.support.engine import Engine, answer, failures, handler_of
from tests.support.webhooks import URL, add_endpoint, deliveries, endpoint_of, register
from tests.support.world import Signer
from webhooks import messages
from webhooks.events import log as event_log
from webhooks.recovery import dead_letters, replays

REPLAY = "/v1/webhooks/replay"
SETTLED_SECONDS = event_log.SETTLING_MS / 1000 + 1


def moment(engine: Engine) -> str:
    return clock.rfc3339(int(engine.world.clock.now * 1000))


def pay(engine: Engine, who: Signer, count: int) -> None:
    for _ in range(count):
        assert engine.world.pay(who, "asha", "1.00").status == 201


def fail_all(engine: Engine, count: int) -> tuple[Signer, dict[str, Any], str]:
    """Payments whose deliveries have all failed for good, and the moment before them."""
    who, endpoint = register(engine)
    start = moment(engine)
    engine.internet.scripts[URL] = [answer(500)]
    pay(engine, who, count)
    engine.pass_time(20 * 60, step=60)
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"failed"}
    engine.internet.scripts[URL] = [answer(200)]
    engine.internet.received.clear()
    return who, endpoint, start


def test_a_replay_brings_home_what_failed(engine: Engine) -> None:
    who, _, start = fail_all(engine, 7)
    reply = engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)}, key="r")
    assert (reply.status, reply.body["count"]) == (202, 7)
    engine.settle()
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"sent"}
    assert {delivery["attempts"][-1]["trigger"] for delivery in deliveries(engine, who)} == {"replay"}
    again = engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)}, key="other")
    assert again.body["count"] == 7
    repeated = engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)}, key="r")
    assert repeated.code == "idempotency_key_reused"


def test_a_repeated_replay_request_starts_nothing(engine: Engine) -> None:
    who, _, start = fail_all(engine, 2)
    body = {"from": start, "to": moment(engine)}
    first = engine.world.call(who, "POST", REPLAY, body, key="r")
    engine.settle()
    again = engine.world.call(who, "POST", REPLAY, body, key="r")
    engine.settle()
    assert (again.status, again.body) == (202, {**first.body, "enqueued": 2, "status": "done"})
    assert len(engine.internet.received) == 2


def test_a_replay_is_throttled_page_by_page(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "PAGE_EVENTS", 4)
    who, _, start = fail_all(engine, 10)
    engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)})
    engine.settle()
    assert len(engine.internet.received) == 4
    engine.pass_time(30, step=1)
    seconds = sorted(received.at for received in engine.internet.received)
    assert len(seconds) == 10
    assert seconds[4] - seconds[3] >= replays.PAUSE_SECONDS - 1


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
def test_a_replay_killed_at_any_call_goes_on_and_sends_nothing_twice(engine: Engine, monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    monkeypatch.setattr(replays, "PAGE_EVENTS", 2)
    who, _, start = fail_all(engine, 5)
    for index in range(1, 60):
        engine.internet.received.clear()
        engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine), "events": ["payment.success"]})
        calls = settle_killed_at(engine, index, service=service, step=10)
        ids = [received.headers["webhook-id"] for received in engine.internet.received]
        assert len(set(ids)) == 5, f"call {index}"
        # Only the one that was on its way when the process died may have come twice.
        assert len(ids) <= 6, f"call {index}"
        if calls < index:
            return


def settle_killed_at(engine: Engine, index: int, *, service: str, step: int) -> int:
    """Work until the process dies at a call to this service, and on after that; how many calls to it there were until then."""
    memory = engine.world.dynamo if service == "dynamodb" else engine.world.sqs
    client = FaultyClient(memory, Nth(index, Fault.KILL_BEFORE), service=service)
    aws.use(service, client)
    try:
        engine.settle()
    except Killed:
        engine.world.restart()
    engine.world.install(engine.world.dynamo, engine.world.kms, engine.world.sqs)
    for _ in range(3):
        engine.pass_time(6 * 60, step=step)
        engine.sweep()
    engine.settle()
    return client.count()


def test_a_replay_reaches_an_endpoint_that_was_added_later(engine: Engine) -> None:
    who, _ = register(engine)
    start = moment(engine)
    pay(engine, who, 3)
    engine.settle()
    late = add_endpoint(engine, who, "https://late.example/", events=["payment.success"])
    body = {"from": start, "to": moment(engine), "endpoint_id": late["endpoint_id"]}
    assert engine.world.call(who, "POST", REPLAY, body).body["count"] == 3
    engine.settle()
    assert len(engine.internet.at("https://late.example/")) == 3
    assert len(engine.internet.at(URL)) == 3


def test_a_replay_killed_at_any_call_reaches_an_endpoint_that_was_added_later(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its deliveries were never made before: each of them is found."""
    monkeypatch.setattr(replays, "PAGE_EVENTS", 2)
    who, _ = register(engine)
    start = moment(engine)
    pay(engine, who, 3)
    engine.settle()
    # The sweep over those deliveries is done.
    for _ in range(4):
        engine.pass_time(6 * 60, step=60)
        engine.sweep()
    to = moment(engine)
    for index in range(1, 80):
        url = f"https://late-{index}.example/"
        late = add_endpoint(engine, who, url, events=["payment.success"])
        body = {"from": start, "to": to, "endpoint_id": late["endpoint_id"]}
        assert engine.world.call(who, "POST", REPLAY, body).status == 202
        calls = settle_killed_at(engine, index, service="dynamodb", step=60)
        assert len({received.headers["webhook-id"] for received in engine.internet.at(url)}) == 3, f"call {index}"
        assert engine.world.call(who, "DELETE", f"/v1/webhooks/provider/{late['endpoint_id']}").status == 200
        if calls < index:
            return


def test_a_replay_of_a_rare_event_reads_on_step_by_step(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few events of a long range are wanted: no step reads more than it can, and the end is reached."""
    monkeypatch.setattr(replays, "MAX_ROWS_READ", 3)
    who, _, start = fail_all(engine, 10)
    body = {"from": start, "to": moment(engine), "events": ["refund.success"]}
    engine.world.call(who, "POST", REPLAY, body, key="r")
    engine.settle()
    assert engine.world.call(who, "POST", REPLAY, body, key="r").body["status"] == "running"
    engine.pass_time(60, step=1)
    assert engine.world.call(who, "POST", REPLAY, body, key="r").body["status"] == "done"
    assert engine.internet.received == []


def test_a_replay_that_waits_is_not_sent_again_at_every_sweep(engine: Engine) -> None:
    who, _, start = fail_all(engine, 2)
    engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)})
    sent = []
    for _ in range(10):
        engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks-slow"))
        engine.world.clock.now += 60
        sent.append(engine.sweep()["enqueued"])
    assert sum(sent) == 2, "once in five minutes"


def test_a_replay_leaves_alone_what_is_on_its_way(engine: Engine) -> None:
    who, _ = register(engine)
    start = moment(engine)
    engine.internet.scripts[URL] = [answer(500), answer(200)]
    pay(engine, who, 1)
    engine.settle()
    engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)})
    engine.settle()
    assert len(engine.internet.received) == 1
    engine.pass_time(3 * 60)
    assert deliveries(engine, who)[0]["status"] == "sent"


@pytest.mark.parametrize(
    "body",
    [
        {"from": "2027-01-02T00:00:00Z", "to": "2027-01-01T00:00:00Z"},
        {"from": "yesterday", "to": "2027-01-01T00:00:00Z"},
        {"from": "2027-01-01T00:00:00", "to": "2027-01-02T00:00:00Z"},
        {"to": "2027-01-01T00:00:00Z"},
        {"from": "2027-01-01T00:00:00Z", "to": "2027-01-02T00:00:00Z", "events": ["payment.done"]},
        {"from": "0001-01-01T00:00:00Z", "to": "2027-01-02T00:00:00Z"},
        {"from": "2027-01-01T00:00:00Z", "to": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_a_replay_of_a_malformed_range_is_refused(engine: Engine, body: dict[str, Any]) -> None:
    who, _ = register(engine)
    before = engine.written()
    reply = engine.world.call(who, "POST", REPLAY, body)
    assert (reply.status, reply.code) == (400, "invalid_request")
    assert engine.written() == before


def test_a_replay_of_too_much_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    who, _ = register(engine)
    start = moment(engine)
    pay(engine, who, 3)
    engine.settle()
    body = {"from": start, "to": moment(engine)}
    for limit, value in (("MAX_DELIVERIES", 2), ("MAX_EVENTS", 2)):
        with monkeypatch.context() as patch:
            patch.setattr(replays, limit, value)
            reply = engine.world.call(who, "POST", REPLAY, body)
            assert (reply.status, reply.code) == (422, "limit_exceeded")


def test_events_are_read_on_after_the_last_one_known(engine: Engine) -> None:
    who, _ = register(engine)
    known = engine.world.call(who, "GET", "/v1/events?limit=1").body["data"][0]["id"]
    pay(engine, who, 30)
    engine.settle()
    engine.world.clock.now += SETTLED_SECONDS
    seen: list[str] = []
    after = known
    while True:
        page = engine.world.call(who, "GET", f"/v1/events?after={after}&limit=7").body["data"]
        if not page:
            break
        seen += [event["id"] for event in page]
        after = seen[-1]
    sent = [received.event["id"] for received in engine.internet.received]
    assert sorted(seen) == sorted(sent)
    newest: list[str] = []
    query = "/v1/events?limit=7&event=payment.success"
    while True:
        reply = engine.world.call(who, "GET", query).body
        newest += [event["id"] for event in reply["data"]]
        if reply["next_cursor"] is None:
            break
        query = f"/v1/events?limit=7&event=payment.success&cursor={reply['next_cursor']}"
    assert newest == list(reversed(seen))


def test_reading_on_meets_an_event_that_was_recorded_after_a_later_one(engine: Engine) -> None:
    who, _ = register(engine)
    after = engine.world.call(who, "GET", "/v1/events?limit=1").body["data"][0]["id"]
    pay(engine, who, 1)
    held_up = engine.world.dynamo.drain_stream("test-payments")
    engine.world.clock.now += 1
    pay(engine, who, 1)
    seen: list[str] = []
    for second in range(60):
        engine.settle()
        if second == 25:
            assert failures(handler_of("dispatcher_door")({"Records": held_up}, None)) == []
        for event in engine.world.call(who, "GET", f"/v1/events?after={after}").body["data"]:
            seen.append(event["id"])
            after = event["id"]
        engine.world.clock.now += 1
    sent = {received.event["id"] for received in engine.internet.received}
    assert (len(seen), set(seen)) == (2, sent)


def test_events_of_another_merchant_are_never_shown(engine: Engine) -> None:
    who, _ = register(engine)
    pay(engine, who, 2)
    engine.settle()
    engine.world.clock.now += SETTLED_SECONDS
    mine = engine.world.call(who, "GET", "/v1/events").body["data"]
    assert engine.world.call(who, "GET", f"/v1/events?after={mine[-1]['id']}").body["data"] != []
    stranger = engine.world.register("Stranger")
    assert engine.world.call(stranger, "GET", f"/v1/events?after={mine[-1]['id']}").body["data"] == []
    cursor = engine.world.call(who, "GET", "/v1/events?limit=1").body["next_cursor"]
    assert engine.world.call(stranger, "GET", f"/v1/events?limit=1&cursor={cursor}").code == "invalid_cursor"


def test_a_gap_in_a_records_events_shows_by_sequence(engine: Engine) -> None:
    who, endpoint = register(engine)
    add_endpoint(engine, who, "https://watch.example/", events=["webhook.disabled"])
    engine.internet.scripts[URL] = [answer(410)]
    for _ in range(2):
        pay(engine, who, 1)
        engine.settle()
        engine.world.call(who, "PATCH", f"/v1/webhooks/provider/{endpoint['endpoint_id']}", {"is_active": True})
    first, second = (received.event for received in engine.internet.at("https://watch.example/"))
    assert (first["sequence"], second["sequence"]) == (1, 2)
    assert (first["previous_event_id"], second["previous_event_id"]) == (None, first["id"])
    assert endpoint_of(engine, who, endpoint["endpoint_id"])["is_active"]


def test_a_long_replay_is_one_chain_of_messages_and_ends_by_itself(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """More steps than AWS allows a chain of invocations that is not declared: 40, without a sweep."""
    monkeypatch.setattr(replays, "PAGE_EVENTS", 1)
    who, _, start = fail_all(engine, 40)
    started = engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)}).body
    engine.pass_time(40 * replays.PAUSE_SECONDS + 10, step=1)
    assert len(engine.internet.received) == 40
    assert replays.find(who.merchant_id, started["replay_id"]).status == "done"


def test_a_chain_of_steps_has_an_end_after_which_the_sweeper_begins_another(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "PAGE_EVENTS", 1)
    monkeypatch.setattr(replays, "MAX_CHAIN", 3)
    who, _, start = fail_all(engine, 8)
    engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)})
    for sent in (3, 6, 8):
        engine.pass_time(60, step=1)
        assert len(engine.internet.received) == sent
        engine.pass_time(6 * 60, step=60)
        engine.sweep()
        engine.settle()
    assert engine.depth("webhooks-slow") == 0


def test_a_chain_is_longer_than_any_replay() -> None:
    assert replays.MAX_CHAIN > replays.MAX_EVENTS // replays.PAGE_EVENTS + replays.MAX_EVENTS // replays.MAX_ROWS_READ + 1


def test_a_replays_message_that_could_not_be_handled_is_no_dead_letter(engine: Engine) -> None:
    """It names no delivery, so no operator has to send anything again: the replay goes on from its row."""
    who, _, start = fail_all(engine, 3)
    started = engine.world.call(who, "POST", REPLAY, {"from": start, "to": moment(engine)}).body
    text = messages.DeliveryMessage(who.merchant_id, started["replay_id"], 16).text()
    assert dead_letters.move_to_dead_letter(text) == "replay"
    for _ in range(2):
        engine.pass_time(6 * 60, step=60)
        engine.sweep()
    engine.settle()
    assert replays.find(who.merchant_id, started["replay_id"]).status == "done"
    assert len(engine.internet.received) == 3
