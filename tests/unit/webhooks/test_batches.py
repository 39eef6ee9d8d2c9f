"""A batch of messages against one deadline: deliveries in time are settled, the others come back, and none waits for the slowest."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from paycorex import aws, settings
from tests.fakes.memory_sqs import MemorySqs
from webhooks.delivery import worker_pool
from webhooks.delivery.attempt import Done, Retry, Verdict
from webhooks.delivery.worker_pool import WorkerPool
from webhooks.messages import DeliveryMessage
from webhooks.work_log import WorkLog


@pytest.fixture
def queue() -> Iterator[MemorySqs]:
    sqs = MemorySqs()
    url = sqs.create_queue(QueueName="webhooks")["QueueUrl"]
    settings.use(settings.Settings(webhook_queue_url=url))
    aws.use("sqs", sqs)
    yield sqs
    aws.use("sqs", None)
    settings.use(None)


@pytest.fixture
def pool() -> WorkerPool:
    return WorkerPool(WorkLog("batches"))


def received(queue: MemorySqs, count: int) -> list[dict[str, Any]]:
    """Lambda's records of so many messages."""
    url = queue.get_queue_url(QueueName="webhooks")["QueueUrl"]
    for number in range(count):
        queue.send_message(QueueUrl=url, MessageBody=DeliveryMessage("mer_1", f"whd_{number}").text())
    return list(queue.event(url, queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10))["Records"])


def number_of(message: DeliveryMessage) -> int:
    return int(message.delivery_id.removeprefix("whd_"))


def test_ten_messages_are_worked_at_once(queue: MemorySqs, pool: WorkerPool) -> None:
    together = threading.Barrier(10, timeout=20)

    def work(*_: Any) -> Verdict:
        together.wait()
        return Done("delivered")

    again, tally = pool.work(received(queue, 10), work, remaining_seconds=60)
    assert (again, tally.results) == ([], {"delivered": 10})


def test_what_is_not_done_at_the_deadline_comes_back_and_the_rest_is_settled(
    queue: MemorySqs, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The waiting is real, so a fifth of it must do.
    monkeypatch.setattr(worker_pool, "MARGIN_SECONDS", 0.8)
    monkeypatch.setattr(worker_pool, "MIN_SECONDS", 0.1)
    stuck = threading.Event()

    def work(message: DeliveryMessage, *_: Any) -> Verdict:
        if number_of(message) == 3:
            stuck.wait(60)
        return Done("delivered")

    records, started = received(queue, 10), time.monotonic()
    again, tally = pool.work(records, work, remaining_seconds=worker_pool.MARGIN_SECONDS + worker_pool.MIN_SECONDS + 1)
    took = time.monotonic() - started
    stuck.set()
    assert again == [records[3]["messageId"]]
    assert tally.results == {"delivered": 9, "late": 1}
    # Before Lambda would have ended it, by the half of the margin that is left.
    assert took < 30


def test_nothing_is_begun_that_cannot_end_in_time(queue: MemorySqs, pool: WorkerPool) -> None:
    def work(*_: Any) -> Verdict:
        raise AssertionError("begun")

    records = received(queue, 2)
    again, tally = pool.work(records, work, remaining_seconds=worker_pool.MARGIN_SECONDS + worker_pool.MIN_SECONDS - 1)
    assert (sorted(again), tally.results) == (sorted(record["messageId"] for record in records), {"postponed": 2})


def test_every_attempt_gets_the_time_that_its_batch_has_left(queue: MemorySqs, pool: WorkerPool) -> None:
    given: list[float] = []

    def work(_letter: DeliveryMessage, _queue_url: str, seconds: float) -> Verdict:
        given.append(seconds)
        return Done("delivered")

    pool.work(received(queue, 10), work, remaining_seconds=60)
    assert len(given) == 10
    assert all(0 < seconds <= 60 - worker_pool.MARGIN_SECONDS for seconds in given)


def test_one_messages_trouble_is_not_the_others(queue: MemorySqs, pool: WorkerPool) -> None:
    def work(message: DeliveryMessage, *_: Any) -> Verdict:
        match number_of(message):
            case 1:
                raise RuntimeError
            case 2:
                return Retry(600)
        return Done("delivered", age_seconds=number_of(message))

    records = received(queue, 5)
    again, tally = pool.work(records, work, remaining_seconds=60)
    assert sorted(again) == sorted(records[place]["messageId"] for place in (1, 2))
    assert (tally.results, tally.oldest_seconds) == ({"delivered": 3, "interrupted": 1, "postponed": 1}, 4)
