"""The template as CloudFormation gets it, after SAM's translation: names, what survives, permissions, versions."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import template

# Properties by which AWS knows a resource within an account and region, or within the API's or the stack's own list.
_NAMES = re.compile(r"\w*Name|Alias\w*")
# Names of something else: of an attribute, of a metric within the stack's own namespace, of a thing that is named elsewhere.
_OF_OTHERS = frozenset(
    {
        "AttributeName",
        "IndexName",
        "MetricName",
        "FunctionName",
        "EventSourceName",
        "LogGroupName",
        "GroupName",
        "PolicyName",
        "StageName",
        "ApplicationName",
        "DeploymentConfigName",
        "DeploymentGroupName",
    }
)
# A domain is the operator's: no two stacks can have the same one anyhow.
_NAMED_BY_THE_OPERATOR = frozenset({"AWS::ApiGateway::DomainName", "AWS::ApiGateway::BasePathMapping", "AWS::Route53::RecordSet"})
_HELD_BY_NAME = (
    "AWS::ApiGateway::RestApi",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::Lambda::LayerVersion",
    "AWS::Logs::LogGroup",
    "AWS::Logs::QueryDefinition",
    "AWS::Scheduler::ScheduleGroup",
)


def resources() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = template.translated()["Resources"]
    return found


def physical_names() -> Iterator[tuple[str, str, Any]]:
    """Resource, property and value of every property that names a resource."""
    for logical_id, resource in resources().items():
        for name, value in resource.get("Properties", {}).items() if resource["Type"] not in _NAMED_BY_THE_OPERATOR else ():
            if _NAMES.fullmatch(name):
                own = name == "LogGroupName" and resource["Type"] == "AWS::Logs::LogGroup"
                if own or (name not in _OF_OTHERS and resource["Type"] != "AWS::Lambda::Alias"):
                    yield logical_id, name, value


def test_every_name_has_the_stacks_name_in_it() -> None:
    """Two stacks in one account and region: whatever is named is named after its stack, the rest is named by CloudFormation."""
    named = list(physical_names())
    assert {resources()[logical_id]["Type"] for logical_id, _name, _value in named} == set(_HELD_BY_NAME)
    for logical_id, name, value in named:
        assert "AWS::StackName" in json.dumps(value), f"{logical_id}.{name}"


def test_schedules_are_named_by_cloudformation_in_a_group_of_the_stack() -> None:
    schedules = template.translated_resources("AWS::Scheduler::Schedule")
    assert len(schedules) == 11
    for logical_id, schedule in schedules.items():
        assert "Name" not in schedule["Properties"], logical_id
        assert schedule["Properties"]["GroupName"] == {"Ref": "Schedules"}, logical_id


def test_nothing_is_exported_under_a_name() -> None:
    assert not [name for name, output in template.translated()["Outputs"].items() if "Export" in output]


def test_what_outlives_its_stack_does_not_outlive_a_creation_that_failed() -> None:
    """`Retain` would leave tables behind whose names the next try finds taken."""
    policies = {name: one["DeletionPolicy"] for name, one in resources().items() if "DeletionPolicy" in one}
    # A published version goes with its function; without this policy every release would take the one before away.
    versions = set(template.translated_resources("AWS::Lambda::Version"))
    assert {name for name, policy in policies.items() if policy == "Retain"} == versions
    kept = {name for name, policy in policies.items() if policy == "RetainExceptOnCreate"}
    for kind in ("AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::Logs::LogGroup"):
        assert set(template.translated_resources(kind)) <= kept, kind
    assert {"LostRecordsQueue", "WebhookDeadLetterQueue"} <= kept
    for name in kept:
        assert resources()[name]["UpdateReplacePolicy"] == "Retain", name


def test_no_integration_has_credentials() -> None:
    """With the caller's, an operator would need the right to invoke the function, and could write any caller into the event."""
    paths = resources()["Api"]["Properties"]["Body"]["paths"]
    integrations = [declared["x-amazon-apigateway-integration"] for methods in paths.values() for declared in methods.values()]
    assert len(integrations) == len(template.routes()) > 60
    assert not [one for one in integrations if "credentials" in one]


def test_operators_routes_ask_for_their_signature() -> None:
    body = resources()["Api"]["Properties"]["Body"]
    security = {path: declared["security"] for path, methods in body["paths"].items() for declared in methods.values()}
    admin = {path: asked for path, asked in security.items() if f"{path}/".startswith("/admin/")}
    assert admin == {"/admin/{proxy+}": [{"AWS_IAM": []}]}
    scheme = body["components"]["securitySchemes"]["AWS_IAM"]
    assert scheme["x-amazon-apigateway-authtype"] == "awsSigv4"


def test_the_gateway_needs_one_permission_for_each_function() -> None:
    every = template.translated_resources("AWS::Lambda::Permission")
    assert {name for name, one in every.items() if one["Properties"]["Principal"] == "logs.amazonaws.com"} == {"RequestLogPermission"}
    permissions = {name: one for name, one in every.items() if name != "RequestLogPermission"}
    called = [json.dumps(one["Properties"]["FunctionName"]) for one in permissions.values()]
    doors = {route.function for route in template.routes()} | {"AuthorizerFunction"}
    assert sorted(called) == sorted(json.dumps({"Ref": f"{door}Aliaslive"}) for door in doors)
    for name, one in permissions.items():
        assert one["Properties"]["Principal"] == "apigateway.amazonaws.com", name
        assert "Api" in json.dumps(one["Properties"]["SourceArn"]), name


def test_the_gateway_calls_published_versions_only() -> None:
    body = json.dumps(resources()["Api"]["Properties"]["Body"])
    functions = template.translated_resources("AWS::Lambda::Function")
    named = set(re.findall(r"\$\{(\w+)\}/invocations", body)) - {"__FunctionArn__"}
    assert named == {f"{route.function}Aliaslive" for route in template.routes()}
    assert '"__FunctionArn__": {"Ref": "AuthorizerFunctionAliaslive"}' in body
    assert not named & set(functions)


# Properties that Lambda does not put into a version: who may call it, how often at a time, and which role it is.
_OUTSIDE_A_VERSION = frozenset({"ReservedConcurrentExecutions", "Tags", "Code"})


def parameters_of(value: Any) -> set[str]:
    """The parameters that a property's value depends on, also by conditions."""
    source = template.template()
    text = json.dumps(value)
    named = set(re.findall(r'"Ref": "(\w+)"', text)) | set(re.findall(r"\$\{(\w+)\}", text))
    conditions = set(re.findall(r'"Fn::If": \["(\w+)"', text))
    found = named & set(source["Parameters"])
    return found.union(*(parameters_of(source["Conditions"][name]) for name in conditions)) if conditions else found


@pytest.mark.parametrize("version", sorted(template.translated_resources("AWS::Lambda::Version")))
def test_a_changed_parameter_publishes_a_version(version: str) -> None:
    """Another description makes another version. Lambda does not publish what has not changed, so the function has it as well."""
    published = resources()[version]["Properties"]
    function = resources()[published["FunctionName"]["Ref"]]["Properties"]
    described = parameters_of(published["Description"])
    assert published["Description"] == function["Description"]
    settings = {name: value for name, value in function.items() if name not in _OUTSIDE_A_VERSION and name != "Description"}
    # Which keys a stack has is decided when it is made.
    assert described == {name for name in parameters_of(settings) if not name.startswith("Existing")}


def test_a_versions_description_fits_whatever_its_parameters_are() -> None:
    """Lambda takes 256 characters."""
    source = template.template()["Parameters"]
    longest = {name: max(map(str, [found.get("Default", ""), *found.get("AllowedValues", [])]), key=len) for name, found in source.items()}
    for name, version in template.translated_resources("AWS::Lambda::Version").items():
        text = version["Properties"]["Description"]["Fn::Sub"]
        for parameter in parameters_of(version["Properties"]["Description"]):
            size = source[parameter].get("MaxLength", len(longest[parameter]))
            text = text.replace(f"${{{parameter}}}", "x" * max(size, 6 if source[parameter]["Type"] == "Number" else 0))
        assert len(text) <= 256, name


def test_every_role_is_of_the_stack_and_keeps_to_the_accounts_boundary() -> None:
    for name, role in template.translated_resources("AWS::IAM::Role").items():
        assert "PermissionsBoundaryArn" in json.dumps(role["Properties"].get("PermissionsBoundary")), name


def test_keys_tell_a_stack_from_one_whose_name_begins_alike() -> None:
    """A pattern of role ARNs has the stack's name between two slashes, and the roles that it means have that path."""
    patterns = re.findall(r'"(arn:[^"]*:role/[^"]*)"', json.dumps(template.translated_resources("AWS::KMS::Key")))
    assert len(patterns) == 6
    for pattern in patterns:
        assert "/${AWS::StackName}/" in pattern
    functions = template.translated_resources("AWS::Lambda::Function").values()
    for function in functions:
        path = resources()[function["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]["Path"]
        assert path["Fn::Sub"].startswith("/${AWS::StackName}/")


def test_no_more_than_two_functions_read_a_stream() -> None:
    """More than two readers of a shard throttle each other; to replace one, take one away first."""
    readers: dict[str, int] = {}
    for mapping in template.translated_resources("AWS::Lambda::EventSourceMapping").values():
        source = json.dumps(mapping["Properties"]["EventSourceArn"])
        readers[source] = readers.get(source, 0) + 1
    assert max(readers.values()) <= 2


def test_functions_that_send_to_their_own_queue_are_declared_and_no_others() -> None:
    """Lambda ends a chain of invocations after 16 unless the function says that it is meant; one that is not meant shall be ended."""
    loops = set()
    for name, function in template.properties("AWS::Serverless::Function").items():
        read = {event["Properties"]["Queue"]["Fn::GetAtt"][0] for event in function.get("Events", {}).values() if event["Type"] == "SQS"}
        own = [statement for policy in function.get("Policies", []) for statement in policy.get("Statement", [])]
        sends = json.dumps([one["Resource"] for one in own if "sqs:SendMessage" in one["Action"]])
        if any(f'"{queue}"' in sends for queue in read):
            loops.add(name)
    functions = template.translated_resources("AWS::Lambda::Function")
    assert loops == {"WebhookSenderFunction"}
    assert {name for name, one in functions.items() if one["Properties"].get("RecursiveLoop") == "Allow"} == loops


def test_webhooks_leave_concurrency_to_payments() -> None:
    """An account begins with ten: what takes from queues may run less than that in all, whatever waits in them."""
    parameters = template.template()["Parameters"]
    most = 0
    for name, mapping in template.translated_resources("AWS::Lambda::EventSourceMapping").items():
        if "Queue" in json.dumps(mapping["Properties"]["EventSourceArn"]):
            concurrency = mapping["Properties"]["ScalingConfig"]["MaximumConcurrency"]
            most += concurrency if isinstance(concurrency, int) else parameters[concurrency["Ref"]]["Default"]
            assert concurrency, name
    assert most <= 8


def test_a_new_account_has_nothing_reserved() -> None:
    """Lambda keeps ten concurrent executions of an account free of reservations, and a new account has ten."""
    parameters = template.template()["Parameters"]
    for name, function in template.translated_resources("AWS::Lambda::Function").items():
        reserved = function["Properties"].get("ReservedConcurrentExecutions")
        if reserved is not None:
            assert reserved["Fn::If"][2] == {"Ref": "AWS::NoValue"}, name
            assert parameters[reserved["Fn::If"][1]["Ref"]]["Default"] == 0, name


def test_no_stage_is_taken_for_another() -> None:
    assert "Default" not in template.template()["Parameters"]["Stage"]


def needed(logical_id: str) -> set[str]:
    """Everything that CloudFormation makes before a resource, by whatever names it."""
    found: set[str] = set()
    waiting = [logical_id]
    while waiting:
        resource = resources()[waiting.pop()]
        depends = resource.get("DependsOn", [])
        text = json.dumps({name: value for name, value in resource.items() if name != "DependsOn"})
        named = (
            set(re.findall(r'"Ref": "(\w+)"', text))
            | set(re.findall(r'"Fn::GetAtt": \["(\w+)"', text))
            | set(re.findall(r"\$\{(\w+)", text))
        )
        new = ((named | {depends} if isinstance(depends, str) else named | set(depends)) & set(resources())) - found
        found |= new
        waiting += new
    return found


def test_the_gateway_may_write_logs_before_a_stage_wants_to() -> None:
    """A stage with an access log is refused as long as the account and region have no role for it."""
    assert {"ApiAccount", "ApiLogRole", "GatewayLogs"} <= needed("ApiStage")


def test_a_functions_log_and_everything_that_its_role_may_use_are_there_before_it() -> None:
    for name, function in template.translated_resources("AWS::Lambda::Function").items():
        assert {"FunctionLogs", function["Properties"]["Role"]["Fn::GetAtt"][0]} <= needed(name), name
    for name in template.translated_resources("AWS::Lambda::EventSourceMapping"):
        assert "LostRecordsQueue" in needed(name) or "Queue" in json.dumps(resources()[name]["Properties"]["EventSourceArn"]), name


def test_a_schedule_is_made_in_a_group_that_is_there() -> None:
    for name in template.translated_resources("AWS::Scheduler::Schedule"):
        assert {"Schedules", "LostRecordsQueue"} <= needed(name), name
