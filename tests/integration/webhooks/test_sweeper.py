"""The sweeper: what the queue refused, lost or forgot is sent again, and nothing else is."""

from collections.abc import Iterator
from functools import partial
from itertools import chain, count
from typing import Any

import pytest

from paycorex import aws
from paycorex.records.delivery import DUE_SHARDS, DeliveryItem
from paycorex.records.event import EVENT_SHARDS
from tests.fakes.faults import Fault, FaultyClient, Seeded
from tests.support.engine import Engine, answer
from tests.support.webhooks import URL, deliveries, register
from tests.support.world import Signer
from webhooks.recovery import lost_messages, sweeper
from webhooks.stores import deliveries as store
from webhooks.stores import dispatch_windows


def lose(engine: Engine, *, payments: int) -> Signer:
    """A merchant whose payments' deliveries the queue took and lost."""
    who, _ = register(engine)
    for _ in range(payments):
        engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks"))
    return who


def test_39_what_the_queue_refused_is_delivered_within_two_sweeps(engine: Engine) -> None:
    who, _ = register(engine)
    for _ in range(100):
        engine.world.pay(who, "asha", "1.00")
    refusing = Seeded(1, {Fault.NO_ENDPOINT: 1.0}, operations=frozenset({"SendMessageBatch"}))
    aws.use("sqs", FaultyClient(engine.world.sqs, refusing, service="sqs"))
    engine.dispatch()
    aws.use("sqs", engine.world.sqs)
    assert engine.depth("webhooks") == 0
    for _ in range(2):
        engine.pass_time(5 * 60 + 1, step=60)
        engine.sweep()
    engine.settle()
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"sent"}
    assert len({received.headers["webhook-id"] for received in engine.internet.received}) == 100


def test_39_what_the_queue_accepted_and_lost_is_swept_up(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    for _ in range(100):
        engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks"))
    swept = sweep_for(engine, minutes=16)
    assert sum(swept) == 100
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"sent"}
    assert len(engine.internet.received) == 101
    assert windows_of(engine) == []


def test_39_what_the_queue_lost_and_refuses_again_is_not_forgotten(engine: Engine) -> None:
    """The watch that found it ends; from then on the deliveries themselves are overdue."""
    who = lose(engine, payments=5)
    refusing = Seeded(1, {Fault.NO_ENDPOINT: 1.0}, operations=frozenset({"SendMessageBatch"}))
    aws.use("sqs", FaultyClient(engine.world.sqs, refusing, service="sqs"))
    assert sum(sweep_for(engine, minutes=20)) == 0
    aws.use("sqs", engine.world.sqs)
    assert windows_of(engine) == []
    assert sum(sweep_for(engine, minutes=7)) == 5
    assert {delivery["status"] for delivery in deliveries(engine, who)} == {"sent"}


def test_every_shard_has_its_turn_however_much_is_overdue_in_another(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run takes one delivery here; within as many runs as there are shards, each shard has been begun with."""
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(500)]
    for _ in range(40):
        engine.world.pay(who, "asha", "1.00")
    engine.settle()
    for queue in ("webhooks", "webhooks-slow"):
        engine.world.sqs.purge_queue(QueueUrl=engine.url(queue))
    engine.world.clock.now += 600
    monkeypatch.setattr(sweeper, "MAX_PER_RUN", 1)
    begun: list[str] = []
    overdue = store.overdue

    def noted(shard: str, before_ms: int) -> Iterator[DeliveryItem]:
        begun.append(shard)
        return overdue(shard, before_ms)

    monkeypatch.setattr(store, "overdue", noted)
    for _ in range(DUE_SHARDS):
        engine.world.clock.now += 60
        assert sweeper.sweep(seconds=5).left
    assert set(begun) == {f"due#{number}" for number in range(DUE_SHARDS)}


def test_39_what_came_by_itself_is_not_sent_again(engine: Engine) -> None:
    who, _ = register(engine)
    for _ in range(3):
        engine.world.pay(who, "asha", "1.00")
        engine.pass_time(4 * 60, step=60)
    assert windows_of(engine) != []
    assert sum(sweep_for(engine, minutes=20)) == 0
    assert len(engine.internet.received) == 3
    assert windows_of(engine) == []


def test_39_an_event_that_its_stream_held_up_is_not_lost_either(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "1.00")
    engine.world.clock.now += 3600
    engine.dispatch()
    engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks"))
    assert sum(sweep_for(engine, minutes=7)) == 1
    assert [delivery["status"] for delivery in deliveries(engine, who)] == ["sent"]


def test_39_a_look_that_runs_out_of_time_goes_on_where_it_was(engine: Engine) -> None:
    who = lose(engine, payments=20)
    engine.world.clock.now += 20 * 60
    seen: list[list[str]] = []
    while keys := [DeliveryItem.load(item) for item in windows_of(engine)]:
        found = lost_messages.find(keys[0], out_of_time=partial(_after_one, count()))
        seen.append([delivery.delivery_id for delivery in found])
    # One partition a run, and each delivery once.
    assert len(seen) == EVENT_SHARDS + 1
    assert sorted(chain.from_iterable(seen)) == sorted(delivery["delivery_id"] for delivery in deliveries(engine, who))
    assert engine.sweep() == {"enqueued": 0, "left": False}


def _after_one(asked: Iterator[int]) -> bool:
    return next(asked) > 0


def test_a_sweep_without_time_leaves_everything_for_the_next(engine: Engine) -> None:
    who, _ = register(engine)
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks"))
    engine.world.clock.now += 20 * 60
    assert sweeper.sweep(seconds=0) == sweeper.Swept(0, left=True)
    assert engine.sweep() == {"enqueued": 1, "left": False}


def test_a_lost_retry_is_swept_up(engine: Engine) -> None:
    who, _ = register(engine)
    engine.internet.scripts[URL] = [answer(500), answer(200)]
    engine.world.pay(who, "asha", "10.00")
    engine.settle()
    engine.world.sqs.purge_queue(QueueUrl=engine.url("webhooks"))
    engine.pass_time(6 * 60, step=60)
    assert engine.sweep() == {"enqueued": 0, "left": False}
    engine.pass_time(2 * 60, step=60)
    assert engine.sweep() == {"enqueued": 1, "left": False}
    engine.settle()
    assert deliveries(engine, who)[0]["status"] == "sent"
    assert engine.sweep() == {"enqueued": 0, "left": False}


def test_two_sweeps_at_once_make_one_attempt_of_each_delivery(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A schedule that fires twice: the other one sweeps everything between this one's look at a delivery and its message."""
    who = lose(engine, payments=5)
    engine.pass_time(16 * 60, step=60)
    enqueue = sweeper._enqueue
    inner: list[dict[str, Any]] = []

    def beside(delivery: DeliveryItem) -> bool:
        if not inner:
            inner.append({})
            inner[0] = engine.sweep()
        return enqueue(delivery)

    monkeypatch.setattr(sweeper, "_enqueue", beside)
    assert engine.sweep()["enqueued"] >= 1
    assert inner[0]["enqueued"] == 5
    engine.settle()
    sent = deliveries(engine, who)
    assert [(one["status"], len(one["attempts"])) for one in sent] == [("sent", 1)] * 5
    assert len({received.headers["webhook-id"] for received in engine.internet.received}) == 5


def sweep_for(engine: Engine, *, minutes: int) -> list[int]:
    """Let time go by as the schedule does, a sweep a minute; what each one sent again."""
    swept = []
    for _ in range(minutes):
        engine.pass_time(60, step=60)
        swept.append(engine.sweep()["enqueued"])
        engine.settle()
    return swept


def windows_of(engine: Engine) -> list[dict[str, Any]]:
    return [item for item in engine.world.dump()["test-webhook_deliveries"] if dispatch_windows.is_window(item["delivery_id"]["S"])]
