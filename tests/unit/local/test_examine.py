"""`make deploy` ends with the doctor, and `make doctor` finds the stack or the platform that it is asked for."""

import subprocess
from typing import Any

import pytest

from local import cloudformation, doctor, examine, platform_file, to_aws
from local.artifacts import wanted_architecture
from local.deployment_plan import Concurrency


class Shell:
    """Commands that were run, with what their environment says about AWS; they end with these statuses by their second word."""

    def __init__(self, **statuses: int) -> None:
        self.statuses = statuses
        self.ran: list[tuple[list[str], dict[str, str]]] = []

    def run(self, command: list[str], *, env: dict[str, str] | None = None, **_more: Any) -> subprocess.CompletedProcess[str]:
        where = {name: value for name, value in (env or {}).items() if name in {"AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"}}
        self.ran.append((command[1:], where))
        return subprocess.CompletedProcess(command, self.statuses.get(command[1], 0))


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell()
    monkeypatch.setattr(subprocess, "run", shell.run)
    monkeypatch.delenv("AWS_REGION", raising=False)
    return shell


def test_the_doctor_looks_at_the_stages_stack_in_its_region(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "staging")
    with pytest.raises(SystemExit) as ended:
        doctor.main()
    assert ended.value.code == 0
    assert shell.ran == [(["doctor", "paycorex-staging"], {"AWS_DEFAULT_REGION": "ap-south-1"})]


def test_the_platform_gets_its_reserved_merchant_first(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"emulator_url": "http://127.0.0.1:4566", "stack": "paycorex-local", "base_url": "http://127.0.0.1:8080"}
    monkeypatch.setattr(platform_file, "read", lambda _path: known)
    assert examine.examine_platform() == 0
    assert [command for command, _where in shell.ran] == [
        ["--stack", "paycorex-local", "admin", "check-merchant"],
        ["doctor", "paycorex-local", "--url", "http://127.0.0.1:8080"],
    ]
    assert {where["AWS_ENDPOINT_URL"] for _command, where in shell.ran} == {"http://127.0.0.1:4566"}


def test_without_a_platform_it_says_how_to_start_one(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_file, "read", lambda _path: None)
    with pytest.raises(SystemExit, match="make run"):
        examine.examine_platform()
    assert shell.ran == []


@pytest.mark.parametrize(("deployed", "examined", "status"), [(0, 0, 0), (0, 1, 1), (3, 0, 3)])
def test_a_deployment_ends_with_the_doctor_unless_it_failed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, deployed: int, examined: int, status: int
) -> None:
    shell.statuses = {"deploy": deployed, "doctor": examined}
    monkeypatch.setattr(to_aws, "_client", lambda _service, _region: None)
    monkeypatch.setattr(to_aws, "_existing", lambda _stacks, _name: {"Stage": "staging", "Architecture": wanted_architecture()})
    monkeypatch.setattr(to_aws, "_concurrency", lambda _functions: Concurrency(400, 400))
    monkeypatch.setattr(cloudformation, "read_file", lambda _path: {"Parameters": {}, "Resources": {}})
    assert to_aws.deploy("staging", {}) == status
    assert [command[0] for command, _where in shell.ran] == (["deploy"] if deployed else ["deploy", "doctor"])
    assert "ConcurrencyQuota=400" in shell.ran[0][0]
