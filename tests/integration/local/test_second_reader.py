"""A second reader of the template: moto's CloudFormation, which shares nothing with the emulator that the rest of the tests deploy to.

It makes what it can of the translated template. What it cannot make is listed here, so that a difference which comes or goes is seen; what
it makes is read back through the services' own APIs and compared with the template.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws
from moto.cloudformation import parsing

from tests.support import template

REGION: Final = "ap-south-1"
STACK = "paycorex-second"
# Types that moto's CloudFormation does not know. The emulator of the other tests makes all but those of the edge.
UNKNOWN = {
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Logs::QueryDefinition",
    "AWS::Logs::MetricFilter",
    "AWS::S3::BucketPolicy",
    "AWS::Scheduler::Schedule",
    "AWS::Scheduler::ScheduleGroup",
}
# Types that it knows and cannot make here, and why.
FAILING = {
    "AWS::Lambda::Permission": "it is for a function's alias, which moto does not make",
    "AWS::Logs::SubscriptionFilter": "it depends on a permission, which is not made",
    "AWS::ApiGateway::Deployment": "moto reads no methods from an API's OpenAPI body",
}


@dataclass(frozen=True, slots=True)
class Deployed:
    """The stack in moto. resources: physical ids by logical id; failed: logical ids with their types."""

    resources: dict[str, str]
    failed: dict[str, str]
    outputs: dict[str, str]


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    """The translated template, made by moto; what raises is noted and left out."""
    failed: dict[str, str] = {}
    make = parsing.parse_and_create_resource

    def attempt(logical_id: str, declared: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        try:
            return make(logical_id, declared, *arguments, **named)
        except Exception:  # noqa: BLE001 - whatever it is: the type is expected to fail, or a test says that it is not
            failed[logical_id] = declared["Type"]
            return None

    with pytest.MonkeyPatch.context() as patch, mock_aws(config={"lambda": {"use_docker": False}}):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "second-reader")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setattr(parsing, "parse_and_create_resource", attempt)
        yield deploy(failed)


def deploy(failed: dict[str, str]) -> Deployed:
    storage, formation = boto3.client("s3"), boto3.client("cloudformation")
    storage.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
    for key, content in (("CodeUri", archive()), ("ContentUri", archive()), ("template.json", json.dumps(template.translated()).encode())):
        storage.put_object(Bucket="code", Key=key, Body=content)
    formation.create_stack(
        StackName=STACK,
        TemplateURL="https://code.s3.amazonaws.com/template.json",
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": "staging"}],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = formation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=STACK)
    made = {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for page in pages
        for one in page["StackResourceSummaries"]
        if "LogicalResourceId" in one
    }
    return Deployed(made, failed, {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]})


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as code:
        code.writestr("door.py", "handler = None")
    return written.getvalue()


def wanted() -> dict[str, str]:
    """Logical ids and types of what a stack with default parameters has."""
    return {name: one["Type"] for name, one in template.translated()["Resources"].items() if "Condition" not in one}


def test_the_list_of_what_the_second_reader_cannot_make_is_true(deployed: Deployed) -> None:
    known = set(parsing.get_model_map())
    assert {kind for kind in wanted().values() if kind not in known} == UNKNOWN
    assert set(deployed.failed.values()) - UNKNOWN == set(FAILING)


def test_the_second_reader_makes_everything_else(deployed: Deployed) -> None:
    expected = {name for name, kind in wanted().items() if kind not in UNKNOWN and kind not in FAILING}
    assert len(expected) > 100
    assert expected - set(deployed.resources) == set()


def test_every_output_has_a_value(deployed: Deployed) -> None:
    expected = {name for name, one in template.template()["Outputs"].items() if "Condition" not in one}
    assert set(deployed.outputs) == expected
    assert [name for name, value in deployed.outputs.items() if not value or "None" in str(value) or "${" in str(value)] == []


def test_tables_are_what_the_template_says(deployed: Deployed) -> None:
    client = boto3.client("dynamodb")
    for noun, declared in template.tables().items():
        table = client.describe_table(TableName=f"{deployed.outputs['TablePrefix']}{noun}")["Table"]
        assert table["KeySchema"] == declared["KeySchema"], noun
        indexes = {one["IndexName"]: (one["KeySchema"], one["Projection"]) for one in table.get("GlobalSecondaryIndexes", [])}
        assert indexes == {one["IndexName"]: (one["KeySchema"], one["Projection"]) for one in declared.get("GlobalSecondaryIndexes", [])}, (
            noun
        )
        assert ("LatestStreamArn" in table) == ("StreamSpecification" in declared), noun


def test_streams_and_queues_lead_to_functions_that_are_there(deployed: Deployed) -> None:
    client, tables = boto3.client("lambda"), boto3.client("dynamodb")
    streams = {tables.describe_table(TableName=name)["Table"].get("LatestStreamArn") for name in tables.list_tables()["TableNames"]}
    queues = {
        boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        for name, url in deployed.outputs.items()
        if name.endswith("QueueUrl")
    }
    mappings = client.list_event_source_mappings()["EventSourceMappings"]
    assert len(mappings) == list(wanted().values()).count("AWS::Lambda::EventSourceMapping")
    assert {one["EventSourceArn"] for one in mappings} <= streams | queues
    functions = {one["FunctionArn"] for page in client.get_paginator("list_functions").paginate() for one in page["Functions"]}
    assert {one["FunctionArn"] for one in mappings} <= functions


def test_functions_get_the_names_of_what_was_made(deployed: Deployed) -> None:
    """Every variable is a text without an intrinsic in it, and names of keys and queues are those of this stack."""
    client = boto3.client("lambda")
    functions = template.properties("AWS::Serverless::Function")
    assert sum(name in deployed.resources for name in functions) > 20
    for logical_id, declared in functions.items():
        if logical_id not in deployed.resources:
            # Only a stack that asks for it has it.
            assert "Condition" in template.template()["Resources"][logical_id]
            continue
        made = client.get_function_configuration(FunctionName=deployed.resources[logical_id])
        variables = made["Environment"]["Variables"]
        assert [name for name, value in variables.items() if "${" in str(value) or "Fn::" in str(value)] == [], logical_id
        assert variables["TABLE_PREFIX"] == deployed.outputs["TablePrefix"]
        assert variables["SEALING_KEY_ID"] == deployed.outputs["SealingKeyArn"]
        assert made["Handler"] == declared["Handler"], logical_id


def test_roles_are_where_the_key_policies_look_for_them(deployed: Deployed) -> None:
    """moto attaches no managed policies to roles that CloudFormation makes, so their paths are compared."""
    client = boto3.client("iam")
    for name, declared in template.translated_resources("AWS::IAM::Role").items():
        if name in deployed.resources:
            role = client.get_role(RoleName=deployed.resources[name])["Role"]
            path = declared["Properties"].get("Path", "/")
            expected = path["Fn::Sub"].replace("${AWS::StackName}", STACK) if isinstance(path, dict) else path
            assert role["Path"] == expected, name
