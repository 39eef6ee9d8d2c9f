"""The sources of template.yaml by room, and what they say: alarms, the runbook's headings and variables."""

import re
from typing import Any

import pytest

from local import template as generator
from tests.support import template
from tests.support.settings_read import settings_read_by

FUNCTION = "AWS::Serverless::Function"
RUNBOOK = (template.ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
# Read by libraries and by Lambda, not by our settings.
OF_LIBRARIES = ("PYDANTIC_", "POWERTOOLS_", "AWS_ENDPOINT_URL")


def alarms() -> dict[str, str]:
    """What every alarm says, by its logical id."""
    return {name: alarm["AlarmDescription"] for name, alarm in template.properties("AWS::CloudWatch::Alarm").items()}


def own_variables(function: dict[str, Any]) -> set[str]:
    named: dict[str, Any] = function["Environment"]["Variables"]
    return {name.lower() for name in named if not name.startswith(OF_LIBRARIES)}


def test_every_room_has_a_source_and_every_source_is_used() -> None:
    rooms = {path.parent.name for path in (template.ROOT / "functions").glob("*/*door.py")}
    assert rooms == set(generator.ROOMS)
    used = {"head", "outputs", "patterns", *generator.SHARED, *generator.ROOMS}
    assert {path.name.removesuffix(".yaml.j2") for path in generator.SOURCES.iterdir()} == used


def test_a_function_stands_in_the_source_of_its_room() -> None:
    for room in generator.ROOMS:
        source = (generator.SOURCES / f"{room}.yaml.j2").read_text(encoding="utf-8")
        assert set(re.findall(r"Handler: (\w+)\.", source)) == {room}


@pytest.mark.parametrize("alarm", sorted(alarms()))
def test_an_alarm_names_what_to_do_and_a_heading_of_the_runbook(alarm: str) -> None:
    text = alarms()[alarm]
    said, _, heading = text.removesuffix(".").partition(" Runbook: ")
    assert len(re.findall(r"[.;] ", said + " ")) >= 2, "what is wrong, and what to do"
    assert f"\n## {heading}\n" in RUNBOOK, f"docs/runbook.md has no heading {heading!r}"


def test_no_two_alarms_say_the_same() -> None:
    assert len(set(alarms().values())) == len(alarms())


@pytest.mark.parametrize("name", sorted(template.properties(FUNCTION)))
def test_a_function_reads_every_variable_of_its_own(name: str) -> None:
    function = template.properties(FUNCTION)[name]
    assert own_variables(function) - settings_read_by(function["Handler"]) == set()


def test_every_variable_that_all_functions_get_is_read() -> None:
    read = frozenset().union(*(settings_read_by(function["Handler"]) for function in template.properties(FUNCTION).values()))
    assert own_variables(template.template()["Globals"]["Function"]) <= read


def test_a_variable_that_nothing_reads_is_found() -> None:
    assert "webhook_queue_url" not in settings_read_by("operations.checkpoint_door.handler")
    assert {"table_prefix", "proof_key_id"} <= settings_read_by("operations.checkpoint_door.handler")
    assert "watch_bsc" in settings_read_by("crypto_monitor.scanner_door.handler")


def messages_of_filters() -> list[str]:
    """Every log message that a metric of the template counts."""
    filters = template.properties("AWS::Logs::MetricFilter").values()
    return [message for one in filters for message in re.findall(r'\$\.message = "([^"]+)"', one["FilterPattern"])]


@pytest.mark.parametrize("message", messages_of_filters())
def test_a_log_message_that_a_metric_counts_is_one_of_the_code(message: str) -> None:
    files = [path for folder in ("functions", "layers/common/paycorex") for path in (template.ROOT / folder).rglob("*.py")]
    assert any(f'"{message}"' in path.read_text(encoding="utf-8") for path in files), "the alarm on it would never ring"


@pytest.mark.parametrize("parameter", sorted(template.template()["Parameters"]))
def test_every_parameter_is_used(parameter: str) -> None:
    """cfn-lint looks for unused conditions and mappings, but not for parameters beside the Serverless transform."""
    rest = {name: part for name, part in template.template().items() if name != "Parameters"}
    assert re.search(rf"""'Ref': '{parameter}'|\$\{{{parameter}\}}""", str(rest))
