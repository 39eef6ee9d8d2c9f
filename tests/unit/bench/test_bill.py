"""The bill's arithmetic, by hand with a tiny price file, and that every price says where it comes from."""

import math
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench.bill import deployment, idle, lines, measured, prices, report, scanning
from bench.bill.deployment import Deployment, Stream
from bench.bill.lines import Line
from bench.bill.measured import Measured
from bench.bill.probe import Work
from bench.bill.traffic import MONTH_MINUTES, MONTH_SECONDS, Traffic
from paycorex.ledger.proof import checkpoints

TINY = """
[rest_api_request]
per = 1000
free = 500
here = { tiers = [[0, 2.0], [2000, 1.0]], source = "a page", date = 2026-01-02, confirmed = true }
"""
STACK = Deployment(
    gigabytes=dict.fromkeys(("AuthorizerFunction", "PaymentsFunction", "CheckpointFunction"), 1769 / 1024),
    ticks=("CheckpointFunction",),
    tick_minutes={},
    streams={},
    queues=1,
    keys=2,
    has_table_key=True,
    alarms=3,
    composite_alarms=0,
    dashboards=0,
    has_tracing=False,
    sampled=0.0,
    has_platform_lines=False,
    has_route_metrics=False,
    has_worker_metrics=False,
    has_request_log=False,
    seal_window_seconds=0.0,
    event_retention_days=0,
    client="botocore",
    access_log="$context.requestId $context.status",
)
PAYMENT = Work(invocations=1, write_units=6, index_units=1, read_units=1.5, calls=3, transactions=1, log_bytes=500, cpu_seconds=0.002)
COST = Measured(
    per_payment={"AuthorizerFunction": Work(invocations=1), "PaymentsFunction": PAYMENT, "CheckpointFunction": Work(write_units=2)},
    seal=Work(write_units=4, kms_signatures=1),
    tick={"CheckpointFunction": Work(invocations=1, read_units=5)},
    waiting=Work(read_units=1),
    metrics=frozenset({("webhook_sender", "delivered"), ("webhook_sweeper", "enqueued")}),
    stored_bytes=4096,
    response_bytes=100,
    webhook_bytes=124,
    tables=2,
)


@pytest.fixture
def tiny(tmp_path: Path) -> prices.Price:
    file = tmp_path / "prices.toml"
    file.write_text(TINY, encoding="utf-8")
    return prices.read("here", file)["rest_api_request"]


@pytest.mark.parametrize(("quantity", "dollars"), [(0, 0), (1_000, 2), (2_000, 4), (5_000, 4 + 3)])
def test_a_quantity_is_priced_tier_by_tier(tiny: prices.Price, quantity: float, dollars: float) -> None:
    assert tiny.dollars(quantity) == pytest.approx(dollars)


def test_a_free_allowance_is_taken_off_when_asked_for(tiny: prices.Price) -> None:
    assert tiny.dollars(1_500, allowance=True) == pytest.approx(2)
    assert tiny.dollars(400, allowance=True) == 0
    assert lines.cost(Line("g", "n", "rest_api_request", 1_500), {"rest_api_request": tiny}) == pytest.approx(3)


@pytest.mark.parametrize("region", prices.REGIONS)
def test_every_price_has_a_source_and_a_date(region: str) -> None:
    found = prices.read(region)
    assert found
    for price in found.values():
        assert len(price.source) > 10, price
        assert type(price.date) is date, price
        assert price.tiers[0][0] == 0, price
        assert list(price.tiers) == sorted(price.tiers), price


def test_a_price_without_source_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(TINY.replace('source = "a page", ', ""), encoding="utf-8")
    with pytest.raises(KeyError):
        prices.read("here", file)


def test_every_price_is_used_by_a_line_and_every_line_has_a_price() -> None:
    named = tomllib.loads(prices.FILE.read_text(encoding="utf-8")).keys()
    assert {line.price for line in lines.lines(Traffic(1_000), STACK, COST)} == set(named)


def quantities(payments: int, stack: Deployment = STACK) -> dict[str, float]:
    return {f"{line.group}: {line.name}": line.quantity for line in lines.lines(Traffic(payments), stack, COST)}


def test_a_month_has_the_payments_units_and_those_of_the_ticks() -> None:
    found = quantities(1_000_000)
    busy = MONTH_MINUTES * (1 - math.exp(-1_000_000 / MONTH_MINUTES))
    assert found["API Gateway: REST requests"] == 1_000_000
    assert found["DynamoDB: writes: payments"] == pytest.approx(7_000_000)
    assert found["DynamoDB: writes: seals"] == pytest.approx(2_000_000 + 4 * busy)
    assert found["DynamoDB: reads"] == pytest.approx(1_500_000 + 5 * MONTH_MINUTES)
    assert found["KMS: signatures"] == pytest.approx(busy)
    assert found["Lambda: requests"] == pytest.approx(2_000_000 + MONTH_MINUTES)
    # Two milliseconds of processor, three calls' client and waiting, and a transaction's.
    door = 0.002 + 3 * (lines.CLIENT_CPU_SECONDS[STACK.client] + lines.CALL_SECONDS) + lines.TRANSACTION_SECONDS
    assert found["Lambda: authorizer and door"] == pytest.approx(1_000_000 * door * 1769 / 1024)
    assert found["Data out: answers and webhooks"] == pytest.approx(1_000_000 * 1024 / 1024**3)
    assert found["storage: tables"] == pytest.approx(1_000_000 * 4096 / 1024**3)


def test_changes_that_wait_for_others_share_a_seal() -> None:
    few = Traffic(100_000)
    cycle = 1 / few.per_second + 600 + 30
    assert few.seals(600) == pytest.approx(MONTH_SECONDS / cycle)
    assert few.seals(0) == pytest.approx(few.busy_minutes)
    busy = Traffic(1_000_000_000)
    assert busy.seals(600) == pytest.approx(busy.busy_minutes), "many changes wait for nothing"
    found, plain = quantities(100_000, replace(STACK, seal_window_seconds=600)), quantities(100_000)
    assert found["KMS: signatures"] == pytest.approx(few.seals(600))
    assert found["DynamoDB: writes: seals"] == pytest.approx(2 * 100_000 + 4 * few.seals(600))
    reads = plain["DynamoDB: reads"] - found["DynamoDB: reads"]
    assert reads == pytest.approx(few.waiting_ticks(0) - few.waiting_ticks(600)), "a tick that leaves changes for later reads them"


def test_calls_for_accounts_are_waited_for_as_many_at_a_time_as_they_are_made() -> None:
    def workers(calls: int) -> float:
        more = replace(COST, per_payment={**COST.per_payment, "CheckpointFunction": Work(calls=calls)})
        found = {f"{line.group}: {line.name}": line.quantity for line in lines.lines(Traffic(1_000_000), STACK, more)}
        return found["Lambda: workers and ticks"]

    each = (lines.CALL_SECONDS + lines.CLIENT_CPU_SECONDS[STACK.client]) * 1769 / 1024
    assert workers(8) - workers(0) == pytest.approx(1_000_000 * each * 8 / checkpoints.READERS)


def test_an_idle_month_has_what_ticks_and_things_cost_and_no_more() -> None:
    found = {
        name: quantity
        for name, quantity in quantities(0).items()
        if quantity and not name.startswith(("Lambda", "CloudWatch: logs", "storage"))
    }
    assert found == {
        "DynamoDB: reads": 5 * MONTH_MINUTES,
        "DynamoDB: streams": MONTH_MINUTES,
        "SQS: empty looks": 5 * MONTH_SECONDS / 20,
        "KMS: keys": 2,
        "KMS: requests": 2 * MONTH_MINUTES / 5,
        "Scheduler: calls": MONTH_MINUTES,
        "CloudWatch: metrics": 1 + 1,
        "CloudWatch: alarms": 3,
    }


def test_traces_and_platform_lines_are_counted_where_they_are_on() -> None:
    on = quantities(1_000, replace(STACK, has_tracing=True, has_platform_lines=True))
    assert on["X-Ray: traces"] == pytest.approx(1_000 + MONTH_MINUTES, rel=0.02)
    assert on["CloudWatch: logs of Lambda itself"] > 0
    off = quantities(1_000)
    assert off["X-Ray: traces"] == off["CloudWatch: logs of Lambda itself"] == 0


def test_a_rule_of_the_stacks_own_traces_its_part_of_the_requests() -> None:
    assert quantities(1_000, replace(STACK, sampled=0.01))["X-Ray: traces"] == pytest.approx(10)
    sampled = deployment.read(parameters={"Tracing": "Sampled", "TracingRate": "0.05"})
    assert (sampled.has_tracing, sampled.sampled) == (False, 0.05)
    whole = deployment.read(parameters={"Tracing": "Active"})
    assert (whole.has_tracing, whole.sampled) == (True, 0)


def test_batches_grow_with_the_rate_and_the_window() -> None:
    slow, fast = Traffic(100_000), Traffic(1_000_000_000)
    assert slow.stream_batch(1, 0) == pytest.approx(1, abs=0.05)
    assert slow.stream_batch(1, 60) == pytest.approx(1 + 60 * slow.per_second)
    assert fast.stream_batch(1, 60) == 100
    assert (slow.lanes, fast.lanes, slow.shards) == (1, 16, 4)
    assert (round(slow.queue_batch), fast.queue_batch) == (1, 10)


def test_the_template_is_read_with_its_defaults() -> None:
    found = deployment.read()
    assert set(found.ticks) == set(measured.TICKS)
    assert found.keys >= 3
    assert {(name, table) for name, table in found.streams if name == "RollupFunction"} == {
        ("RollupFunction", "LedgersTable"),
        ("RollupFunction", "PaymentsTable"),
    }


def test_a_parameter_and_a_condition_decide_what_is_there() -> None:
    content = {
        "Parameters": {"Tracing": {"Default": "PassThrough"}, "Url": {"Default": ""}},
        "Conditions": {"Watches": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Url"}, ""]}]}},
        "Globals": {"Function": {"MemorySize": 1024, "Tracing": {"Ref": "Tracing"}, "LoggingConfig": {"SystemLogLevel": "WARN"}}},
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": {"MethodSettings": [{"MetricsEnabled": False}]}},
            "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Condition": "Watches"},
            "Work": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "MemorySize": 512,
                    "Events": {
                        "Tick": {"Type": "ScheduleV2", "Properties": {"State": {"Fn::If": ["Watches", "ENABLED", "DISABLED"]}}},
                        "Items": {
                            "Type": "DynamoDB",
                            "Properties": {"Stream": {"Fn::GetAtt": ["Table", "StreamArn"]}, "MaximumBatchingWindowInSeconds": 60},
                        },
                    },
                },
            },
        },
    }
    found = deployment.read(content)
    assert (found.alarms, found.ticks, found.has_tracing, found.has_platform_lines, found.has_route_metrics) == (0, (), False, False, False)
    assert found.gigabytes == {"Work": 0.5}
    assert found.streams == {("Work", "Table"): Stream(60.0)}


def test_an_alarm_on_a_formula_costs_as_much_as_its_metrics() -> None:
    def alarm(**properties: object) -> dict[str, object]:
        return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}

    metrics = [{"Id": "all", "Expression": "a + b"}, {"Id": "a", "MetricStat": {}}, {"Id": "b", "MetricStat": {}}]
    content = {
        "Parameters": {},
        "Globals": {"Function": {}},
        "Resources": {
            "Api": {"Type": "AWS::Serverless::Api", "Properties": {}},
            "One": alarm(MetricName="Errors"),
            "Two": alarm(Metrics=metrics),
            "All": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {}},
            "Seen": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {}},
        },
    }
    found = deployment.read(content)
    assert (found.alarms, found.composite_alarms, found.dashboards) == (1 + 2, 1, 1)


@pytest.mark.parametrize("asked", [True, False])
def test_metrics_of_the_workers_are_charged_where_the_stack_asks_for_them(asked: bool) -> None:
    stack = replace(deployment.read(), has_worker_metrics=asked)
    found = measured.measure(Traffic(100_000), stack, payments=2)
    assert bool(found.metrics) == asked
    month = {f"{line.group}: {line.name}": line.quantity for line in lines.lines(Traffic(100_000), stack, found)}
    assert month["CloudWatch: metrics"] == lines.FILTER_METRICS + len(found.metrics)


def test_a_network_that_is_followed_has_ticks_alarms_and_a_metric() -> None:
    plain, following = deployment.read(), deployment.read(parameters=idle.NETWORK)
    assert set(following.ticks) - set(plain.ticks) == {scanning.FUNCTION}
    assert following.alarms > plain.alarms
    with pytest.raises(KeyError):
        deployment.read(parameters={"WatchNothing": "true"})
    tick = scanning.tick()
    assert tick.invocations == 1
    assert tick.write_units >= 2, "the lease and the cursor"
    assert tick.waited_seconds > 0
    cost = replace(COST, tick={**COST.tick, scanning.FUNCTION: tick})
    stack = replace(STACK, ticks=(*STACK.ticks, scanning.FUNCTION), gigabytes={**STACK.gigabytes, scanning.FUNCTION: 1.0})
    found = {f"{line.group}: {line.name}": line.quantity for line in lines.lines(Traffic(0), stack, cost)}
    assert found["DynamoDB: writes: what a scanner found"] == pytest.approx(tick.write_units * MONTH_MINUTES)
    assert found["Scheduler: calls"] == 2 * MONTH_MINUTES
    assert found["CloudWatch: metrics"] == quantities(0)["CloudWatch: metrics"] + 1


def test_a_stack_that_stands_by_has_no_ticks_and_looks_into_no_queue() -> None:
    plain, standby = deployment.read(), deployment.read(parameters={"Mode": "standby"})
    assert (plain.queues, standby.queues, standby.ticks) == (3, 0, ())
    own, shared = plain, deployment.read(parameters={"TableKeys": "dynamodb"})
    assert (own.keys - shared.keys, own.has_table_key, shared.has_table_key) == (1, True, False)


def test_each_switch_makes_an_idle_month_cheaper() -> None:
    found = deployment.read()
    prices_here = prices.read(report.GOAL_REGION)
    cost = replace(COST, tick=dict.fromkeys(found.ticks, Work(invocations=1, read_units=1)))

    def dollars(stack: Deployment) -> float:
        return sum(lines.cost(line, prices_here) for line in lines.lines(Traffic(0), stack, cost))

    for name, change, _lost in idle.SWITCHES:
        assert dollars(change(found)) < dollars(found), name
    off = idle.all_off(found)
    assert (off.alarms, off.dashboards, off.queues, off.ticks, off.keys) == (0, 0, 0, (), found.keys - 1)


def test_rows_that_end_are_not_stored_without_end() -> None:
    kept = measured.measure(Traffic(100_000), deployment.read(), payments=2)
    ending = measured.measure(Traffic(100_000), deployment.read(parameters={"EventRetentionDays": "90"}), payments=2)
    assert 900 < kept.stored_bytes - ending.stored_bytes < 1_600


def test_a_few_payments_through_the_real_handlers() -> None:
    found = measured.measure(Traffic(100_000), deployment.read(), payments=3)
    door = found.per_payment["PaymentsFunction"]
    assert (door.invocations, door.write_units, door.index_units) == (1, 6, 1)
    assert found.per_payment["WebhookSenderFunction"].invocations == 1
    assert found.seal.kms_signatures == pytest.approx(1, abs=0.5)
    assert found.tick["CheckpointFunction"].write_units == 0
    assert 3_000 < found.stored_bytes < 6_000


def test_each_lever_leads_to_a_cheaper_stack_or_the_same() -> None:
    stack = report.plain(deployment.read())
    for _, pull in report.LEVERS:
        stack = pull(stack)
    assert (stack.has_tracing, stack.has_platform_lines, stack.has_route_metrics) == (False, False, False)
    assert stack.streams["RollupFunction", "PaymentsTable"] == Stream(report.WINDOW_SECONDS, skips_settled=True)
