"""The fence around a stack: its own roles in one region, and no other stack's. (What it forbids is shown on the emulator, end to end.)"""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from operations.recovery import fence
from operations.recovery.fence import CannotFence
from paycorex import aws, cli

OWN = ["shop-prod-AuthorizerFunctionRole-A1b2", "shop-prod-PaymentsFunctionRole-C3d4"]
PATHS = {OWN[0]: "/shop-prod/", OWN[1]: "/shop-prod/vault/reveal/"}
OTHERS = {
    "shop-prod-eu-PaymentsFunctionRole-E5": "/shop-prod-eu/",
    "shop-staging-PaymentsFunctionRole-A7": "/shop-staging/",
    "someone": "/",
}


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("iam", "us-east-1")
        for name, path in (PATHS | OTHERS).items():
            client.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument="{}")
        aws.use("iam", client)
        yield client
        aws.use("iam", None)


def fenced(iam: Any) -> list[str]:
    return [name for name in PATHS | OTHERS if fence.POLICY_NAME in iam.list_role_policies(RoleName=name)["PolicyNames"]]


def test_only_the_stacks_own_roles_are_fenced(iam: Any) -> None:
    assert fence.close("shop-prod", "ap-south-1") == OWN
    assert fenced(iam) == OWN
    document = iam.get_role_policy(RoleName=OWN[0], PolicyName=fence.POLICY_NAME)["PolicyDocument"]
    (statement,) = (json.loads(document) if isinstance(document, str) else document)["Statement"]
    assert (statement["Effect"], statement["NotAction"], statement["Resource"]) == ("Deny", "logs:*", "arn:*:*:ap-south-1:*:*")


def test_a_fence_is_lifted_once(iam: Any) -> None:
    fence.close("shop-prod", "ap-south-1")
    assert (fence.lift("shop-prod"), fenced(iam)) == (OWN, [])
    assert fence.lift("shop-prod") == []


@pytest.mark.parametrize(("stack", "region", "words"), [("nothing", "ap-south-1", "no roles"), ("shop-prod", "everywhere", "not a region")])
def test_what_cannot_be_fenced_is_refused(iam: Any, stack: str, region: str, words: str) -> None:
    with pytest.raises(CannotFence, match=words):
        fence.close(stack, region)
    assert fenced(iam) == []


def test_the_command_names_the_roles(iam: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fence", "--stack", "shop-prod", "--region", "ap-south-1"]) == 0
    assert f"2 roles of shop-prod fenced in ap-south-1: {OWN[0]}" in capsys.readouterr().out
    assert cli.main(["fence", "--stack", "shop-prod", "--lift"]) == 0
    assert "2 roles of shop-prod free again" in capsys.readouterr().out
    assert (cli.main(["fence", "--stack", "shop-prod"]), cli.main(["fence", "--stack", "x", "--lift"])) == (2, 1)
    assert fenced(iam) == []
