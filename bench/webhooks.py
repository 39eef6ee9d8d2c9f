"""What webhooks cost and how fast they leave. Run: `python -m bench.webhooks [--load EVENTS]`. Writes its sections of docs/performance.md.

Units: of the tables, per webhook that is delivered at the first attempt, over DynamoDB in memory. Speed: one sender (ten threads, batches
of ten), real servers on loopback that take 100 ms. With --load: twenty endpoints, fourteen of them in trouble, with and without a queue of
their own for these, and at as many attempts a second with none of them in trouble.
"""

import argparse
import logging
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from bench.metering import MeteredClient
from bench.table import markdown, write_section
from paycorex import aws, webhook_targets
from paycorex.safe_http import Policy
from tests.fakes.http_servers import RecordingServer, Reply
from tests.scenarios.webhook_load import (
    ATTEMPT_SECONDS,
    FAST_SENDERS,
    ONSET_SECONDS,
    PER_MERCHANT,
    SLOW_SECONDS,
    SLOW_SENDERS,
    percentile,
    webhook_load,
)
from tests.support.engine import Engine
from tests.support.webhooks import register
from tests.support.world import World
from webhooks.delivery import http_post

DELIVERIES = 200
# Payments under load, each for ten endpoints: few enough that the interpreter is idle most of the time.
PER_SECOND = 5.0
# So many that senders are scarce.
BUSY_PER_SECOND = 15.0
ENDPOINT_SECONDS = 0.1
SEND = http_post.post


@dataclass(frozen=True)
class Units:
    """Per webhook that is delivered at the first attempt, in full batches."""

    write_units: float
    index_write_units: float
    read_units: float
    sqs_requests: float


def units() -> Units:
    """By DynamoDB's arithmetic, and by the requests that Lambda's pollers make."""
    with World().running() as world:
        engine = Engine(world)
        with engine.online():
            who, _ = register(engine)
            for _ in range(DELIVERIES):
                world.pay(who, "asha", "1.00")
            client = MeteredClient(world.dynamo)
            aws.use("dynamodb", client)
            before = world.sqs.calls.copy()
            engine.dispatch()
            engine.work()
            requests = sum((world.sqs.calls - before)[name] for name in ("SendMessageBatch", "ReceiveMessage", "DeleteMessageBatch"))
    meter = client.meter
    totals = (meter.write_units, meter.index_write_units, meter.read_units, requests)
    return Units(*(total / DELIVERIES for total in totals))


def seconds_per_delivery(*, at_once: int) -> tuple[float, float]:
    """Of one sender with so many messages in a batch, and of its processor (the server's included)."""
    with ExitStack() as stack:
        world = stack.enter_context(World().running())
        engine = Engine(world)
        server = stack.enter_context(RecordingServer([Reply(200, delay_seconds=ENDPOINT_SECONDS)]))
        webhook_targets.use(Policy.local())
        stack.callback(webhook_targets.use, None)
        with engine.online():
            who, _ = register(engine, server.url("/hook"))
        count = DELIVERIES // 10 * at_once
        for _ in range(count):
            world.pay(who, "asha", "1.00")
        engine.dispatch()
        started, processor = time.perf_counter(), time.process_time()
        with engine.online(SEND):
            while records := engine.receive("webhooks", at_once):
                engine.handle("webhooks", records)
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
    assert len(server.requests) == count
    return seconds / count, processor / count


def measured() -> str:
    """Units and speed; what they cost is in the bill."""
    cost = units()
    full, processor = seconds_per_delivery(at_once=10)
    rows = [
        ("write units, tables", f"{cost.write_units:.2f}"),
        ("write units, indexes", f"{cost.index_write_units:.2f}"),
        ("read units", f"{cost.read_units:.2f}"),
        ("SQS requests, full batches", f"{cost.sqs_requests:.2f}"),
        ("deliveries a second, one sender, 100 ms endpoints", f"{1 / full:.0f}"),
        ("of that bound by the endpoint alone", f"{10 / ENDPOINT_SECONDS:.0f}"),
        ("CPU per delivery, the server's own included", f"{processor * 1000:.1f} ms"),
    ]
    return markdown(("per delivered webhook", ""), rows)


def load_table(events: int) -> str:
    """Healthy endpoints' latency with and without bad ones beside them, and without them at as many attempts a second."""
    rough = ("fourteen in trouble, a queue of their own", *measured_load(events, PER_SECOND, failing=True))
    load = rough[2] / (events * PER_MERCHANT)
    measured_rows = [
        ("all healthy", *measured_load(events, PER_SECOND, failing=False)),
        rough,
        ("all healthy, as many attempts a second", *measured_load(events, PER_SECOND * load, failing=False)),
        ("fourteen in trouble, a queue of their own", *measured_load(events, BUSY_PER_SECOND, failing=True)),
        ("fourteen in trouble, one queue", *measured_load(events, BUSY_PER_SECOND, failing=True, slow_queue=False)),
    ]
    rows = [
        (label, f"{rate:.1f}", f"{attempts:,}", *(f"{milliseconds:.0f} ms" for milliseconds in shown))
        for label, rate, attempts, *shown in measured_rows
    ]
    heads = ("endpoints", "events a second", "attempts", "p50", "p99", f"p99 after the first {ONSET_SECONDS:.0f} s")
    limits = f"an attempt may take {ATTEMPT_SECONDS} s and counts as slow after {SLOW_SECONDS} s (ten and one in production)"
    senders = f"{FAST_SENDERS} senders, more while messages wait, and {SLOW_SENDERS} for endpoints in trouble"
    place = "endpoints, senders and queues share one interpreter, so compare what is as much work"
    return f"{events} events; {limits}; {senders}; {place}:\n\n{markdown(heads, rows)}"


def measured_load(events: int, per_second: float, *, failing: bool, slow_queue: bool = True) -> tuple[float, int, float, float, float]:
    """Events a second, attempts in all, and the healthy endpoints' p50, p99, and p99 once it is known who is slow, in milliseconds."""
    with webhook_load(failing=failing, slow_queue=slow_queue) as place, place.senders():
        place.pay(events, per_second=per_second)
        if not place.quiet(600):
            raise RuntimeError("not drained")
        found, later = place.latencies_ms("healthy"), place.latencies_ms("healthy", after_seconds=ONSET_SECONDS)
        return per_second, place.attempts(), percentile(found, 0.5), percentile(found, 0.99), percentile(later, 0.99)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--load", type=int, default=0, metavar="EVENTS")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    if arguments.load:
        write_section("webhook load", "## Webhooks under load\n\n" + load_table(arguments.load))
    else:
        content = "## Webhooks\n\n" + measured()
        write_section("webhooks", content)
        print(content)


if __name__ == "__main__":
    main()
