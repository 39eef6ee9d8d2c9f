"""Quotas of CloudFormation and API Gateway: what the stack as a whole has.

Sources: the "quotas" pages of the user guides of AWS CloudFormation and Amazon API Gateway, read 2026-11.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from local.review.readings import ALL, Reading, Stack, greatest

RESOURCES: Final = 500
TEMPLATE_BYTES: Final = 1_000_000
SECTION_ENTRIES: Final = 200
MAPPING_ATTRIBUTES: Final = 200
PARAMETER_DESCRIPTION: Final = 4_000
ALARM_DESCRIPTION: Final = 1_024
API_RESOURCES: Final = 300
API_AUTHORIZERS: Final = 10
ACCESS_LOG_FORMAT_BYTES: Final = 3 * 1024
METRIC_FILTERS_OF_A_LOG_GROUP: Final = 100
DASHBOARD_WIDGETS: Final = 500


def readings(stack: Stack) -> Iterator[Reading]:
    """One reading for each quota of the stack as a whole."""
    whole = stack.translated
    yield Reading("CloudFormation: resources of the stack", len(whole["Resources"]), RESOURCES)
    # As `sam deploy` uploads it, and as CloudFormation holds it after the transform.
    yield Reading("CloudFormation: template as uploaded, bytes", size(stack.source), TEMPLATE_BYTES)
    yield Reading("CloudFormation: template after the transform, bytes", size(whole), TEMPLATE_BYTES)
    for section in ("Parameters", "Outputs", "Mappings"):
        yield Reading(f"CloudFormation: {section.lower()}", len(whole.get(section, {})), SECTION_ENTRIES)
    mappings = whole.get("Mappings", {})
    yield greatest("CloudFormation: attributes of a mapping", MAPPING_ATTRIBUTES, ((name, len(found)) for name, found in mappings.items()))
    described = ((name, len(found.get("Description", ""))) for name, found in whole.get("Parameters", {}).items())
    yield greatest("CloudFormation: description of a parameter", PARAMETER_DESCRIPTION, described)
    yield from _gateway(stack)
    yield from _watching(stack)


def _gateway(stack: Stack) -> Iterator[Reading]:
    bodies = [(name, api["Body"]) for name, api in stack.of("AWS::ApiGateway::RestApi") if "Body" in api]
    yield greatest("API Gateway: resources of an API", API_RESOURCES, ((name, len(nodes(body["paths"]))) for name, body in bodies))
    schemes = ((name, len(body.get("components", {}).get("securitySchemes", {}))) for name, body in bodies)
    yield greatest("API Gateway: authorizers of an API", API_AUTHORIZERS, schemes, ALL)
    formats = (
        (name, len(stack.samples.text(stage.get("AccessLogSetting", {}).get("Format", ""))))
        for name, stage in stack.of("AWS::ApiGateway::Stage")
    )
    yield greatest("API Gateway: format of the access log, bytes", ACCESS_LOG_FORMAT_BYTES, formats)


def _watching(stack: Stack) -> Iterator[Reading]:
    filters = Counter(stack.samples.text(found["LogGroupName"]) for _name, found in stack.of("AWS::Logs::MetricFilter"))
    yield greatest("CloudWatch Logs: metric filters of a log group", METRIC_FILTERS_OF_A_LOG_GROUP, filters.items())
    alarms = ((name, len(stack.samples.text(alarm.get("AlarmDescription", "")))) for name, alarm in stack.of("AWS::CloudWatch::Alarm"))
    yield greatest("CloudWatch: description of an alarm", ALARM_DESCRIPTION, alarms)
    widgets = (
        (name, stack.samples.text(board["DashboardBody"]).count('"properties"')) for name, board in stack.of("AWS::CloudWatch::Dashboard")
    )
    yield greatest("CloudWatch: widgets of a dashboard", DASHBOARD_WIDGETS, widgets)


def size(template: Mapping[str, Any]) -> int:
    """A template's bytes as JSON, indented as CloudFormation shows it."""
    return len(json.dumps(template, indent=1).encode())


def nodes(paths: Mapping[str, Any]) -> set[str]:
    """The resources that the gateway makes of an API's paths: every part of a path is one, the root too."""
    found = {"/"}
    for path in paths:
        parts = path.strip("/").split("/")
        found |= {"/" + "/".join(parts[: count + 1]) for count in range(len(parts)) if parts[0]}
    return found
