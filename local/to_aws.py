"""`make deploy`: the built template to AWS with `sam deploy`, after a look at the account and the stack that is there.

    STAGE=staging ARCHITECTURE=arm64 PARAMETERS="LogLevel=DEBUG" python -m local.to_aws

Stack, region and parameters of a stage stand in samconfig.toml; PARAMETERS are added, and stay in the stack until another deployment
names them again. At the end the doctor examines the stack.

A new stack whose tables are to be protected is deployed twice: first without the protection, so that a creation that
fails can take its tables away, then with it.
"""

import os
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import boto3

from local import build, cloudformation
from local.artifacts import wanted_architecture
from local.deployment_plan import PROTECTION, Concurrency, Plan, Refused, plan, uses_of
from local.examine import examine_stack
from local.paths import BUILT_TEMPLATE, ROOT, tool

# A creation that failed leaves a stack without resources, which only can be deleted; one in review never had any.
_FAILED_CREATION: Final = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})
_NEVER_CREATED: Final = "REVIEW_IN_PROGRESS"


def main() -> None:
    """Deploy; ends with sam's status, or with what speaks against it."""
    stage = os.environ.get("STAGE") or "local"
    try:
        status = deploy(stage, given(os.environ.get("PARAMETERS", "")))
    except Refused as reason:
        raise SystemExit(str(reason)) from reason
    raise SystemExit(status)


def deploy(stage: str, added: Mapping[str, str]) -> int:
    """Deploy a stage with parameters added to its own, and examine it; sam's exit status, then the doctor's. Raises Refused."""
    _look_for_processors()
    name, region, asked = configured(stage)
    asked = {**asked, "Architecture": wanted_architecture(), **added}
    stacks, functions = _client("cloudformation", region), _client("lambda", region)
    built, concurrency = cloudformation.read_file(BUILT_TEMPLATE), _concurrency(functions)
    # An alarm rings when four fifths of it are in use.
    asked.setdefault("ConcurrencyQuota", str(concurrency.quota))
    decided = plan(
        asked,
        existing=_existing(stacks, name),
        defaults={parameter: str(found["Default"]) for parameter, found in built["Parameters"].items() if "Default" in found},
        concurrency=concurrency,
        uses=uses_of(built),
    )
    _show(name, region, decided)
    environment = "default" if stage == "local" else stage
    status = _sam(environment, region, decided.parameters)
    if status == 0 and decided.protects_after:
        print(f"{name} is created. Now its tables are protected against deletion.")
        status = _sam(environment, region, {**decided.parameters, PROTECTION: "true"})
    return status or examine_stack(name, region)


def _look_for_processors() -> None:
    """A stack whose merchants are paid by processors must not lose them because a package index did not answer. Raises Refused."""
    lost = build.without_processors()
    if lost is not None and os.environ.get("PROCESSORS") != "without":
        raise Refused(f"{lost} Connectors prism:… would not work. See .local/logs/build.log; PROCESSORS=without deploys all the same.")


def given(text: str) -> dict[str, str]:
    """PARAMETERS as a mapping. Raises Refused for a part that is no `Name=value`."""
    pairs = [part.partition("=") for part in text.split()]
    for name, equals, _value in pairs:
        if not equals or not name.isalnum():
            raise Refused(f"PARAMETERS has {name!r}; it is Name=value, separated by blanks.")
    return {name: value for name, _equals, value in pairs}


def configured(stage: str) -> tuple[str, str, dict[str, str]]:
    """Stack, region and parameters of a stage, from samconfig.toml. AWS_REGION decides about the region, if it is set. Raises Refused."""
    whole = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    found = whole.get("default" if stage == "local" else stage)
    if found is None:
        raise Refused(f"samconfig.toml has no environment {stage!r}. It has {', '.join(one for one in whole if one != 'version')}.")
    common = found["global"]["parameters"]
    region = os.environ.get("AWS_REGION") or common.get("region")
    if not region:
        raise Refused(f"samconfig.toml has no region for {stage}, and AWS_REGION is not set.")
    parameters = dict(text.split("=", 1) for text in found["deploy"]["parameters"]["parameter_overrides"])
    return common["stack_name"], region, parameters


def _client(service: str, region: str) -> Any:
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]  # the stubs know services only as literals


def _existing(stacks: Any, name: str) -> dict[str, str] | None:
    """The parameters of the stack; None when there is none, after what a failed creation left is deleted."""
    try:
        found = stacks.describe_stacks(StackName=name)["Stacks"][0]
    except stacks.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    if found["StackStatus"] == _NEVER_CREATED:
        return None
    if found["StackStatus"].startswith("DELETE_"):
        raise Refused(f"{name} is being deleted, or its deletion failed ({found['StackStatus']}). End that first; its tables are kept.")
    if found["StackStatus"] in _FAILED_CREATION:
        print(f"{name} was not created ({found['StackStatus']}); what is left of it is deleted first.")
        stacks.delete_stack(StackName=name)
        stacks.get_waiter("stack_delete_complete").wait(StackName=name)
        return None
    return {one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", [])}


def _concurrency(functions: Any) -> Concurrency:
    limit = functions.get_account_settings()["AccountLimit"]
    return Concurrency(limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"])


def _show(name: str, region: str, decided: Plan) -> None:
    print(f"{name} in {region}: " + ", ".join(f"{key}={value}" for key, value in sorted(decided.parameters.items())))
    for change in decided.changes:
        print(f"  {change}")


def _sam(environment: str, region: str, parameters: Mapping[str, str]) -> int:
    command: Sequence[str] = [tool("sam"), "deploy", "--config-env", environment, "--region", region]
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    return subprocess.run([*command, "--parameter-overrides", *overrides], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    main()
