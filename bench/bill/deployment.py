"""What the deployed stack has that costs: read from the template, with the default value of every parameter."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.support.template import template

STAGE: Final = "prod"
_FUNCTION: Final = "AWS::Serverless::Function"
_RATE: Final = re.compile(r"rate\((\d+) minutes\)")
_CONDITIONS: Final[Mapping[str, Callable[[list[Any]], bool]]] = {
    "Fn::Equals": lambda sides: str(sides[0]) == str(sides[1]),
    "Fn::Not": lambda parts: not parts[0],
    "Fn::And": all,
    "Fn::Or": any,
}


@dataclass(frozen=True, slots=True)
class Stream:
    """A function's trigger on a table's stream."""

    window_seconds: float = 0.0
    # True where new items that are settled at once never reach the function.
    skips_settled: bool = False


@dataclass(frozen=True, slots=True)
class Deployment:
    """gigabytes: of each function. ticks: functions that a schedule runs, each minute or, by tick_minutes, less often.

    streams: by function and table. queues: with a trigger.
    """

    gigabytes: Mapping[str, float]
    ticks: tuple[str, ...]
    tick_minutes: Mapping[str, int]
    streams: Mapping[tuple[str, str], Stream]
    queues: int
    keys: int
    has_table_key: bool
    # Metrics that alarms watch: CloudWatch charges an alarm on a formula for each metric in it.
    alarms: int
    composite_alarms: int
    dashboards: int
    has_tracing: bool
    # The part of requests that is traced where a rule of the stack's own says so.
    sampled: float
    has_platform_lines: bool
    has_route_metrics: bool
    has_worker_metrics: bool
    has_request_log: bool
    seal_window_seconds: float
    event_retention_days: int
    # Which of the two clients asks AWS.
    client: str
    access_log: str


def read(content: Mapping[str, Any] | None = None, parameters: Mapping[str, str] | None = None) -> Deployment:
    """The template's deployment, or that of another one that was loaded the same way. Raises KeyError for an unknown parameter."""
    source = content or template()
    values = {name: found.get("Default", "") for name, found in source["Parameters"].items()} | {"Stage": STAGE}
    for name, value in (parameters or {}).items():
        values[name] = type(values[name])(value)
    resolver = _Resolver(values, source.get("Conditions", {}))
    shared = resolver.value(source["Globals"]["Function"])
    there = {name: found for name, found in source["Resources"].items() if resolver.holds(found.get("Condition"))}
    functions = {name: shared | resolver.value(found["Properties"]) for name, found in there.items() if found["Type"] == _FUNCTION}
    triggers = [(name, event) for name, function in functions.items() for event in (function.get("Events") or {}).values()]
    api = resolver.value(there["Api"]["Properties"])
    return Deployment(
        gigabytes={name: float(function["MemorySize"]) / 1024 for name, function in functions.items()},
        ticks=tuple(name for name, event in triggers if event["Type"] == "ScheduleV2" and event["Properties"].get("State") != "DISABLED"),
        tick_minutes=_minutes(triggers),
        streams=_streams(triggers),
        queues=sum(event["Type"] == "SQS" and event["Properties"].get("Enabled") is not False for _, event in triggers),
        keys=_count(there, "AWS::KMS::Key"),
        has_table_key="TableKey" in there,
        alarms=sum(_watched(resolver.value(found["Properties"])) for found in there.values() if found["Type"] == "AWS::CloudWatch::Alarm"),
        composite_alarms=_count(there, "AWS::CloudWatch::CompositeAlarm"),
        dashboards=_count(there, "AWS::CloudWatch::Dashboard"),
        has_tracing=shared.get("Tracing") == "Active",
        sampled=_sampled(resolver, there),
        has_platform_lines=(shared.get("LoggingConfig") or {}).get("SystemLogLevel", "INFO") != "WARN",
        has_route_metrics=any(setting.get("MetricsEnabled") in {True, "true"} for setting in api.get("MethodSettings") or ()),
        has_worker_metrics=any(_variables(function).get("WORKER_METRICS") == "true" for function in functions.values()),
        has_request_log="RequestLogFunction" in functions,
        seal_window_seconds=float(_variables(functions.get("CheckpointFunction", {})).get("SEAL_WINDOW_SECONDS", 0)),
        event_retention_days=int(_variables(functions.get("WebhookDispatcherFunction", {})).get("EVENT_RETENTION_DAYS", 0)),
        client=_variables(shared).get("AWS_CLIENT", "botocore"),
        access_log=(api.get("AccessLogSetting") or {}).get("Format", ""),
    )


def _minutes(triggers: list[tuple[str, dict[str, Any]]]) -> dict[str, int]:
    """Of the schedules that come less often than each minute."""
    rates = {
        name: _RATE.fullmatch(str(event["Properties"].get("ScheduleExpression")))
        for name, event in triggers
        if event["Type"] == "ScheduleV2"
    }
    return {name: int(rate[1]) for name, rate in rates.items() if rate is not None}


def _streams(triggers: list[tuple[str, dict[str, Any]]]) -> dict[tuple[str, str], Stream]:
    found = {}
    for name, event in triggers:
        if event["Type"] != "DynamoDB":
            continue
        properties = event["Properties"]
        patterns = [one["Pattern"] for one in (properties.get("FilterCriteria") or {}).get("Filters", ())]
        skips = bool(patterns) and all("anything-but" in pattern and "status" in pattern for pattern in patterns)
        window = float(properties.get("MaximumBatchingWindowInSeconds") or 0)
        found[name, properties["Stream"]["Fn::GetAtt"][0]] = Stream(window, skips)
    return found


def _variables(function: Mapping[str, Any]) -> Mapping[str, Any]:
    return (function.get("Environment") or {}).get("Variables") or {}


def _sampled(resolver: "_Resolver", there: Mapping[str, Any]) -> float:
    rules = [resolver.value(found["Properties"]) for found in there.values() if found["Type"] == "AWS::XRay::SamplingRule"]
    return sum(float(rule["SamplingRule"]["FixedRate"]) for rule in rules)


def _watched(alarm: Mapping[str, Any]) -> int:
    return sum("MetricStat" in one for one in alarm["Metrics"]) if "Metrics" in alarm else 1


def _count(resources: Mapping[str, Any], kind: str) -> int:
    return sum(found["Type"] == kind for found in resources.values())


class _Resolver:
    """Parameters' values and conditions put in; what only a deployment knows stays as it is."""

    def __init__(self, parameters: Mapping[str, Any], conditions: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._conditions = conditions

    def holds(self, condition: str | None) -> bool:
        """Whether a named condition holds; a resource without one is there."""
        return condition is None or bool(self.value(self._conditions[condition]))

    def value(self, node: Any) -> Any:
        """A node with everything put in that is known."""
        if isinstance(node, list):
            return [self.value(item) for item in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, content),) = node.items()
            return self._function(name, content)
        return {name: self.value(item) for name, item in node.items()}

    def _function(self, name: str, content: Any) -> Any:
        if name == "Ref":
            return None if content == "AWS::NoValue" else self._parameters.get(content, {name: content})
        if name == "Fn::If":
            return self.value(content[1] if self.holds(content[0]) else content[2])
        if name == "Condition" and isinstance(content, str):
            return self.holds(content)
        decide = _CONDITIONS.get(name)
        return {name: self.value(content)} if decide is None else decide(self.value(content))
