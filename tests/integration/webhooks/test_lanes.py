"""Endpoints that are slow or failing wait on a queue of their own, from as early as it can be known and for no longer than it is true."""

import time
from typing import Any

import pytest

from tests.support.engine import Engine, answer
from tests.support.webhooks import URL, add_endpoint, register
from tests.support.world import Signer
from webhooks.delivery import worker_pool
from webhooks.delivery.http_post import Outcome
from webhooks.endpoints import slow_endpoints
from webhooks.stores import deliveries as store
from webhooks.work_log import WorkLog

HEALTHY = "https://healthy.example/"
# Longer than any wait here should be, for machines that are busy.
PATIENCE_SECONDS = 20


def with_a_healthy_one(engine: Engine) -> tuple[Signer, dict[str, Any]]:
    """A merchant with two endpoints: the one in question, and a healthy one."""
    who, endpoint = register(engine)
    add_endpoint(engine, who, HEALTHY, events=["payment.success"])
    return who, endpoint


def lanes(engine: Engine, who: Signer) -> tuple[int, int]:
    """How many messages a payment puts on the queue and on the one for troubled endpoints."""
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    counts = len(engine.receive("webhooks")), len(engine.receive("webhooks-slow"))
    engine.world.clock.now += 150
    return counts


def is_slow(who: Signer, endpoint: dict[str, Any]) -> bool:
    item = store.find_endpoint(who.merchant_id, endpoint["endpoint_id"])
    return item is not None and item.slow_since is not None


def test_a_failing_endpoint_waits_on_a_queue_of_its_own(engine: Engine) -> None:
    who, _ = with_a_healthy_one(engine)
    engine.internet.scripts[URL] = [answer(500)]
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    assert lanes(engine, who) == (1, 1)


@pytest.mark.parametrize("codes", [[500, 200], [500, 500, 200]])
def test_a_success_after_a_failure_in_one_batch_ends_the_failing(engine: Engine, monkeypatch: pytest.MonkeyPatch, codes: list[int]) -> None:
    """One after another within a second: what the batch read of the endpoint before the failure is not believed after it."""
    monkeypatch.setattr(worker_pool, "THREADS", 1)
    monkeypatch.setattr("webhooks.sender_door._pool", worker_pool.WorkerPool(WorkLog("webhook_sender")))
    who, endpoint = register(engine)
    engine.internet.scripts[URL] = [answer(code) for code in codes]
    for _ in codes:
        engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    records = engine.receive("webhooks")
    assert len(records) == len(codes)
    # Only the first is tried and comes again; those behind it go on to the other queue.
    assert engine.handle("webhooks", records) == [records[0]["messageId"]]
    assert _stored(who, endpoint).failing_since is not None
    engine.work("webhooks-slow")
    assert len(engine.internet.at(URL)) == len(codes)
    stored = _stored(who, endpoint)
    assert (stored.failing_since, stored.is_active) == (None, True)


def test_an_endpoint_is_known_as_slow_while_its_attempt_still_lasts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_endpoints, "SLOW_SECONDS", 0.05)
    who, endpoint = with_a_healthy_one(engine)

    def post(url: str, *arguments: Any, **named: Any) -> Outcome:
        end = time.monotonic() + PATIENCE_SECONDS
        while url == URL and not is_slow(who, endpoint):
            assert time.monotonic() < end
            time.sleep(0.01)
        return engine.internet.post(url, *arguments, **named)

    with engine.online(post):
        engine.world.pay(who, "asha", "1.00")
        engine.settle()
    assert len(engine.internet.at(URL)) == len(engine.internet.at(HEALTHY)) == 1
    # It said 200, and is in the way all the same.
    assert lanes(engine, who) == (1, 1)


def test_a_slow_endpoint_that_is_quick_again_goes_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    who, endpoint = with_a_healthy_one(engine)
    slow_endpoints.became_slow(_stored(who, endpoint))
    assert lanes(engine, who) == (1, 1)
    monkeypatch.setattr(slow_endpoints, "SLOW_SECONDS", 0.002)
    # An answer takes 5 ms here: not slow by much is not quick.
    engine.settle()
    assert is_slow(who, endpoint)
    monkeypatch.undo()
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    assert not is_slow(who, endpoint)
    assert lanes(engine, who) == (2, 0)


def test_what_was_on_its_way_to_an_endpoint_in_trouble_is_moved_without_an_attempt(engine: Engine) -> None:
    who, endpoint = with_a_healthy_one(engine)
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    slow_endpoints.became_slow(_stored(who, endpoint))
    engine.work("webhooks")
    assert (len(engine.internet.at(URL)), len(engine.internet.at(HEALTHY))) == (0, 1)
    engine.work("webhooks-slow")
    assert len(engine.internet.at(URL)) == 1


def test_a_new_url_starts_without_the_old_ones_slowness(engine: Engine) -> None:
    who, endpoint = with_a_healthy_one(engine)
    slow_endpoints.became_slow(_stored(who, endpoint))
    path = f"/v1/webhooks/provider/{endpoint['endpoint_id']}"
    assert engine.world.call(who, "PATCH", path, {"url": "https://new.example/"}).status == 200
    assert lanes(engine, who) == (2, 0)


def test_every_message_counts_towards_its_endpoints_fair_share(engine: Engine) -> None:
    """By `MessageGroupId`, as SQS's fair queues want it: on both queues, moved or not."""
    who, endpoint = with_a_healthy_one(engine)
    [healthy] = [made for made in store.endpoints_of(who.merchant_id) if made.url == HEALTHY]
    engine.world.pay(who, "asha", "1.00")
    engine.dispatch()
    slow_endpoints.became_slow(_stored(who, endpoint))
    records = engine.receive("webhooks")
    groups = {record["attributes"]["MessageGroupId"] for record in records}
    assert groups == {endpoint["endpoint_id"], healthy.endpoint_id}
    engine.handle("webhooks", records)
    [moved] = engine.receive("webhooks-slow")
    assert moved["attributes"]["MessageGroupId"] == endpoint["endpoint_id"]


def _stored(who: Signer, endpoint: dict[str, Any]) -> Any:
    return store.find_endpoint(who.merchant_id, endpoint["endpoint_id"])
