"""The template's roles, tables and keys alone, as `sam deploy` would make them, for an emulator that enforces IAM.

Three things differ from the template, because the emulator cannot do them. Conditions on a KMS encryption context are left out: it knows no
such keys, so every one of them would refuse. `aws:PrincipalArn` is the session's ARN there and not the role's, so a key policy's pattern of
role ARNs is written as the sessions of exactly those roles. And roles may be assumed by the account, so that a test can act as one.
"""

import copy
import json
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from typing import Any, Final

from local import cloudformation
from local.emulator import ACCOUNT, REGION, Emulator
from tests.support import template

STACK: Final = "roles"
_KEPT: Final = frozenset(
    {"AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::KMS::Key", "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Logs::LogGroup"}
)
_CONTEXT_KEY: Final = "kms:EncryptionContext:purpose"


def translated() -> dict[str, Any]:
    """What CloudFormation is given: the SAM template translated, and of that what decides about access."""
    source = copy.deepcopy(template.template())
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"].pop("Events", None)
    whole = cloudformation.translate(source)
    resources = {name: found for name, found in whole["Resources"].items() if found["Type"] in _KEPT}
    while lacking := {name for name, found in resources.items() if set(_references(found)) & set(whole["Resources"]) - set(resources)}:
        resources = {name: found for name, found in resources.items() if name not in lacking}
    for resource in resources.values():
        for statement in _statements(resource):
            _forget_context(statement)
            _name_sessions(statement, resources)
        if resource["Type"] == "AWS::IAM::Role":
            trust = resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            trust.append({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})
    shown = (name for name, found in resources.items() if found["Type"] in {"AWS::IAM::Role", "AWS::KMS::Key"})
    outputs = {name: {"Value": {"Fn::GetAtt": [name, "Arn"]}, **_condition_of(resources[name])} for name in shown}
    return {"Parameters": whole["Parameters"], "Conditions": whole["Conditions"], "Resources": resources, "Outputs": outputs}


def _condition_of(resource: dict[str, Any]) -> dict[str, str]:
    """What is not made has no ARN to show."""
    return {"Condition": resource["Condition"]} if "Condition" in resource else {}


def deploy(emulator: Emulator) -> dict[str, str]:
    """Create the stack; the ARNs of its roles and keys by logical id."""
    # Too long to be sent with the request itself.
    storage = emulator.client("s3")
    storage.create_bucket(Bucket=STACK, CreateBucketConfiguration={"LocationConstraint": REGION})
    storage.put_object(Bucket=STACK, Key="template.json", Body=json.dumps(translated()))
    client = emulator.client("cloudformation")
    client.create_stack(
        StackName=STACK,
        TemplateURL=f"{emulator.url}/{STACK}/template.json",
        # The last one has the function of the exports made, whose role is one of all.
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in (("Stage", "local"), ("ExportBucket", "exports"))],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    client.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    described = client.describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


@cache
def _session() -> Any:
    """It keeps the services' models, which take longer to read than all that a client is asked here."""
    import botocore.session

    return botocore.session.Session()


def clients_of(emulator: Emulator, role_arn: str) -> dict[str, Any]:
    """DynamoDB and KMS clients that act as a role, of the kind that functions use."""
    from botocore.config import Config

    found = emulator.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
    make = _session().create_client
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return {
        service: make(
            service,
            region_name=REGION,
            endpoint_url=emulator.url,
            config=config,
            aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"],
            aws_session_token=found["SessionToken"],
        )
        for service in ("dynamodb", "kms")
    }


def intruder(emulator: Emulator) -> dict[str, Any]:
    """Clients of a role outside the stack whose own policy allows every key and table."""
    iam = emulator.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["kms:*", "dynamodb:*"], "Resource": "*"}]}
    role = iam.create_role(RoleName=f"{STACK}-intruder", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="everything", PolicyDocument=json.dumps(everything))
    return clients_of(emulator, role["Arn"])


def _statements(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    properties = resource["Properties"]
    documents = [properties.get("PolicyDocument"), properties.get("KeyPolicy")]
    documents += [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    for document in documents:
        yield from (document or {}).get("Statement", [])


def _forget_context(statement: dict[str, Any]) -> None:
    equals = statement.get("Condition", {}).get("StringEquals", {})
    equals.pop(_CONTEXT_KEY, None)
    if statement.get("Condition") and not equals:
        statement["Condition"].pop("StringEquals", None)
    if not statement.get("Condition", True):
        del statement["Condition"]


def _name_sessions(statement: dict[str, Any], resources: dict[str, dict[str, Any]]) -> None:
    like = statement.get("Condition", {}).get("ArnLike", {})
    patterns = like.get("aws:PrincipalArn", [])
    paths = [
        pattern["Fn::Sub"].partition(":role")[2]
        for pattern in (patterns if isinstance(patterns, list) else [patterns])
        if "Fn::Sub" in pattern
    ]
    if paths:
        like["aws:PrincipalArn"] = [
            {"Fn::Sub": f"arn:aws:sts::{ACCOUNT}:assumed-role/${{AWS::StackName}}-{name}-*"}
            for name, found in resources.items()
            if found["Type"] == "AWS::IAM::Role" and any(fnmatch(found["Properties"]["Path"]["Fn::Sub"], path) for path in paths)
        ]


def _references(value: Any) -> Iterator[str]:
    """The logical ids that a resource names."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "Ref":
                yield item
            elif name == "Fn::GetAtt":
                yield item[0] if isinstance(item, list) else item.partition(".")[0]
            elif name == "DependsOn":
                yield from [item] if isinstance(item, str) else item
            else:
                yield from _references(item)
