"""Twenty endpoints in every state of health, real servers on loopback, several senders at once: who gets what, and how fast.

Real time: the senders are the real ones, each with the threads of its own Lambda, over queues and tables in memory. The waits between
retries and the time an attempt may take are shortened, which changes no order of events. Senders, queues and servers share one processor
and one interpreter, which no two Lambdas do: latencies are to be compared with those of a run with as much work (`WebhookLoad.attempts`).
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final
from unittest.mock import patch

from paycorex import settings, webhook_targets
from paycorex.safe_http import Policy
from tests.fakes.http_servers import Hang, RecordingServer, Reply
from tests.support.engine import WORKERS, Engine, handler_of
from tests.support.world import FakeClock, Signer, World

# What Lambda begins with, and what it adds in a second (300 a minute) while messages wait.
FAST_SENDERS: Final = 5
MORE_SENDERS: Final = 5
MAX_FAST_SENDERS: Final = 20
SLOW_SENDERS: Final = 12
ATTEMPT_SECONDS: Final = 1.0
# A third of an attempt instead of a tenth, because all servers share this process.
SLOW_SECONDS: Final = 0.3
BACKOFF_UNIT_SECONDS: Final = 0.25
PER_MERCHANT: Final = 10
# By then it is known who is slow.
ONSET_SECONDS: Final = 2.0

BAD: Final[Mapping[str, Any]] = {
    "slow": [Reply(200, delay_seconds=0.5)],
    "flapping": [Reply(500), Reply(200)] * 5_000,
    "500 for a while": [Reply(500)] * 30 + [Reply(200)],
    "500 for ever": [Reply(500)],
    "hanging": [Hang()],
    "redirecting": [Reply(302, headers=[("Location", "http://169.254.169.254/latest/meta-data/")])],
    "gone": [Reply(410)],
}
NEVER_ARRIVE: Final = frozenset({"500 for ever", "hanging", "redirecting", "gone"})


@dataclass
class Place:
    """One endpoint and its server."""

    kind: str
    server: RecordingServer
    endpoint_id: str = ""

    def first_arrivals(self) -> dict[str, float]:
        """Event id to when it first came, on the monotonic clock."""
        seen: dict[str, float] = {}
        for request in list(self.server.requests):
            seen.setdefault(request.headers["webhook-id"], request.at_seconds)
        return seen


@dataclass
class WebhookLoad:
    """Two merchants with ten endpoints each. `failing`: bad endpoints among them, or all healthy for comparison."""

    engine: Engine
    failing: bool
    merchants: list[Signer] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=dict)
    # Event id to when its payment was made.
    born: dict[str, dict[str, float]] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def set_up(self, stack: ExitStack) -> None:
        """Merchants, wallets, endpoints, servers."""
        bad = [*BAD, *BAD][: 2 * len(BAD)] if self.failing else []
        kinds = [*bad, *["healthy"] * (2 * PER_MERCHANT - len(bad))]
        for number in range(2):
            who = self.engine.world.register(f"Merchant {number}")
            self.engine.world.wallet(who, "asha", "1000000.00")
            self.engine.dispatch()
            self.merchants.append(who)
            self.born[who.merchant_id] = {}
            self.places[who.merchant_id] = [self._place(who, kind, stack) for kind in kinds[number::2]]

    def _place(self, who: Signer, kind: str, stack: ExitStack) -> Place:
        server = stack.enter_context(RecordingServer(BAD.get(kind, [Reply(200)])))
        body = {"url": server.url("/hook"), "events": ["payment.success"]}
        made = self.engine.world.call(who, "POST", "/v1/webhooks/provider", body).body
        return Place(kind, server, made["endpoint_id"])

    def pay(self, events: int, *, per_second: float) -> None:
        """So many payments in all, evenly, and the dispatch of each."""
        for number in range(events):
            began = time.monotonic()
            who = self.merchants[number % 2]
            assert self.engine.world.pay(who, "asha", "1.00").status == 201
            for record in self.engine.dispatch():
                self._note(record, began)
            time.sleep(max(0.0, began + 1 / per_second - time.monotonic()))

    def _note(self, record: Mapping[str, Any], began: float) -> None:
        from paycorex import events

        event = events.from_stream(record)
        if event is not None and event.event == "payment.success":
            self.born[event.merchant_id][event.event_id] = began

    @contextmanager
    def senders(self) -> Iterator[None]:
        """The workers of all queues, until the block ends."""
        other = "webhooks-slow" if settings.current().webhook_slow_queue_url else "webhooks"
        self._stop.clear()
        with ExitStack() as stack:
            stack.callback(self._end)
            for lane in ["webhooks"] * FAST_SENDERS + [other] * SLOW_SENDERS:
                self._start(self._deliver, lane)
            self._start(self._bury)
            self._start(self._scale)
            yield

    def _start(self, work: Callable[..., None], *arguments: str) -> None:
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _end(self) -> None:
        self._stop.set()
        # The list grows until the one that scales has ended.
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _deliver(self, queue: str) -> None:
        from webhooks import sender_door
        from webhooks.delivery.endpoint_reads import EndpointReads
        from webhooks.delivery.worker_pool import WorkerPool
        from webhooks.work_log import WorkLog

        pool = WorkerPool(WorkLog("load"))
        while not self._stop.is_set():
            if records := self.engine.receive(queue):
                again, _ = pool.work(records, sender_door.delivering(EndpointReads()), remaining_seconds=20)
                self._delete(queue, records, again)
            else:
                self._stop.wait(0.02)

    def _bury(self) -> None:
        while not self._stop.is_set():
            if records := self.engine.receive("webhooks-exhausted"):
                self.engine.handle("webhooks-exhausted", records)
            else:
                self._stop.wait(0.05)

    def _scale(self) -> None:
        """More senders while messages wait for one, as Lambda's pollers do."""
        running = FAST_SENDERS
        while not self._stop.wait(1.0) and running < MAX_FAST_SENDERS:
            if self.engine.waiting("webhooks"):
                running += MORE_SENDERS
                for _ in range(MORE_SENDERS):
                    self._start(self._deliver, "webhooks")

    def _delete(self, queue: str, records: list[dict[str, Any]], again: list[str]) -> None:
        for record in records:
            if record["messageId"] not in again:
                self.engine.world.sqs.delete_message(QueueUrl=self.engine.url(queue), ReceiptHandle=record["receiptHandle"])

    def quiet(self, timeout_seconds: float) -> bool:
        """Wait until all queues but the dead letters' are empty; False when they are not in time."""
        end = time.monotonic() + timeout_seconds
        while any(self.engine.depth(queue) for queue in WORKERS):
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def latencies_ms(self, kind: str, *, after_seconds: float = 0.0) -> list[float]:
        """From payment to first arrival, at all endpoints of a kind, in order of size; without the payments of the first seconds."""
        begin = min(moment for born in self.born.values() for moment in born.values()) + after_seconds
        found = []
        for merchant_id, places in self.places.items():
            born = {event: moment for event, moment in self.born[merchant_id].items() if moment >= begin}
            for place in places:
                if place.kind == kind:
                    arrivals = place.first_arrivals()
                    found += [(arrivals[event] - moment) * 1000 for event, moment in born.items() if event in arrivals]
        return sorted(found)

    def attempts(self) -> int:
        """How often all servers were called."""
        return sum(len(place.server.requests) for places in self.places.values() for place in places)

    def missing(self) -> dict[str, int]:
        """How many events have not arrived, by kind of endpoint."""
        counts: dict[str, int] = {}
        for merchant_id, places in self.places.items():
            for place in places:
                lacking = len(self.born[merchant_id].keys() - place.first_arrivals().keys())
                counts[place.kind] = counts.get(place.kind, 0) + lacking
        return counts

    def heal(self) -> None:
        """Every server answers 200 from now on, and every endpoint is active."""
        for who in self.merchants:
            for place in self.places[who.merchant_id]:
                place.server.script = [Reply(200)]
                place.server.requests.clear()
                self.engine.world.call(who, "PATCH", f"/v1/webhooks/provider/{place.endpoint_id}", {"is_active": True})


def percentile(values: list[float], part: float) -> float:
    """Of ordered values."""
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


@contextmanager
def webhook_load(*, failing: bool, slow_queue: bool = True) -> Iterator[WebhookLoad]:
    """A load run, in a world of its own in real time. slow_queue: whether failing endpoints have one of their own."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(FakeClock, "time", lambda _clock: time.time()))
        world = stack.enter_context(World().running())
        changes: dict[str, Any] = {"webhook_backoff_unit_seconds": BACKOFF_UNIT_SECONDS}
        settings.use(world.settings.model_copy(update=changes | ({} if slow_queue else {"webhook_slow_queue_url": ""})))
        webhook_targets.use(replace(Policy.local(), total_seconds=ATTEMPT_SECONDS, connect_seconds=ATTEMPT_SECONDS))
        stack.callback(webhook_targets.use, None)
        handler_of("sender_door")
        from webhooks.endpoints import slow_endpoints

        stack.enter_context(patch.object(slow_endpoints, "SLOW_SECONDS", SLOW_SECONDS))
        made = WebhookLoad(Engine(world), failing)
        made.set_up(stack)
        yield made
