"""A probe around the real handlers: what the invocations of each function wrote, read, called, logged and computed."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from typing import Any, Final
from unittest.mock import patch

from bench.metering import MeteredClient
from tests.support.gateway import apps
from tests.support.logs import Log
from tests.support.world import World

# Functions whose calls are found wherever they are made, and the module that has each one's handler.
HANDLERS: Final = {
    "AuthorizerFunction": "authorizer.door",
    "RollupFunction": "dashboard.rollup_door",
    "RequestLogFunction": "dashboard.request_log_door",
    "WebhookDispatcherFunction": "webhooks.dispatcher_door",
    "WebhookSenderFunction": "webhooks.sender_door",
    "WebhookSweeperFunction": "webhooks.sweeper_door",
    "CheckpointFunction": "operations.checkpoint_door",
    "VerificationFunction": "operations.verification_door",
    "LostRecordsFunction": "operations.lost_records_door",
    "PaymentsJanitorFunction": "payments.janitor_door",
    "ReconciliationFunction": "settlements.reconciliation_door",
    "SettlementsImporterFunction": "settlements.importer_door",
}
# CloudWatch counts this for each event beside its text.
LOG_EVENT_BYTES: Final = 26


@dataclass(slots=True)
class Work:
    """What invocations of one function did together. calls: to AWS over the network. cpu_seconds: the database in memory included.

    waited_seconds: for others than AWS.
    """

    invocations: float = 0.0
    write_units: float = 0.0
    index_units: float = 0.0
    read_units: float = 0.0
    calls: float = 0.0
    transactions: float = 0.0
    kms_requests: float = 0.0
    kms_signatures: float = 0.0
    sqs_requests: float = 0.0
    log_bytes: float = 0.0
    cpu_seconds: float = 0.0
    waited_seconds: float = 0.0

    def plus(self, other: "Work", times: float = 1.0) -> "Work":
        """The sum with another's multiple."""
        return Work(*(getattr(self, one.name) + times * getattr(other, one.name) for one in fields(Work)))

    def times(self, factor: float) -> "Work":
        """A multiple."""
        return Work().plus(self, factor)


@dataclass
class Probe:
    """Adds up work by function. One thread at a time enters a function; what runs inside another's call is taken off that one."""

    world: World
    client: MeteredClient
    log: Log
    work: dict[str, Work] = field(default_factory=dict)
    cpu: Callable[[], float] = field(default=lambda: 0.0)
    _logged: tuple[int, float] = (0, 0.0)

    @contextmanager
    def invocation(self, function: str) -> Iterator[None]:
        """One invocation of a function."""
        before = self._totals()
        yield
        done = self._totals().plus(before, -1)
        done.invocations = 1
        self.work[function] = self.work.get(function, Work()).plus(done)

    @contextmanager
    def watching(self) -> Iterator["Probe"]:
        """Measure every call of a handler that has a name here, and of the payments door."""
        payments = importlib.import_module("payments.door").app
        with ExitStack() as stack:
            for function, module in HANDLERS.items():
                door = importlib.import_module(module)
                stack.enter_context(patch.object(door, "handler", self._watched(function, door.handler)))
            stack.enter_context(patch.object(payments, "handler", self._watched("PaymentsFunction", payments.handler)))
            yield self

    def taken(self) -> dict[str, Work]:
        """The work so far, and begin again."""
        work, self.work = self.work, {}
        return work

    def _watched(self, function: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        def call(event: Mapping[str, Any], context: Any = None) -> Any:
            with self.invocation(function):
                return handler(event, context)

        return call

    def _totals(self) -> Work:
        meter, kms, sqs = self.client.meter, self.world.kms.calls, self.world.sqs.calls
        return Work(
            write_units=meter.write_units,
            index_units=meter.index_write_units,
            read_units=meter.read_units,
            calls=sum(meter.calls.values()) + sum(kms.values()) + sqs["SendMessageBatch"],
            transactions=meter.calls["TransactWriteItems"],
            kms_requests=sum(kms.values()) - kms["Sign"],
            kms_signatures=kms["Sign"],
            sqs_requests=sqs["SendMessageBatch"],
            log_bytes=self._log_bytes(),
            cpu_seconds=self.cpu(),
        )

    def _log_bytes(self) -> float:
        position, known = self._logged
        self.log.stream.seek(position)
        fresh = self.log.stream.read()
        self._logged = (self.log.stream.tell(), known + len(fresh.encode()) + LOG_EVENT_BYTES * fresh.count("\n"))
        return self._logged[1]


def load_doors() -> None:
    """Import every handler, so that its log can be caught. In a running world: doors make their clients at import."""
    apps()
    for module in HANDLERS.values():
        importlib.import_module(module)


def metrics_of(log: Log) -> set[tuple[str, str]]:
    """The metrics that log lines carry in CloudWatch's embedded format: service and name."""
    found = set()
    for line in log.lines:
        for block in (line.get("_aws") or {}).get("CloudWatchMetrics", ()):
            found |= {(str(line.get("service")), str(metric["Name"])) for metric in block["Metrics"]}
    return found
