"""What operators see: saved queries for every heading of the runbook, a dashboard of what exists, metrics with bounded dimensions."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.deploy import NOT_EMULATED
from local.template_queries import QUERIES, Query
from paycorex.evm.networks import NETWORKS
from tests.support import template

ROOT = template.ROOT
HEADINGS = re.findall(r"^## (.+)$", (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE)
SOURCES = [path for folder in ("functions", "layers/common/paycorex") for path in (ROOT / folder).rglob("*.py")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
# Words of Logs Insights' language, and fields that Powertools and CloudWatch put into every line.
LANGUAGE = "fields filter stats sort by as desc asc and or in like count sum pct bin ispresent coalesce limit"
WORDS = frozenset(LANGUAGE.split())
GIVEN = frozenset({"@timestamp", "message", "level", "service", "request_id"})
# Fields that the dashboard promises to show, by a word of their title.
SHOWN = ("Payments by result", "latency", "Refusals", "Conflicts", "Webhooks", "Chain lag", "Reconciliation", "Cost")


def test_every_heading_of_the_runbook_has_one_saved_query_and_every_query_a_heading() -> None:
    assert sorted(query.heading for query in QUERIES) == sorted(HEADINGS)
    declared = template.properties("AWS::Logs::QueryDefinition")
    assert {one["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}/") for one in declared.values()} == set(HEADINGS)
    assert {query.logical_id: query.text for query in QUERIES} == {name: one["QueryString"] for name, one in declared.items()}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.logical_id)
def test_a_saved_query_asks_for_what_is_logged(query: Query) -> None:
    for message in re.findall(r'message = "([^"]+)"', query.text):
        assert f'"{message}"' in CODE, "no line says so"
    if query.group == "GatewayLogs":
        known = set(json.loads(template.properties("AWS::Serverless::Api")["Api"]["AccessLogSetting"]["Format"]))
        assert fields_of(query.text) <= known | GIVEN
    else:
        for name in fields_of(query.text) - GIVEN:
            assert re.search(rf"""["']{name}["']|\b{name}(:|=| =)""", CODE), f"no line has the field {name}"


def fields_of(text: str) -> set[str]:
    """The fields that a query names, but for those that it makes."""
    bare = re.sub(r'"[^"]*"|/[^/\n]*/', "", text)
    made = set(re.findall(r"\bas (\w+)", bare))
    return {name for name in re.findall(r"@?[a-z]\w*", bare) if name not in WORDS and not re.fullmatch(r"\d+m|m", name)} - made


def dashboard() -> dict[str, Any]:
    """The dashboard as CloudWatch would read it, with names of resources left as they are."""
    body: dict[str, Any] = json.loads(template.properties("AWS::CloudWatch::Dashboard")["Overview"]["DashboardBody"]["Fn::Sub"])
    return body


def test_the_dashboard_shows_what_it_promises_and_only_what_exists() -> None:
    widgets = dashboard()["widgets"]
    titles = [widget["properties"]["title"] for widget in widgets]
    assert all(any(word in title for title in titles) for word in SHOWN)
    resources = template.template()["Resources"]
    for name in re.findall(r"\$\{(\w+)(?:\.\w+)?\}", json.dumps(dashboard())):
        assert "Condition" not in resources[name], f"{name} is not always there"
    own = {one["MetricTransformations"][0]["MetricName"] for one in template.properties("AWS::Logs::MetricFilter").values()}
    named = [row for widget in widgets for row in widget["properties"].get("metrics", []) if isinstance(row[0], str)]
    assert {row[1] for row in named if row[0].startswith("PayCoreX/")} <= own
    assert {row[3] for row in named if row[1] == "ChainLag"} == set(NETWORKS)


def test_a_query_of_the_dashboard_asks_for_what_is_logged() -> None:
    for widget in dashboard()["widgets"]:
        if widget["type"] == "log":
            source, _, text = widget["properties"]["query"].partition(" | ")
            assert source == "SOURCE '${FunctionLogs}'"
            for name in fields_of(text) - GIVEN:
                assert re.search(rf"""["']{name}["']""", CODE), name


def test_nothing_refers_to_what_the_emulator_leaves_out() -> None:
    left_out = {name for name, one in template.template()["Resources"].items() if one["Type"] in NOT_EMULATED}
    assert left_out
    rest = json.dumps(
        {name: one for name, one in template.template().items() if name != "Resources"}
        | {name: one for name, one in template.template()["Resources"].items() if name not in left_out}
    )
    assert not [name for name in left_out if f'"{name}"' in rest]


def test_widgets_do_not_lie_over_each_other() -> None:
    seen: set[tuple[int, int]] = set()
    for widget in dashboard()["widgets"]:
        cells = {
            (x, y) for x in range(widget["x"], widget["x"] + widget["width"]) for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & seen
        assert widget["x"] + widget["width"] <= 24
        seen |= cells


def embedded_metrics() -> Iterator[tuple[Path, ast.Dict]]:
    """Every directive of an embedded metric in the code: a dict with the key `Dimensions`."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict) and any(isinstance(key, ast.Constant) and key.value == "Dimensions" for key in node.keys):
                yield path, node


def test_every_metric_has_bounded_dimensions() -> None:
    """A dimension's values multiply metrics, and each is paid for. `service` is a worker's name, `network` one of three."""
    directives = list(embedded_metrics())
    assert {path.name for path, _node in directives if "operations" not in path.parts} == {"work_log.py"}
    for path, node in directives:
        if "operations" in path.parts:
            continue  # a question to CloudWatch, not a metric
        (dimensions,) = [value for key, value in zip(node.keys, node.values, strict=True) if getattr(key, "value", "") == "Dimensions"]
        assert ast.literal_eval(dimensions) == [["service"]]
    made = set(re.findall(r'WorkLog\("([^"]+)"\)', CODE))
    assert CODE.count("WorkLog(") == len(re.findall(r'WorkLog\("[^"]+"\)', CODE)), "a worker's name is written out"
    functions = template.properties("AWS::Serverless::Function").values()
    services = {function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] for function in functions}
    assert made <= services
    for one in template.properties("AWS::Logs::MetricFilter").values():
        for dimension in one["MetricTransformations"][0].get("Dimensions", []):
            assert dimension == {"Key": "network", "Value": "$.network"}


def test_what_costs_is_a_parameter_and_off_where_an_idle_stack_would_pay_for_it() -> None:
    parameters = template.template()["Parameters"]
    assert (parameters["BurnRateAlarms"]["Default"], parameters["Tracing"]["Default"], parameters["LogRetentionDays"]["Default"]) == (
        "false",
        "PassThrough",
        0,
    )
    burning = [name for name, one in template.resources("AWS::CloudWatch::Alarm").items() if one.get("Condition") == "HasBurnRateAlarms"]
    assert len(burning) == 4
    for group in template.properties("AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"]["Fn::If"][:2] == ["HasLogRetention", {"Ref": "LogRetentionDays"}]
