"""The review's quotas: the template is within all of them, and each is seen when something is beyond it."""

import copy
import json
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local import cloudformation
from local.review import quotas, stack_quotas, table_quotas
from local.review.readings import Reading, Stack
from local.review.samples import STACK_NAME
from tests.support import template

Template = dict[str, Any]


@cache
def stack() -> Stack:
    return Stack(template.template(), cloudformation.translate(template.template()))


def faulty(change: Callable[[Template], None]) -> Stack:
    """The translated template after a change."""
    translated = copy.deepcopy(dict(stack().translated))
    change(translated)
    return Stack(stack().source, translated)


def too_much(readings: list[Reading]) -> set[str]:
    return {reading.name for reading in readings if reading.too_much}


def test_the_template_is_within_every_quota() -> None:
    readings = quotas.measure(stack(), released=template.template())
    assert too_much(readings) == set()
    # A reading of nothing would never be too much.
    assert {reading.name for reading in readings if not reading.used} <= {
        "CloudWatch: widgets of a dashboard",
        "DynamoDB: indexes of a table that this release changes",
        "DynamoDB: tables that this release would replace",
    }


def test_sizes_are_read_from_what_was_built(tmp_path: Path) -> None:
    functions = {"Handler": "door.handler"}
    source: Template = {
        "Globals": {"Function": {"Layers": [{"Ref": "Common"}]}},
        "Resources": {
            "Door": {"Type": "AWS::Serverless::Function", "Properties": functions},
            "Common": {"Type": "AWS::Serverless::LayerVersion", "Properties": {}},
        },
    }
    built = copy.deepcopy(source)
    built["Resources"]["Door"]["Properties"] = {"CodeUri": "Door"}
    built["Resources"]["Common"]["Properties"] = {"ContentUri": "Common"}
    (tmp_path / "template.yaml").write_text(json.dumps(built))
    for folder, size in (("Door", 60), ("Common", 160)):
        (tmp_path / folder / "deep").mkdir(parents=True)
        with (tmp_path / folder / "deep" / "file").open("wb") as file:
            file.truncate(size * 1024 * 1024)
    readings = quotas.measure(Stack(source, {"Resources": {}}), built=tmp_path)
    found = next(reading for reading in readings if "unzipped" in reading.name)
    assert (found.used, found.where, found.too_much) == (220 * 1024 * 1024, "Door", True)


def many(kind: str, count: int, **properties: Any) -> dict[str, Any]:
    return {f"Added{number}": {"Type": kind, "Properties": properties} for number in range(count)}


def resources(kind: str, count: int, **properties: Any) -> Callable[[Template], None]:
    return lambda whole: whole["Resources"].update(many(kind, count, **properties))


def section(name: str, count: int, value: Any) -> Callable[[Template], None]:
    return lambda whole: whole[name].update({f"Added{number}": value for number in range(count)})


def changed(logical_id: str, **properties: Any) -> Callable[[Template], None]:
    return lambda whole: whole["Resources"][logical_id]["Properties"].update(properties)


def long_policy(characters: int) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "x" * characters}]}


def add_paths(whole: Template) -> None:
    whole["Resources"]["Api"]["Properties"]["Body"]["paths"] |= {f"/v1/added/{number}": {} for number in range(200)}


def add_schemes(whole: Template) -> None:
    whole["Resources"]["Api"]["Properties"]["Body"]["components"]["securitySchemes"] |= {f"scheme{number}": {} for number in range(9)}


def add_reader(whole: Template) -> None:
    arn = {"Fn::GetAtt": ["LedgersTable", "StreamArn"]}
    whole["Resources"] |= many("AWS::Lambda::EventSourceMapping", 1, EventSourceArn=arn, FunctionName={"Ref": "AdminFunction"})


PERMISSION = {"FunctionName": {"Ref": "AdminFunction"}, "Principal": "apigateway.amazonaws.com", "Action": "lambda:InvokeFunction"}
FAULTS: dict[str, Callable[[Template], None]] = {
    "CloudFormation: resources of the stack": resources("AWS::SQS::Queue", 300),
    "CloudFormation: template after the transform, bytes": resources("AWS::SQS::Queue", 1, QueueName="x" * 900_000),
    "CloudFormation: parameters": section("Parameters", 160, {"Type": "String"}),
    "CloudFormation: outputs": section("Outputs", 160, {"Value": ""}),
    "CloudFormation: mappings": section("Mappings", 160, {}),
    "CloudFormation: attributes of a mapping": section("Mappings", 1, {f"key{number}": {} for number in range(161)}),
    "CloudFormation: description of a parameter": section("Parameters", 1, {"Type": "String", "Description": "x" * 3_201}),
    "API Gateway: resources of an API": add_paths,
    "API Gateway: authorizers of an API": add_schemes,
    "API Gateway: format of the access log, bytes": changed("ApiStage", AccessLogSetting={"Format": "x" * 2_500}),
    "CloudWatch Logs: metric filters of a log group": resources("AWS::Logs::MetricFilter", 81, LogGroupName={"Ref": "FunctionLogs"}),
    "CloudWatch: description of an alarm": resources("AWS::CloudWatch::Alarm", 1, AlarmDescription="x" * 900),
    "CloudWatch: widgets of a dashboard": resources("AWS::CloudWatch::Dashboard", 1, DashboardBody='{"properties":{}},' * 401),
    "Lambda: environment of a function, bytes": changed("AdminFunction", Environment={"Variables": {"LONG": "x" * 3_300}}),
    "Lambda: layers of a function": changed("AdminFunction", Layers=[{"Ref": "CommonLayer"}] * 6),
    "Lambda: who may invoke a function, bytes": resources("AWS::Lambda::Permission", 60, **PERMISSION),
    "Lambda: description of a layer": resources("AWS::Lambda::LayerVersion", 1, Description="x" * 250),
    "IAM: policies inside a role, characters": changed("AdminFunctionRole", Policies=[{"PolicyDocument": long_policy(4_200)}] * 2),
    "IAM: a managed policy, characters": changed("SignedDoorPolicy", PolicyDocument=long_policy(5_000)),
    "IAM: trust policy of a role, characters": changed("AdminFunctionRole", AssumeRolePolicyDocument=long_policy(1_700)),
    "IAM: managed policies of a role": changed("AdminFunctionRole", ManagedPolicyArns=["arn"] * 11),
    "IAM: name of a role, characters": changed("AdminFunctionRole", RoleName={"Fn::Sub": "${AWS::StackName}-" + "x" * 48}),
    "KMS: policy of a key, bytes": changed("VaultKey", KeyPolicy=long_policy(27_000)),
    "DynamoDB: functions that read a table's stream": add_reader,
    "DynamoDB: indexes of a table": changed("PaymentsTable", GlobalSecondaryIndexes=[{"IndexName": "one"}] * 17),
}


@pytest.mark.parametrize("quota", FAULTS)
def test_what_goes_beyond_a_quota_is_seen(quota: str) -> None:
    assert quota in too_much(quotas.measure(faulty(FAULTS[quota])))


def test_every_quota_has_a_fault_that_shows_it() -> None:
    others = {
        "CloudFormation: template as uploaded, bytes",
        *(reading.name for reading in table_quotas.readings(stack(), template.template())),
    }
    assert {reading.name for reading in quotas.measure(stack())} - others <= set(FAULTS)


def test_a_template_that_is_too_large_to_upload_is_seen() -> None:
    large = {**template.template(), "Description": "x" * stack_quotas.TEMPLATE_BYTES}
    assert "CloudFormation: template as uploaded, bytes" in too_much(quotas.measure(Stack(large, stack().translated)))


def payments(whole: Template) -> dict[str, Any]:
    found: dict[str, Any] = whole["Resources"]["PaymentsTable"]["Properties"]
    return found


def release_changes() -> Iterator[tuple[str, Callable[[Template], None], set[str]]]:
    indexes = "DynamoDB: indexes of a table that this release changes"
    replaced = "DynamoDB: tables that this release would replace"
    one: dict[str, Any] = {"IndexName": "by_new", "KeySchema": [], "Projection": {"ProjectionType": "ALL"}}
    two = [one, {**one, "IndexName": "by_newer"}]
    yield "one index is added", lambda whole: payments(whole)["GlobalSecondaryIndexes"].append(one), set()
    yield "two are added", lambda whole: payments(whole)["GlobalSecondaryIndexes"].extend(two), {indexes}
    yield "two are removed", lambda whole: payments(whole).pop("GlobalSecondaryIndexes"), {indexes}
    yield "one is added for another", lambda whole: payments(whole)["GlobalSecondaryIndexes"][:1].append(one), set()
    yield "one has another key", lambda whole: payments(whole)["GlobalSecondaryIndexes"][0].update(KeySchema=[]), {indexes}
    yield "a table has another key", lambda whole: payments(whole).update(KeySchema=[]), {replaced}
    yield "a table has another name", lambda whole: payments(whole).update(TableName="payments"), {replaced}
    yield "a table is new", lambda whole: whole["Resources"].update(many("AWS::DynamoDB::Table", 1, GlobalSecondaryIndexes=two)), set()


@pytest.mark.parametrize(("change", "expected"), [pytest.param(change, expected, id=name) for name, change, expected in release_changes()])
def test_a_release_changes_one_index_of_a_table_and_replaces_none(change: Callable[[Template], None], expected: set[str]) -> None:
    released, now = copy.deepcopy(template.template()), copy.deepcopy(template.template())
    change(now)
    assert too_much(list(table_quotas.readings(Stack(now, stack().translated), released))) == expected


def test_names_are_counted_for_the_longest_name_of_a_stack() -> None:
    configured = tomllib.loads((template.ROOT / "samconfig.toml").read_text())
    names = [stage["global"]["parameters"]["stack_name"] for stage in configured.values() if isinstance(stage, dict) and "global" in stage]
    assert len(STACK_NAME) == max(map(len, names))
