"""The CloudWatch dashboard of a stack, as the JSON that CloudWatch takes; names of the stack's own resources are put in by CloudFormation.

It shows what is free to have: AWS's own metrics, the metrics that alarms need anyway, and queries over the log, which are paid by the
bytes they read when someone looks.
"""

import json
import tomllib
from typing import Any, Final

from local.paths import ROOT
from local.template_queries import FUNCTIONS
from paycorex.evm.networks import NETWORKS

PRICES: Final = ROOT / "bench" / "bill" / "prices.toml"
REGION_OF_PRICES: Final = "us-east-1"
_OWN: Final = "PayCoreX/${AWS::StackName}"
_WIDTH: Final = 24
_HEIGHT: Final = 6


def body() -> str:
    """The whole dashboard, for Fn::Sub."""
    rows = [
        [_payments(), _whole_api(), _refusals()],
        [_routes(), _conflicts()],
        [_webhooks(), _chains(), _books()],
        [_functions(), _cost()],
    ]
    return json.dumps({"widgets": [widget for at, row in enumerate(rows) for widget in _placed(row, at)]}, ensure_ascii=False)


def _placed(row: list[dict[str, Any]], at: int) -> list[dict[str, Any]]:
    """The widgets of a row side by side."""
    width = _WIDTH // len(row)
    return [widget | {"x": place * width, "y": at * _HEIGHT, "width": width, "height": _HEIGHT} for place, widget in enumerate(row)]


def _metrics(title: str, metrics: list[list[Any]], **more: Any) -> dict[str, Any]:
    shown = {"title": title, "metrics": metrics, "region": "${AWS::Region}", "view": "timeSeries", "period": 300, "stat": "Sum"}
    return {"type": "metric", "properties": shown | more}


def _query(title: str, text: str, view: str = "table") -> dict[str, Any]:
    shown = {"title": title, "query": f"SOURCE '${{{FUNCTIONS}}}' | {text}", "region": "${AWS::Region}", "view": view}
    return {"type": "log", "properties": shown}


def _payments() -> dict[str, Any]:
    return _query(
        "Payments by result",
        'filter message = "request" and method = "POST" and route in ["/v1/payments/create", "/v1/wallet/pay"] '
        '| fields coalesce(code, "accepted") as result | stats count(*) as payments by result',
        view="pie",
    )


def _whole_api() -> dict[str, Any]:
    name = ["ApiName", "${AWS::StackName}"]
    return _metrics(
        "The API: requests, errors, latency",
        [
            ["AWS/ApiGateway", "Count", *name],
            ["AWS/ApiGateway", "4XXError", *name],
            ["AWS/ApiGateway", "5XXError", *name],
            ["AWS/ApiGateway", "Latency", *name, {"stat": "p50", "yAxis": "right"}],
            ["AWS/ApiGateway", "Latency", *name, {"stat": "p99", "yAxis": "right"}],
        ],
    )


def _refusals() -> dict[str, Any]:
    return _query(
        "Refusals of the authorizer by reason",
        'filter service = "authorizer" and message = "denied" | stats count(*) as refusals by reason | sort refusals desc',
    )


def _routes() -> dict[str, Any]:
    return _query(
        "Latency by route",
        'filter message = "request" and ispresent(route) | stats count(*) as requests, pct(duration_ms, 50) as p50_ms, '
        "pct(duration_ms, 99) as p99_ms by method, route | sort requests desc",
    )


def _conflicts() -> dict[str, Any]:
    ledgers = ["TableName", "${AWS::StackName}-ledgers"]
    return _metrics(
        "Conflicts of writers of one account (more lanes help), throttled writes",
        [
            ["AWS/DynamoDB", "TransactionConflict", *ledgers],
            ["AWS/DynamoDB", "WriteThrottleEvents", *ledgers],
            ["AWS/DynamoDB", "TransactionConflict", "TableName", "${AWS::StackName}-payments"],
        ],
    )


def _webhooks() -> dict[str, Any]:
    queues = {"WebhookQueue": "due", "WebhookSlowQueue": "to failing endpoints", "WebhookDeadLetterQueue": "dead letters"}
    ages = [
        ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", f"${{{queue}.QueueName}}", {"stat": "Maximum", "label": label}]
        for queue, label in queues.items()
    ]
    return _metrics("Webhooks: age of the oldest, seconds", ages)


def _chains() -> dict[str, Any]:
    return _metrics("Chain lag, seconds", [[_OWN, "ChainLag", "network", network, {"stat": "Maximum"}] for network in NETWORKS])


def _books() -> dict[str, Any]:
    return _metrics(
        "Reconciliation: age of what is not sealed, broken or changed entries, lag of the readers",
        [
            [_OWN, "UnsealedAge", {"stat": "Maximum"}],
            ["AWS/Lambda", "IteratorAge", "FunctionName", "${RollupFunction}", {"stat": "Maximum"}],
            ["AWS/Lambda", "IteratorAge", "FunctionName", "${LedgerWatchFunction}", {"stat": "Maximum"}],
            [_OWN, "LedgerBroken", {"yAxis": "right"}],
            [_OWN, "LedgerTampered", {"yAxis": "right"}],
        ],
    )


def _functions() -> dict[str, Any]:
    search = "SEARCH('{{AWS/Lambda,FunctionName}} MetricName=\"{name}\" ${{AWS::StackName}}', 'Sum')"
    return _metrics(
        "Functions: errors, throttles, concurrency of the account",
        [
            [{"expression": search.format(name="Errors"), "id": "errors"}],
            [{"expression": search.format(name="Throttles"), "id": "throttles"}],
            ["AWS/Lambda", "ClaimedAccountConcurrency", {"stat": "Maximum", "yAxis": "right"}],
        ],
    )


def _cost() -> dict[str, Any]:
    """Dollars a day of what grows with payments, at list prices; the whole bill is `python -m bench.bill`."""
    prices = tomllib.loads(PRICES.read_text(encoding="utf-8"))

    def unit(name: str) -> float:
        return float(prices[name][REGION_OF_PRICES]["tiers"][0][1]) / float(prices[name]["per"])

    tables = "SUM(SEARCH('{{AWS/DynamoDB,TableName}} MetricName=\"{name}\" ${{AWS::StackName}}', 'Sum'))"
    busy = "SUM(SEARCH('{AWS/Lambda,FunctionName} MetricName=\"Duration\" ${AWS::StackName}', 'Sum'))"
    groups = [["AWS/Logs", "IncomingBytes", "LogGroupName", f"${{{group}}}", {"id": group.lower(), "visible": False}] for group in _GROUPS]
    logged = " + ".join(f"FILL({group.lower()}, 0)" for group in _GROUPS)
    lines = {
        "requests": f"FILL(calls, 0) * {unit('rest_api_request'):.12f}",
        "writes": f"{tables.format(name='ConsumedWriteCapacityUnits')} * {unit('dynamodb_write_unit'):.12f}",
        "reads": f"{tables.format(name='ConsumedReadCapacityUnits')} * {unit('dynamodb_read_unit'):.12f}",
        "functions, about": f"{busy} / 1000 * {unit('lambda_gb_second'):.12f}",
        "logs": f"({logged}) / {1024**3} * {unit('log_gb'):.12f}",
    }
    expressions = [[{"expression": text, "label": label, "id": f"cost{place}"}] for place, (label, text) in enumerate(lines.items())]
    calls = ["AWS/ApiGateway", "Count", "ApiName", "${AWS::StackName}", {"id": "calls", "visible": False}]
    title = f"Cost: dollars a day at {REGION_OF_PRICES}'s list prices, functions taken as 1 GB"
    return _metrics(title, [calls, *groups, *expressions], period=86_400, view="bar")


_GROUPS: Final = (FUNCTIONS, "GatewayLogs")
