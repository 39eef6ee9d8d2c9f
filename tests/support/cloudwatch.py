"""CloudWatch in memory: metrics out of log lines by the template's own filters, and the state of the template's own alarms.

Single metrics and the few expressions that the template uses are evaluated as CloudWatch documents it: statistics of whole periods that end
now, missing data by `TreatMissingData`, as many breaching periods as `EvaluationPeriods`.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support import template

ALARM = "AWS::CloudWatch::Alarm"
STACK = "test"
type Name = tuple[str, str, frozenset[tuple[str, str]]]

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, limit: value > limit,
    "GreaterThanOrEqualToThreshold": lambda value, limit: value >= limit,
    "LessThanThreshold": lambda value, limit: value < limit,
}
_STATISTICS: Mapping[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
}
_FUNCTIONS = {"MIN": min, "MAX": max, "IF": lambda condition, then, other: then if condition else other}
_TERM = re.compile(r"""\$\.(\w+)\s*(=|!=|>=|<=|>|<)\s*(?:"([^"]*)"|(-?[\d.]+))""")


def resolved(value: Any, parameters: Mapping[str, Any] | None = None) -> Any:
    """References put in: parameters by their default, resources by their logical id."""
    known = {name: one.get("Default", "") for name, one in template.template()["Parameters"].items()} | dict(parameters or {})
    if isinstance(value, dict):
        if "Ref" in value:
            return STACK if value["Ref"] == "AWS::StackName" else known.get(value["Ref"], value["Ref"])
        if "Fn::Sub" in value:
            text: str = value["Fn::Sub"]
            return re.sub(r"\$\{([\w:]+)\}", lambda found: str(resolved({"Ref": found[1]}, parameters)), text)
        if "Fn::GetAtt" in value:
            return value["Fn::GetAtt"][0]
    return value


def alarms() -> dict[str, dict[str, Any]]:
    """Every alarm of the template."""
    return template.properties(ALARM)


def matches(pattern: str, line: Mapping[str, Any]) -> bool:
    """A filter pattern for JSON lines: comparisons joined by && or by ||."""
    inner = pattern.strip().removeprefix("{").removesuffix("}")
    joins = set(re.findall(r"&&|\|\|", inner))
    assert len(joins) <= 1, f"one kind of join is all that is understood: {pattern}"
    terms = _TERM.findall(inner)
    assert len(terms) == len(re.split(r"&&|\|\|", inner)), pattern
    held = [_holds(line.get(name), sign, float(number) if number else text) for name, sign, text, number in terms]
    return any(held) if joins == {"||"} else all(held)


def _holds(value: Any, sign: str, other: str | float) -> bool:
    if isinstance(other, float) != isinstance(value, int | float):
        return False
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        ">=": lambda a, b: a >= b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        "<": lambda a, b: a < b,
    }
    return compare[sign](value, other)


@dataclass
class CloudWatch:
    """`clock` gives epoch seconds without moving."""

    clock: Callable[[], float]
    data: dict[Name, list[tuple[float, float]]] = field(default_factory=dict)

    def put(self, namespace: str, metric: str, value: float, **dimensions: str) -> None:
        """A data point now."""
        name = (namespace, metric, frozenset(dimensions.items()))
        self.data.setdefault(name, []).append((self.clock(), float(value)))

    def take(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """Log lines: what the template's filters and embedded metrics make of them."""
        for line in lines:
            for one in template.properties("AWS::Logs::MetricFilter").values():
                if one["LogGroupName"] == {"Ref": "FunctionLogs"} and matches(one["FilterPattern"], line):
                    self._count(one["MetricTransformations"][0], line)
            self._embedded(line)

    def _count(self, made: Mapping[str, Any], line: Mapping[str, Any]) -> None:
        raw = made["MetricValue"]
        value = line[raw.removeprefix("$.")] if raw.startswith("$.") else raw
        dimensions = {one["Key"]: str(line[one["Value"].removeprefix("$.")]) for one in made.get("Dimensions", [])}
        self.put(resolved(made["MetricNamespace"]), made["MetricName"], float(value), **dimensions)

    def _embedded(self, line: Mapping[str, Any]) -> None:
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            for names in directive["Dimensions"]:
                for metric in directive["Metrics"]:
                    self.put(directive["Namespace"], metric["Name"], line[metric["Name"]], **{name: str(line[name]) for name in names})

    def rings(self, alarm: str) -> bool:
        """Whether an alarm of the template is in the state ALARM."""
        declared = alarms()[alarm]
        periods = [self._value(declared, back) for back in range(declared["EvaluationPeriods"])]
        compare = _COMPARISONS[declared["ComparisonOperator"]]
        missing = declared["TreatMissingData"] == "breaching"
        return all(missing if value is None else compare(value, declared["Threshold"]) for value in periods)

    def ringing(self, *without_conditions: str) -> set[str]:
        """Every alarm that rings, but for those that are there under one of these conditions only."""
        there = [name for name, one in template.resources(ALARM).items() if one.get("Condition") not in without_conditions]
        return {name for name in there if self.rings(name)}

    def _value(self, declared: Mapping[str, Any], back: int) -> float | None:
        if "Metrics" not in declared:
            statistic = declared.get("Statistic") or declared["ExtendedStatistic"]
            return self._statistic(_name(declared), statistic, declared["Period"], back)
        values: dict[str, float | None] = {}
        for one in declared["Metrics"]:
            if "MetricStat" in one:
                stat = one["MetricStat"]
                values[one["Id"]] = self._statistic(_name(stat["Metric"]), stat["Stat"], stat["Period"], back)
        (expression,) = [one["Expression"] for one in declared["Metrics"] if one.get("ReturnData")]
        return _evaluate(resolved(expression), values)

    def _statistic(self, name: Name, statistic: str, period: int, back: int) -> float | None:
        end = self.clock() - back * period
        values = [value for at, value in self.data.get(name, []) if end - period < at <= end]
        if not values:
            return None
        rank = re.fullmatch(r"PR\(:([\d.]+)\)", statistic)
        if rank:
            return 100 * sum(value <= float(rank[1]) for value in values) / len(values)
        return _STATISTICS[statistic](values)


def _name(metric: Mapping[str, Any]) -> Name:
    dimensions = {str(one["Name"]): str(resolved(one["Value"])) for one in metric.get("Dimensions", [])}
    return resolved(metric["Namespace"]), str(metric["MetricName"]), frozenset(dimensions.items())


def _evaluate(expression: str, values: Mapping[str, float | None]) -> float | None:
    """An expression of metric math over one period. Without data of a metric that FILL does not name, there is none."""

    def filled(found: re.Match[str]) -> str:
        value = values[found[1]]
        return str(float(found[2]) if value is None else value)

    text = re.sub(r"FILL\((\w+), (-?[\d.]+)\)", filled, expression)
    used = {name: values[name] for name in re.findall(r"[a-z]\w*", text) if name in values}
    if any(value is None for value in used.values()):
        return None
    result = float(eval(text, {"__builtins__": {}}, {**_FUNCTIONS, **used}))
    return None if math.isnan(result) else result


def lines_of(text: str) -> list[dict[str, Any]]:
    """The JSON lines of a captured log."""
    return [json.loads(line) for line in text.splitlines()]
