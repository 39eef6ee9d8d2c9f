"""One run of the real handlers over AWS in memory: what a payment costs every function, and a tick that finds nothing."""

import importlib
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Final

from bench.bill import probe
from bench.bill.deployment import Deployment, Stream
from bench.bill.probe import HANDLERS, Probe, Work
from bench.bill.stored import stored_bytes
from bench.bill.traffic import STREAM_LIMIT, Traffic
from bench.metering import MeteredClient
from paycorex import settings
from tests.support import log_envelopes
from tests.support.engine import Engine, handler_of
from tests.support.gateway import Reply
from tests.support.logs import captured
from tests.support.rollups import roll
from tests.support.webhooks import add_endpoint
from tests.support.world import PREFIX, Signer, World

PAYMENTS: Final = 200
# An address, so that no name is looked up; what is sent there is answered by pretended servers.
ENDPOINT: Final = "http://127.0.0.1:9/hook"
SWEEP_AFTER_SECONDS: Final = 1_300.0
# So long that nothing is sealed in it.
WINDOW_SECONDS: Final = 1_800
TICKS: Final = (
    *("PaymentsJanitorFunction", "WebhookSweeperFunction", "CheckpointFunction", "VerificationFunction"),
    *("ReconciliationFunction", "SettlementsImporterFunction", "LostRecordsFunction"),
)
_TABLES: Final = {"LedgersTable": "ledgers", "PaymentsTable": "payments"}
_KEYS: Final = {"LedgersTable": "account", "PaymentsTable": "payment_id"}


@dataclass(frozen=True)
class Measured:
    """per_payment: by function. seal: what a checkpoint costs beside its entries. tick: of each schedule that finds nothing to do.

    waiting: what a tick of the sealing costs beside that, which finds changes and leaves them for later.
    metrics: embedded ones by service and name. stored_bytes: kept for ever, of a payment, with its indexes.
    """

    per_payment: Mapping[str, Work]
    seal: Work
    tick: Mapping[str, Work]
    waiting: Work
    metrics: frozenset[tuple[str, str]]
    stored_bytes: float
    response_bytes: float
    webhook_bytes: float
    # Tables that were read or written.
    tables: int


def measure(traffic: Traffic, deployment: Deployment, payments: int = PAYMENTS) -> Measured:
    """A run whose streams and queues come in the batches of this traffic."""
    world = World()
    with ExitStack() as stack:
        stack.enter_context(world.running())
        probe.load_doors()
        log = stack.enter_context(captured())
        client = MeteredClient(world.dynamo)
        world.install(client, world.kms, world.sqs)
        chosen = {"worker_metrics": deployment.has_worker_metrics, "event_retention_days": deployment.event_retention_days}
        settings.use(world.settings.model_copy(update=chosen))
        watch = Probe(world, client, log, cpu=time.process_time)
        engine = Engine(world)
        stack.enter_context(watch.watching())
        stack.enter_context(engine.online())
        run = _Run(engine, watch, traffic, deployment, world.register())
        run.prepare(payments)
        return run.measured(payments)


@dataclass
class _Run:
    engine: Engine
    watch: Probe
    traffic: Traffic
    deployment: Deployment
    shop: Signer
    # How much of the log was brought to the function that lists requests.
    listed: int = 0

    @property
    def world(self) -> World:
        return self.engine.world

    def prepare(self, payments: int) -> None:
        """Lanes, an endpoint and a wallet for each payment; everything known, delivered, counted and sealed."""
        if self.traffic.lanes > 1:
            self.world.spread(self.shop, self.traffic.lanes)
        add_endpoint(self.engine, self.shop, ENDPOINT)
        for number in range(payments + 2):
            self.world.wallet(self.shop, f"user-{number}", "1000.00")
        self.engine.settle()
        self._pay(payments + 1)
        self._follow(1)
        self.watch.taken()

    def measured(self, payments: int) -> Measured:
        """One payment's checkpoint, then those of many, then ticks that find nothing."""
        self._pay(payments)
        self._follow(1)
        alone = self.watch.taken()["CheckpointFunction"]
        self.engine.internet.received.clear()
        before = stored_bytes(self.world)
        replies = [self._pay(number) for number in range(payments)]
        self._follow(payments)
        stored = (stored_bytes(self.world) - before) / payments
        self.world.clock.now += SWEEP_AFTER_SECONDS
        self._tick("WebhookSweeperFunction")
        work = self.watch.taken()
        idle = self._idle()
        many = work.pop("CheckpointFunction")
        sealed = many.plus(alone, -1).times(1 / (payments - 1))
        work["WebhookSweeperFunction"] = work["WebhookSweeperFunction"].plus(idle["WebhookSweeperFunction"], -1)
        return Measured(
            per_payment={name: each.times(1 / payments) for name, each in work.items()}
            | {"CheckpointFunction": replace(sealed, invocations=0.0)},
            seal=replace(alone.plus(sealed, -1).plus(idle["CheckpointFunction"], -1), invocations=0.0),
            tick=idle,
            waiting=self._waiting().plus(idle["CheckpointFunction"], -1),
            metrics=frozenset(probe.metrics_of(self.watch.log)),
            stored_bytes=stored,
            response_bytes=sum(map(_response_bytes, replies)) / payments,
            webhook_bytes=sum(_request_bytes(one.headers, one.body) for one in self.engine.internet.received) / payments,
            tables=len(self.watch.client.meter.tables),
        )

    def _pay(self, number: int) -> Reply:
        reply = self.world.pay(self.shop, f"user-{number}", "1.00", key=f"order-{number}")
        assert reply.status == 201, reply.raw
        return reply

    def _follow(self, payments: int) -> None:
        """What streams, queues and the schedule do after payments."""
        brought = {table: self.world.dynamo.drain_stream(PREFIX + noun) for table, noun in _TABLES.items()}
        for table, records in brought.items():
            for batch in self._batches("RollupFunction", table, records, payments):
                roll(batch)
        for batch in self._batches("WebhookDispatcherFunction", "PaymentsTable", brought["PaymentsTable"], payments):
            handler_of("dispatcher_door")({"Records": batch}, None)
        if self.deployment.has_request_log:
            self._list_requests()
        while records := self.engine.receive("webhooks", round(self.traffic.queue_batch)):
            self.engine.handle("webhooks", records)
        self._tick("CheckpointFunction")

    def _list_requests(self) -> None:
        """What the log's subscription brings, in batches as those of a queue."""
        fresh = self.watch.log.text[self.listed :].splitlines()
        self.listed = len(self.watch.log.text)
        found = [line for line in fresh if all(word in line for word in ("request_id", "merchant_id", "duration_ms"))]
        for batch in _chunks(found, self.traffic.queue_batch):
            importlib.import_module(HANDLERS["RequestLogFunction"]).handler(log_envelopes.of(batch), None)

    def _batches(self, function: str, table: str, records: list[dict[str, Any]], payments: int) -> Iterator[list[dict[str, Any]]]:
        stream = self.deployment.streams.get((function, table), Stream())
        shards: dict[int, list[dict[str, Any]]] = {}
        for record in records:
            if not (stream.skips_settled and _is_settled(record)):
                key = record["dynamodb"]["Keys"][_KEYS[table]]["S"]
                shards.setdefault(zlib.crc32(key.encode()) % self.traffic.shards, []).append(record)
        for part in shards.values():
            size = self.traffic.stream_batch(len(part) / payments, stream.window_seconds)
            yield from _chunks(part, size)

    def _idle(self) -> dict[str, Work]:
        for function in TICKS:
            self._tick(function)
        self.watch.taken()
        for function in TICKS:
            self._tick(function)
        return self.watch.taken()

    def _waiting(self) -> Work:
        """A tick that leaves what it finds for later."""
        settings.use(settings.current().model_copy(update={"seal_window_seconds": WINDOW_SECONDS}))
        self._pay(0)
        self._follow(1)
        return self.watch.taken()["CheckpointFunction"]

    def _tick(self, function: str) -> None:
        importlib.import_module(HANDLERS[function]).handler({}, None)


def _chunks[R](records: list[R], size: float) -> Iterator[list[R]]:
    """Batches of a mean size that need not be whole."""
    start, end = 0, size
    while start < len(records):
        yield records[start : min(round(end), start + STREAM_LIMIT)]
        start, end = min(round(end), start + STREAM_LIMIT), end + size


def _is_settled(record: Mapping[str, Any]) -> bool:
    images = (record["dynamodb"].get(name) for name in ("NewImage", "OldImage"))
    return all(image is None or image["status"]["S"] == "success" for image in images)


def _response_bytes(reply: Reply) -> int:
    return _request_bytes(reply.headers, reply.raw)


def _request_bytes(headers: Mapping[str, str], body: bytes) -> int:
    return len(body) + sum(len(name) + len(value) + 4 for name, value in headers.items()) + len("POST / HTTP/1.1\r\n\r\n")
