"""What webhooks cost and how fast they leave. Run: `python -m bench.webhooks [--storm EVENTS]`. Writes its section of docs/performance.md.

Units: of the tables, per webhook that is delivered at the first attempt, over DynamoDB in memory. Speed: one sender (ten threads, batches
of ten), real servers on loopback that take 100 ms. With --storm: twenty endpoints, fourteen of them in trouble, with and without a queue of
their own for the failing ones.
"""

import argparse
import logging
import os
import time
from contextlib import ExitStack

os.environ.setdefault("AWS_DEFAULT_REGION", "ap-south-1")

from bench.metering import MeteredClient
from bench.table import markdown, write_section
from paycorex import aws, webhook_targets
from paycorex.safe_http import Policy
from tests.support.engine import Engine
from tests.support.http_servers import RecordingServer, Reply
from tests.support.storm import ATTEMPT_SECONDS, percentile, storm
from tests.support.webhooks import register
from tests.support.world import World
from webhooks import outbound

DELIVERIES = 200
ENDPOINT_SECONDS = 0.1
SEND = outbound.post


def units() -> list[tuple[str, str]]:
    """Per webhook delivered at the first attempt."""
    with World().running() as world:
        engine = Engine(world)
        with engine.online():
            who, _ = register(engine)
            for _ in range(DELIVERIES):
                world.pay(who, "asha", "1.00")
            client = MeteredClient(world.dynamo)
            aws.use("dynamodb", client)
            before = world.sqs.calls.copy()
            engine.settle()
            requests = (world.sqs.calls - before).total()
    meter = client.meter
    return [
        ("write units, tables", f"{meter.write_units / DELIVERIES:.2f}"),
        ("write units, indexes", f"{meter.index_write_units / DELIVERIES:.2f}"),
        ("read units", f"{meter.read_units / DELIVERIES:.2f}"),
        ("SQS requests", f"{requests / DELIVERIES:.2f}"),
    ]


def speed() -> list[tuple[str, str]]:
    """Of one sender."""
    with ExitStack() as stack:
        world = stack.enter_context(World().running())
        engine = Engine(world)
        server = stack.enter_context(RecordingServer([Reply(200, delay_seconds=ENDPOINT_SECONDS)]))
        webhook_targets.use(Policy.local())
        stack.callback(webhook_targets.use, None)
        with engine.online():
            who, _ = register(engine, server.url("/hook"))
        for _ in range(DELIVERIES):
            world.pay(who, "asha", "1.00")
        engine.dispatch()
        started, processor = time.perf_counter(), time.process_time()
        with engine.online(SEND):
            engine.work()
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
    assert len(server.requests) == DELIVERIES
    return [
        ("deliveries a second, one sender, 100 ms endpoints", f"{DELIVERIES / seconds:.0f}"),
        ("of that bound by the endpoint alone", f"{10 / ENDPOINT_SECONDS:.0f}"),
        ("CPU per delivery, the server's own included", f"{processor / DELIVERIES * 1000:.1f} ms"),
    ]


def storms(events: int) -> str:
    """Healthy endpoints' latency with and without bad ones beside them."""
    rows = []
    variants = (("all healthy", False, True), ("fourteen bad, a queue of their own", True, True), ("fourteen bad, one queue", True, False))
    for label, stirred, slow_queue in variants:
        with storm(stirred=stirred, slow_queue=slow_queue) as place, place.senders():
            place.pay(events, per_second=15)
            arrived = place.quiet(600)
            found = place.latencies_ms("healthy")
            row = (label, str(len(found)), f"{percentile(found, 0.5):.0f} ms", f"{percentile(found, 0.99):.0f} ms", f"{found[-1]:.0f} ms")
            print(*row, "" if arrived else "(not drained)", flush=True)
            rows.append(row)
    table = markdown(("endpoints", "arrivals at healthy ones", "p50", "p99", "slowest"), rows)
    limits = f"an attempt may take {ATTEMPT_SECONDS} s (ten in production)"
    return f"{events} events; {limits}; four senders, and two for failing endpoints:\n\n{table}"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--storm", type=int, default=0, metavar="EVENTS")
    arguments = parser.parse_args()
    for name in ("webhook_sender", "webhook_dispatcher", "webhooks", "payments", "merchants", "wallet", "storm"):
        logging.getLogger(name).setLevel(logging.ERROR)
    content = "## Webhooks\n\n" + markdown(("per delivered webhook", ""), [*units(), *speed()])
    print(content, flush=True)
    if arguments.storm:
        content += "\n\n" + storms(arguments.storm)
    write_section("webhooks", content)


if __name__ == "__main__":
    main()
