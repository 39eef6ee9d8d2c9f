"""Stacks beside each other, and a first deployment that fails: what a stranger's account meets before it meets a payment."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import cloudformation, deploy
from local.paths import BUILT_TEMPLATE
from tests.e2e.conftest import PARAMETERS
from tests.e2e.deployed import Deployed


def test_a_second_stack_stands_beside_the_first_in_one_account_and_region(deployed: Deployed) -> None:
    second = deploy.deploy(deployed.emulator, "beside", PARAMETERS)
    schedules = deployed.emulator.client("scheduler").list_schedules()["Schedules"]
    groups = {one["GroupName"] for one in schedules}
    assert groups == {deployed.stack.name, "beside"}
    assert len({one["Name"] for one in schedules}) == len(schedules) == 20
    beside = Deployed(deployed.emulator, second, None)
    who = beside.register(name="Beside")
    assert beside.wallet(who, "asha", "10.00")
    assert deployed.call(who, "GET", "/v1/merchants/me").status == 401, "the first stack knows no merchant of the second"


def test_a_first_deployment_that_failed_leaves_nothing_and_can_be_done_again(deployed: Deployed) -> None:
    with broken_template() as broken, pytest.raises(deploy.DeployFailed, match="ROLLBACK_COMPLETE"):
        deploy.deploy(deployed.emulator, "again", PARAMETERS, template=broken)
    left = [name for name in deployed.tables() if name.startswith("again-")]
    assert left == []
    deployed.emulator.client("cloudformation").delete_stack(StackName="again")
    assert deploy.deploy(deployed.emulator, "again", PARAMETERS).outputs["TablePrefix"] == "again-"


@contextmanager
def broken_template() -> Iterator[Path]:
    """The built template with a resource that cannot be made, after all tables were."""
    whole = cloudformation.read_file(BUILT_TEMPLATE)
    tables = [name for name, one in whole["Resources"].items() if one["Type"] == "AWS::DynamoDB::Table"]
    nowhere = {"RestApiId": "no-such-api", "Name": "Broken", "ContentType": "application/json", "Schema": {}}
    whole["Resources"]["Broken"] = {"Type": "AWS::ApiGateway::Model", "DependsOn": tables, "Properties": nowhere}
    # In the template's own folder: the paths in it are relative.
    with tempfile.NamedTemporaryFile("w", dir=BUILT_TEMPLATE.parent, prefix="broken-", suffix=".json", encoding="utf-8") as file:
        json.dump(whole, file)
        file.flush()
        yield Path(file.name)
