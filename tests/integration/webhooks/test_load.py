"""Twenty endpoints, some healthy, some slow, flapping, failing, hanging, redirecting or gone: the healthy ones never notice."""

import logging
import os
from collections.abc import Callable, Iterator

import pytest

from paycorex import clock
from tests.scenarios.webhook_load import NEVER_ARRIVE, ONSET_SECONDS, PER_MERCHANT, WebhookLoad, percentile, webhook_load
from tests.support.webhooks import deliveries

# The full number is 2,000 (half an hour): LOAD_EVENTS=2000.
EVENTS = int(os.environ.get("LOAD_EVENTS", "40"))
PATIENCE_SECONDS = 90 + EVENTS
# Few enough that the one interpreter that everything shares is idle most of the time.
PER_SECOND = 5.0
MAX_RUNS = 3
# Two load runs and a replay, three times at worst.
pytestmark = pytest.mark.timeout(MAX_RUNS * (300 + 2 * EVENTS))


@pytest.fixture(autouse=True)
def quiet_logs() -> Iterator[None]:
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)


Show = Callable[[str, object], None]


def run(place: WebhookLoad, label: str, record_property: Show, *, per_second: float = PER_SECOND) -> float:
    """Pay, wait, record the figures; the healthy endpoints' p99 in milliseconds."""
    with place.senders():
        place.pay(EVENTS, per_second=per_second)
        assert place.quiet(PATIENCE_SECONDS)
    found = place.latencies_ms("healthy")
    later = percentile(place.latencies_ms("healthy", after_seconds=ONSET_SECONDS), 0.99)
    p50, p99 = percentile(found, 0.5), percentile(found, 0.99)
    figures = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, after the first {ONSET_SECONDS:.0f} s {later:.0f} ms"
    load = f"{EVENTS} events, {per_second:.1f} a second, {place.attempts()} attempts"
    record_property("figures", f"{label}: {load}, {len(found)} healthy arrivals, {figures}, missing {place.missing()}")
    return p99


def test_bad_endpoints_leave_the_healthy_alone_and_a_replay_brings_everything_home(record_property: Show) -> None:
    # Whatever else the machine does can only make it slower, so the best of a few runs is what counts.
    runs = []
    for _ in range(MAX_RUNS):
        disturbed, load = rough(record_property)
        undisturbed = calm(record_property, per_second=PER_SECOND * load)
        # Generous, because machines are shared: with one queue for all the factor is beyond ten.
        if disturbed < 2 * undisturbed + 200:
            return
        runs.append((undisturbed, disturbed))
    pytest.fail(f"healthy endpoints' p99 without and with bad ones beside them, in milliseconds: {runs}")


def calm(record_property: Show, *, per_second: float) -> float:
    """The healthy endpoints' p99 when all are."""
    with webhook_load(failing=False) as place:
        p99 = run(place, "all healthy, as many attempts a second", record_property, per_second=per_second)
        assert place.missing() == {"healthy": 0}
    return p99


def rough(record_property: Show) -> tuple[float, float]:
    """The healthy endpoints' p99 beside bad ones, and how much more the attempts are than if all were healthy.

    Everything but the time must be right in every run.
    """
    with webhook_load(failing=True) as place:
        start = clock.rfc3339(clock.now_ms() - 1000)
        disturbed = run(place, "seven kinds of trouble", record_property)
        load = place.attempts() / (EVENTS * PER_MERCHANT)
        # Every server that reads was called with every event, but for the one that said it was gone.
        assert {kind for kind, count in place.missing().items() if count} == {"gone"}
        kinds = {each.endpoint_id: each.kind for places in place.places.values() for each in places}
        failed = [kinds[delivery["endpoint_id"]] for who in place.merchants for delivery in deliveries(place.engine, who, "status=failed")]
        assert NEVER_ARRIVE <= set(failed) <= NEVER_ARRIVE | {"500 for a while", "flapping"}
        # What the senders gave up is in the dead letter queue; what an endpoint that is gone will never get is only marked.
        assert place.engine.depth("webhooks-dead") == sum(kind != "gone" for kind in failed)
        place.heal()
        with place.senders():
            for who in place.merchants:
                body = {"from": start, "to": clock.rfc3339(clock.now_ms() + 1000)}
                assert place.engine.world.call(who, "POST", "/v1/webhooks/replay", body).status == 202
            assert place.quiet(PATIENCE_SECONDS)
        assert set(place.missing().values()) == {0}
    return disturbed, load
