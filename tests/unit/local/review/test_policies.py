"""Policies against AWS's list of actions: the template's are sound, and each fault is seen."""

from typing import Any

import pytest

from local import cloudformation
from local.review import policies
from local.review.readings import Stack
from tests.support import template

TABLE = {"Fn::GetAtt": ["LedgersTable", "Arn"]}
INDEX = {"Fn::Sub": "${LedgersTable.Arn}/index/by_x"}


def rules(statement: dict[str, Any]) -> set[str]:
    """The rules that a role's statement breaks."""
    resources = {
        "LedgersTable": {"Type": "AWS::DynamoDB::Table"},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"Policies": [{"PolicyDocument": {"Statement": [{"Effect": "Allow", **statement}]}}]},
        },
    }
    return {finding.rule for finding in policies.findings(Stack({}, {"Resources": resources}))}


def test_every_policy_of_the_template_is_sound() -> None:
    stack = Stack(template.template(), cloudformation.translate(template.template()))
    assert len(list(policies.documents(stack))) > 20
    # The three for which AWS knows no resource; exceptions.toml says so.
    assert {(finding.rule, finding.resource) for finding in policies.findings(stack)} == {
        ("any-resource", "ExportFunctionRole"),
        ("any-resource", "LostRecordsFunctionRole"),
        ("any-resource", "ReleaseCheckFunctionRole"),
    }


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ({"Action": "dynamodb:GetItems", "Resource": TABLE}, "unknown-action"),
        ({"Action": "sqs:SendMessageBatch", "Resource": TABLE}, "unknown-action"),
        ({"Action": "sqs:SendMessage", "Resource": TABLE}, "wrong-resource"),
        ({"Action": "dynamodb:PutItem", "Resource": INDEX}, "wrong-resource"),
        ({"Action": "dynamodb:GetItem", "Resource": "*"}, "any-resource"),
        ({"Action": "dynamodb:GetItem", "Resource": TABLE, "Condition": {"StringEquals": {"dynamodb:Purpose": "x"}}}, "unknown-condition"),
        ({"Action": "iam:PutRolePolicy", "Resource": "arn:aws:iam::123456789012:role/x"}, "gives-rights"),
    ],
)
def test_a_fault_is_seen(statement: dict[str, Any], rule: str) -> None:
    assert rule in rules(statement)


def test_what_is_right_is_left_alone() -> None:
    append = {"ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": "TransactWriteItems"}}
    assert rules({"Action": ["dynamodb:PutItem", "dynamodb:GetItem"], "Resource": [TABLE], "Condition": append}) == set()
    assert rules({"Action": "dynamodb:Query", "Resource": [TABLE, INDEX]}) == set()
