"""`make deploy` against an account: what it asks, what it takes away first, and in which order it has sam deploy."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import build, to_aws
from local.deployment_plan import Refused
from local.paths import ROOT


def refused(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


class Account:
    """CloudFormation and Lambda of an account with one stack, or none."""

    def __init__(self, status: str | None, parameters: dict[str, str] | None = None, quota: int = 10) -> None:
        self.status, self.parameters, self.quota = status, parameters or {}, quota
        self.done: list[str] = []
        self.exceptions = type("Exceptions", (), {"ClientError": ClientError})

    def client(self, service: str, region: str) -> Any:
        assert (service in {"cloudformation", "lambda"}, region) == (True, "ap-south-1")
        return self

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 - AWS's name
        if self.status is None:
            raise refused("ValidationError", f"Stack with id {StackName} does not exist")
        listed = [{"ParameterKey": name, "ParameterValue": value} for name, value in self.parameters.items()]
        return {"Stacks": [{"StackStatus": self.status, "Parameters": listed}]}

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 - AWS's name
        self.done.append(f"delete {StackName}")

    def get_waiter(self, name: str) -> Any:
        return type("Waiter", (), {"wait": lambda _self, StackName: self.done.append(f"{name} {StackName}")})()  # noqa: N803 - AWS's name

    def get_account_settings(self) -> Any:
        return {"AccountLimit": {"ConcurrentExecutions": self.quota, "UnreservedConcurrentExecutions": self.quota}}

    def sam(self, environment: str, _region: str, parameters: dict[str, str]) -> int:
        self.done.append(f"sam {environment} Stage={parameters['Stage']} ProtectTables={parameters.get('ProtectTables')}")
        return 0


def deploy(account: Account, monkeypatch: pytest.MonkeyPatch, stage: str = "prod", **added: str) -> int:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setattr(to_aws, "_client", account.client)
    monkeypatch.setattr(to_aws, "_sam", account.sam)
    monkeypatch.setattr(to_aws, "BUILT_TEMPLATE", ROOT / "template.yaml")
    # What it does has tests of its own (test_examine).
    monkeypatch.setattr(to_aws, "examine_stack", lambda _name, _region: 0)
    return to_aws.deploy(stage, added)


@pytest.mark.parametrize("status", [None, "REVIEW_IN_PROGRESS"])
def test_a_new_stack_gets_its_protection_in_a_second_pass(monkeypatch: pytest.MonkeyPatch, status: str | None) -> None:
    account = Account(status)
    assert deploy(account, monkeypatch) == 0
    assert account.done == ["sam prod Stage=prod ProtectTables=false", "sam prod Stage=prod ProtectTables=true"]


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_FAILED"])
def test_what_a_failed_creation_left_is_deleted_first(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    account = Account(status)
    deploy(account, monkeypatch, "staging")
    assert account.done == [
        "delete paycorex-staging",
        "stack_delete_complete paycorex-staging",
        "sam staging Stage=staging ProtectTables=false",
    ]


@pytest.mark.parametrize("status", ["DELETE_FAILED", "DELETE_IN_PROGRESS"])
def test_a_stack_that_is_being_deleted_is_left_alone(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    account = Account(status, {"Stage": "prod"})
    with pytest.raises(Refused, match=status):
        deploy(account, monkeypatch)
    assert account.done == []


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_COMPLETE"])
def test_a_stack_that_is_there_is_never_deleted(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    account = Account(status, {"Stage": "prod", "ProtectTables": "true"})
    deploy(account, monkeypatch)
    assert account.done == ["sam prod Stage=prod ProtectTables=true"]


def test_a_pass_that_fails_is_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account(None)
    passes: list[str] = []

    def failing(environment: str, *_: Any) -> int:
        passes.append(environment)
        return 1

    monkeypatch.setattr(account, "sam", failing)
    assert deploy(account, monkeypatch) == 1
    assert passes == ["prod"]


def test_nothing_is_done_when_something_speaks_against_it(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account("UPDATE_COMPLETE", {"Stage": "staging"})
    with pytest.raises(Refused):
        deploy(account, monkeypatch)
    fresh = Account(None)
    with pytest.raises(Refused):
        deploy(fresh, monkeypatch, DoorConcurrency="1")
    assert account.done == fresh.done == []


def test_trouble_with_the_account_is_no_missing_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account(None)

    def denied(**_: Any) -> Any:
        raise refused("AccessDenied", "not authorized")

    monkeypatch.setattr(account, "describe_stacks", denied)
    with pytest.raises(ClientError):
        deploy(account, monkeypatch)


def test_a_build_without_the_processors_library_is_deployed_only_when_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "without_processors", lambda: "It could not be had.")
    monkeypatch.delenv("PROCESSORS", raising=False)
    account = Account("UPDATE_COMPLETE", {"Stage": "prod"})
    with pytest.raises(Refused, match=r"It could not be had\. .*PROCESSORS=without"):
        deploy(account, monkeypatch)
    assert account.done == []
    monkeypatch.setenv("PROCESSORS", "without")
    assert deploy(account, monkeypatch) == 0
