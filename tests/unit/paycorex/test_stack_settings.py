"""`paycorex --stack NAME`: settings out of the outputs of the very template, and what is said when there is no such stack."""

from typing import Any

import pytest

from paycorex import aws, cli, settings, stack_settings
from tests.fakes.aws_errors import client_error
from tests.support import template


class CloudFormation:
    """Stacks by name, each with outputs by name."""

    def __init__(self, **stacks: dict[str, str]) -> None:
        self.stacks = stacks

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - botocore's name
        if StackName not in self.stacks:
            raise client_error("cloudformation", "DescribeStacks", "ValidationError", f"Stack with id {StackName} does not exist")
        outputs = [{"OutputKey": name, "OutputValue": value} for name, value in self.stacks[StackName].items()]
        return {"Stacks": [{"StackName": StackName, "Outputs": outputs}]}


OUTPUTS = {name: f"value-of-{name}" for name in stack_settings.OUTPUTS} | {"Stage": "staging"}


@pytest.fixture(autouse=True)
def _stacks() -> Any:
    aws.use("cloudformation", CloudFormation(good=OUTPUTS, old={"ApiUrl": "https://x"}))
    yield
    aws.use("cloudformation", None)
    settings.use(None)


def test_every_output_that_is_read_is_one_of_the_template() -> None:
    assert set(stack_settings.OUTPUTS) <= set(template.template()["Outputs"])


def test_a_stack_gives_the_settings() -> None:
    found = stack_settings.of("good")
    assert (found.stage, found.table_prefix, found.parameter_prefix) == ("staging", "value-of-TablePrefix", "value-of-ParameterPrefix")
    assert found.proof_key_id == "value-of-ProofKeyArn"


@pytest.mark.parametrize(("name", "said"), [("gone", "does not exist"), ("old", "has no output")])
def test_a_stack_that_cannot_be_used_is_named(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--stack", name, "admin", "merchants"]) == 2
    assert said in capsys.readouterr().err
