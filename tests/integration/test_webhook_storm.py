"""Twenty endpoints, some healthy, some slow, flapping, failing, hanging, redirecting or gone: the healthy ones never notice."""

import logging
import os
from collections.abc import Callable, Iterator

import pytest

from paycorex import clock
from tests.support.storm import NEVER_ARRIVE, ONSET_SECONDS, Storm, percentile, storm
from tests.support.webhooks import deliveries

# The full number is 2,000 (ten minutes): STORM_EVENTS=2000.
EVENTS = int(os.environ.get("STORM_EVENTS", "40"))
PATIENCE_SECONDS = 90 + EVENTS
PER_SECOND = 15.0
MAX_RUNS = 3
# Two storms and a replay, three times at worst.
pytestmark = pytest.mark.timeout(MAX_RUNS * (300 + 2 * EVENTS))


@pytest.fixture(autouse=True)
def quiet_logs() -> Iterator[None]:
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)


Show = Callable[[str, object], None]


def run(place: Storm, label: str, record_property: Show) -> float:
    """Pay, wait, record the figures; the healthy endpoints' p99 in milliseconds."""
    with place.senders():
        place.pay(EVENTS, per_second=PER_SECOND)
        assert place.quiet(PATIENCE_SECONDS)
    found = place.latencies_ms("healthy")
    later = percentile(place.latencies_ms("healthy", after_seconds=ONSET_SECONDS), 0.99)
    p50, p99 = percentile(found, 0.5), percentile(found, 0.99)
    figures = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, after the first {ONSET_SECONDS:.0f} s {later:.0f} ms"
    record_property("figures", f"{label}: {EVENTS} events, {len(found)} healthy arrivals, {figures}, missing {place.missing()}")
    return p99


def test_bad_endpoints_leave_the_healthy_alone_and_a_replay_brings_everything_home(record_property: Show) -> None:
    # Whatever else the machine does can only make it slower, so the best of a few runs is what counts.
    runs = []
    for _ in range(MAX_RUNS):
        undisturbed, disturbed = calm_and_rough(record_property)
        # Generous, because machines are shared: with one queue for all the factor is beyond ten.
        if disturbed < 4 * undisturbed + 800:
            return
        runs.append((undisturbed, disturbed))
    pytest.fail(f"healthy endpoints' p99 without and with bad ones beside them, in milliseconds: {runs}")


def calm_and_rough(record_property: Show) -> tuple[float, float]:
    """The healthy endpoints' p99 without and with bad ones beside them; everything but the time must be right in every run."""
    with storm(stirred=False) as calm:
        undisturbed = run(calm, "all healthy", record_property)
        assert calm.missing() == {"healthy": 0}
    with storm(stirred=True) as rough:
        start = clock.rfc3339(clock.now_ms() - 1000)
        disturbed = run(rough, "seven kinds of trouble", record_property)
        # Every server that reads was called with every event, but for the one that said it was gone.
        assert {kind for kind, count in rough.missing().items() if count} == {"gone"}
        kinds = {place.endpoint_id: place.kind for places in rough.places.values() for place in places}
        failed = [kinds[delivery["endpoint_id"]] for who in rough.merchants for delivery in deliveries(rough.engine, who, "status=failed")]
        assert NEVER_ARRIVE <= set(failed) <= NEVER_ARRIVE | {"500 for a while", "flapping"}
        # What the senders gave up is in the dead letter queue; what an endpoint that is gone will never get is only marked.
        assert rough.engine.depth("webhooks-dead") == sum(kind != "gone" for kind in failed)
        rough.heal()
        with rough.senders():
            for who in rough.merchants:
                body = {"from": start, "to": clock.rfc3339(clock.now_ms() + 1000)}
                assert rough.engine.world.call(who, "POST", "/v1/webhooks/replay", body).status == 202
            assert rough.quiet(PATIENCE_SECONDS)
        assert set(rough.missing().values()) == {0}
    return undisturbed, disturbed
