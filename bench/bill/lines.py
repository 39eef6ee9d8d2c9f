"""From measured work to the lines of a month's bill: pure arithmetic, each line a quantity of something that has a price."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bench.bill.deployment import Deployment
from bench.bill.measured import Measured
from bench.bill.prices import Price
from bench.bill.probe import Work
from bench.bill.traffic import MONTH_MINUTES, MONTH_SECONDS, Traffic
from paycorex.ledger.proof import checkpoints

# Seconds that a call of DynamoDB, KMS or SQS is waited for, what a transaction takes longer, and each client's processor time for one
# (`bench.warm_cpu`).
CALL_SECONDS: Final = 0.004
TRANSACTION_SECONDS: Final = 0.008
CLIENT_CPU_SECONDS: Final = {"botocore": 0.0005, "lean": 0.00007}
# How long a merchant's server takes.
ENDPOINT_SECONDS: Final = 0.1
# An environment's start, which is charged as time of its function.
INIT_SECONDS: Final = 0.9
# A whole processor; less memory gets its part of one.
CPU_MEGABYTES: Final = 1769
# X-Ray's default rule: the first of a second, and one in twenty of the others.
SAMPLED: Final = 0.05
# Lambda's own lines of an invocation in text form, and what CloudWatch counts beside each.
PLATFORM_LINES: Final = (
    "START RequestId: 8f507cfc-5e3c-4b3f-8c3a-5f3d0c3c1f0a Version: $LATEST\n",
    "END RequestId: 8f507cfc-5e3c-4b3f-8c3a-5f3d0c3c1f0a\n",
    (
        "REPORT RequestId: 8f507cfc-5e3c-4b3f-8c3a-5f3d0c3c1f0a\tDuration: 21.43 ms\tBilled Duration: 22 ms\t"
        "Memory Size: 1024 MB\tMax Memory Used: 98 MB\t\n"
    ),
)
TRACE_LINE: Final = "XRAY TraceId: 1-67891233-abcdef012345678912345678\tSegmentId: 53995c3f42cd8ad8\tSampled: true\t\n"
EVENT_BYTES: Final = 26
# Lambda looks into a queue by five calls of twenty seconds, whether there is something or not.
EMPTY_POLLS_A_MONTH: Final = 5 * MONTH_SECONDS / 20
# DynamoDB asks KMS for a table's key again after five minutes.
TABLE_KEY_MINUTES: Final = 5
# Calls, client and server errors, latency and the integration's: of one method of one route.
ROUTE_METRICS: Final = 5
# What always has data among the metric filters: the age of what is not sealed, and each scanner's lag.
FILTER_METRICS: Final = 1
SCANNER: Final = "CryptoScanner"
# What CloudWatch stores of a log, and for how long this stack keeps it.
LOG_COMPRESSION: Final = 0.15
LOG_MONTHS: Final = 13
# TLS records and what the gateway adds to an answer.
ENVELOPE_BYTES: Final = 400
# None: keys of others are standard parameters of Systems Manager, which cost nothing.
SECRETS: Final = 0
GIGABYTE: Final = 1024.0**3
API_FUNCTIONS: Final = ("AuthorizerFunction", "PaymentsFunction")
WRITERS: Final = {
    "payments": API_FUNCTIONS,
    "rollups and notes of what to seal": ("RollupFunction",),
    "requests that merchants list": ("RequestLogFunction",),
    "seals": ("CheckpointFunction",),
    "what a scanner found": ("CryptoScannerEthereumFunction",),
    "events and deliveries": ("WebhookDispatcherFunction", "WebhookSenderFunction", "WebhookSweeperFunction"),
}
STORAGE: Final = "storage"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: so many units of a price. group: what the table adds up."""

    group: str
    name: str
    price: str
    quantity: float


def lines(traffic: Traffic, deployment: Deployment, measured: Measured) -> list[Line]:
    """Every line of a month."""
    work = _work(traffic, deployment, measured)
    return [
        Line("API Gateway", "REST requests", "rest_api_request", traffic.payments),
        *_lambda(work, traffic, deployment),
        *_dynamodb(work, traffic, measured),
        *_queues_and_keys(work, traffic, deployment, measured),
        *_sight(work, traffic, deployment, measured),
        Line("Data out", "answers and webhooks", "data_out_gb", traffic.payments * _bytes_out(measured) / GIGABYTE),
        Line("Secrets", "secrets", "secret_month", SECRETS),
    ]


def cost(line: Line, prices: Mapping[str, Price], *, allowance: bool = False) -> float:
    """A line's dollars."""
    return prices[line.price].dollars(line.quantity, allowance=allowance)


def totals(found: list[Line], prices: Mapping[str, Price]) -> dict[str, float]:
    """Dollars by group."""
    sums: dict[str, float] = {}
    for line in found:
        sums[line.group] = sums.get(line.group, 0.0) + cost(line, prices)
    return sums


def _work(traffic: Traffic, deployment: Deployment, measured: Measured) -> dict[str, Work]:
    """A month's work by function: payments, checkpoints, and ticks that find nothing."""
    work = {name: each.times(traffic.payments) for name, each in measured.per_payment.items()}
    work["CheckpointFunction"] = _sealing(work["CheckpointFunction"], traffic, deployment.seal_window_seconds, measured)
    for name in deployment.ticks:
        if name in measured.tick:
            work[name] = work.get(name, Work()).plus(measured.tick[name], MONTH_MINUTES / deployment.tick_minutes.get(name, 1))
    return work


def _sealing(sealed: Work, traffic: Traffic, window: float, measured: Measured) -> Work:
    """What the ticks of the sealing do for a month's payments. Accounts are read side by side, so their calls are waited for together."""
    side_by_side = replace(sealed, calls=sealed.calls / checkpoints.READERS)
    whole = side_by_side.plus(measured.seal, traffic.seals(window)).plus(measured.waiting, traffic.waiting_ticks(window))
    return replace(whole, invocations=0.0)


def seconds(function: str, work: Work, traffic: Traffic, deployment: Deployment) -> float:
    """What all invocations of a function take: processor by its memory's part of one, and waiting."""
    share = min(1.0, deployment.gigabytes[function] * 1024 / CPU_MEGABYTES)
    waits = work.calls * CALL_SECONDS + work.transactions * TRANSACTION_SECONDS + work.waited_seconds
    if function == "WebhookSenderFunction":
        # A batch's deliveries are made side by side.
        waits = waits / traffic.queue_batch + work.invocations * ENDPOINT_SECONDS
    return (work.cpu_seconds + work.calls * CLIENT_CPU_SECONDS[deployment.client]) / share + waits


def _lambda(work: Mapping[str, Work], traffic: Traffic, deployment: Deployment) -> Iterator[Line]:
    busy = {name: seconds(name, each, traffic, deployment) for name, each in work.items()}
    starts = {name: traffic.cold_starts(each.invocations, busy[name] / each.invocations) for name, each in work.items() if each.invocations}
    memory = deployment.gigabytes
    yield Line("Lambda", "requests", "lambda_request", sum(each.invocations for each in work.values()))
    yield Line(
        "Lambda", "authorizer and door", "lambda_gb_second", sum(busy[name] * memory[name] for name in API_FUNCTIONS if name in busy)
    )
    yield Line(
        "Lambda", "workers and ticks", "lambda_gb_second", sum(busy[name] * memory[name] for name in work if name not in API_FUNCTIONS)
    )
    yield Line("Lambda", "cold starts", "lambda_gb_second", sum(count * INIT_SECONDS * memory[name] for name, count in starts.items()))


def _dynamodb(work: Mapping[str, Work], traffic: Traffic, measured: Measured) -> Iterator[Line]:
    for name, functions in WRITERS.items():
        written = sum(each.write_units + each.index_units for function, each in work.items() if function in functions)
        yield Line("DynamoDB", f"writes: {name}", "dynamodb_write_unit", written)
    yield Line("DynamoDB", "reads", "dynamodb_read_unit", sum(each.read_units for each in work.values()))
    yield Line("DynamoDB", "streams", "dynamodb_stream_read", sum(each.invocations for each in work.values()))
    # What a month's payments leave behind, for each month that it is kept.
    kept = traffic.payments * measured.stored_bytes / GIGABYTE
    yield Line(STORAGE, "tables", "dynamodb_storage_gb_month", kept)
    yield Line(STORAGE, "point-in-time recovery", "dynamodb_pitr_gb_month", kept)


def _queues_and_keys(work: Mapping[str, Work], traffic: Traffic, deployment: Deployment, measured: Measured) -> Iterator[Line]:
    sent = sum(each.sqs_requests for each in work.values()) + 2 * traffic.payments / traffic.queue_batch
    yield Line("SQS", "send, receive, delete", "sqs_request", sent)
    yield Line("SQS", "fair queues", "sqs_fair_surcharge", sent)
    yield Line("SQS", "empty looks", "sqs_request", deployment.queues * EMPTY_POLLS_A_MONTH)
    asked = measured.tables * MONTH_MINUTES / TABLE_KEY_MINUTES if deployment.has_table_key else 0
    yield Line("KMS", "keys", "kms_key_month", deployment.keys)
    yield Line("KMS", "requests", "kms_request", sum(each.kms_requests for each in work.values()) + asked)
    yield Line("KMS", "signatures", "kms_signature", sum(each.kms_signatures for each in work.values()))
    yield Line(
        "Scheduler", "calls", "scheduler_call", sum(MONTH_MINUTES / deployment.tick_minutes.get(name, 1) for name in deployment.ticks)
    )


def _sight(work: Mapping[str, Work], traffic: Traffic, deployment: Deployment, measured: Measured) -> Iterator[Line]:
    invocations = {name: each.invocations for name, each in work.items() if name != "AuthorizerFunction"}
    own = sum(each.log_bytes for each in work.values())
    platform = sum(each.invocations for each in work.values()) * _platform_bytes(deployment)
    access = traffic.payments * _access_bytes(deployment.access_log)
    yield Line("CloudWatch", "logs of the code", "log_gb", own / GIGABYTE)
    yield Line("CloudWatch", "logs of Lambda itself", "log_gb", platform / GIGABYTE)
    yield Line("CloudWatch", "logs of the gateway", "log_gb", access / GIGABYTE)
    named = {service for service, _ in measured.metrics} - ({"webhook_dispatcher", "webhook_sender"} if not traffic.payments else set())
    metrics = sum(service in named for service, _ in measured.metrics)
    metrics += FILTER_METRICS * ("CheckpointFunction" in deployment.ticks) + sum(name.startswith(SCANNER) for name in deployment.ticks)
    routes = ROUTE_METRICS if deployment.has_route_metrics and traffic.payments else 0
    yield Line("CloudWatch", "metrics", "metric_month", metrics + routes)
    yield Line("CloudWatch", "alarms", "alarm_month", deployment.alarms)
    yield Line("CloudWatch", "alarms of alarms", "composite_alarm_month", deployment.composite_alarms)
    yield Line("CloudWatch", "dashboards", "dashboard_month", deployment.dashboards)
    traced = sum(_sampled(count / MONTH_SECONDS) for count in invocations.values()) * MONTH_SECONDS
    yield Line("X-Ray", "traces", "xray_trace", traced if deployment.has_tracing else traffic.payments * deployment.sampled)
    yield Line(STORAGE, "logs", "log_storage_gb_month", (own + platform + access) / GIGABYTE * LOG_COMPRESSION)


def _sampled(per_second: float) -> float:
    """Traces a second of what comes at a rate."""
    first = 1 - math.exp(-per_second)
    return first + SAMPLED * (per_second - first)


def _platform_bytes(deployment: Deployment) -> float:
    if not deployment.has_platform_lines:
        return 0.0
    shown = "".join(PLATFORM_LINES) + (TRACE_LINE if deployment.has_tracing else "")
    return len(shown) + EVENT_BYTES * len(PLATFORM_LINES)


def _access_bytes(form: str) -> float:
    """A line of the gateway: identifiers have thirty-six characters, the other values about eight."""
    filled = re.sub(r"\$context\.[\w.]+", lambda found: "x" * (36 if found[0].endswith("Id") else 8), form)
    return len(filled) + EVENT_BYTES


def _bytes_out(measured: Measured) -> float:
    return measured.response_bytes + measured.webhook_bytes + 2 * ENVELOPE_BYTES
