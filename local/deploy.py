"""Deploying the built template to an emulator with `sam deploy`, as it goes to AWS, but for CodeDeploy and the gateway's own answers."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]  # reading one file is not worth another package of stubs

from local import archives, gateway_answers
from local.emulator import CREDENTIALS, Emulator
from local.paths import BUILT_TEMPLATE, ROOT, tool

READY: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
# Nothing in the template refers to them, and no function can tell whether they are there.
NOT_EMULATED: Final = frozenset({"AWS::Logs::QueryDefinition", "AWS::XRay::SamplingRule"})
_TAIL_LINES: Final = 25
# What only CodeDeploy uses.
_RELEASES: Final = frozenset({"ReleaseRole", "ReleaseCheckFunction"})


class DeployFailed(RuntimeError):
    """`sam deploy` failed; the message names the resources that failed and why."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack. `url` is its API at the emulator, without a trailing slash."""

    name: str
    outputs: Mapping[str, str]
    url: str


def deploy(emulator: Emulator, name: str, parameters: Mapping[str, str], *, template: Path = BUILT_TEMPLATE) -> Stack:
    """Create or update a stack from the built template. Raises DeployFailed."""
    command = [tool("sam"), "deploy", "--stack-name", name, "--region", emulator.region]
    command += ["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    command += ["--config-env", "none", "--parameter-overrides", *(f"{key}={value}" for key, value in parameters.items())]
    # sam leaves an empty directory behind for every function that it packs.
    with tempfile.TemporaryDirectory(prefix="deploy-", ignore_cleanup_errors=True) as scratch, _for_the_emulator(template) as adapted:
        command += ["--template-file", str(adapted)]
        environment = _environment(emulator) | {"TMPDIR": scratch}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DeployFailed(_failure(emulator, name, done.stdout + done.stderr))
    stack = find(emulator, name)
    if stack is None:
        raise DeployFailed(_failure(emulator, name, done.stdout + done.stderr))
    return stack


def without_releases(template: dict[str, Any]) -> dict[str, Any]:
    """A copy of a template whose aliases are moved by CloudFormation alone: the emulator has no CodeDeploy."""
    kept = {name: resource for name, resource in template["Resources"].items() if name not in _RELEASES}
    for name, resource in kept.items():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = {key: value for key, value in resource["Properties"].items() if key != "DeploymentPreference"}
            kept[name] = {**resource, "Properties": properties}
    return {**template, "Resources": kept}


def _template_of(built: Path) -> dict[str, Any]:
    # libyaml's, where it is: seconds less for a template of this size.
    loaded: dict[str, Any] = yaml.load(built.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
    return loaded


@contextmanager
def _for_the_emulator(template: Path) -> Iterator[Path]:
    """A file with what the emulator needs besides, and without what it does not know, in the template's own folder: paths are relative."""
    adapted = without_releases(gateway_answers.beside_the_api(_template_of(template)))
    adapted = archives.packed_once(adapted, template.parent)
    adapted["Resources"] = {name: one for name, one in adapted["Resources"].items() if one["Type"] not in NOT_EMULATED}
    with tempfile.NamedTemporaryFile("w", dir=template.parent, prefix="template-emulator-", suffix=".json", encoding="utf-8") as file:
        json.dump(adapted, file)
        file.flush()
        yield Path(file.name)


def find(emulator: Emulator, name: str) -> Stack | None:
    """The stack when it is there and whole."""
    described = _describe(emulator, name)
    if described is None or described["StackStatus"] not in READY:
        return None
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    stage = next((one["ParameterValue"] for one in described["Parameters"] if one["ParameterKey"] == "Stage"), "local")
    return Stack(name, outputs, f"{emulator.url}/_aws/execute-api/{outputs.get('ApiId', '')}/{stage}")


def _describe(emulator: Emulator, name: str) -> Any:
    client = emulator.client("cloudformation")
    try:
        return client.describe_stacks(StackName=name)["Stacks"][0]
    except client.exceptions.ClientError:
        return None


def _failure(emulator: Emulator, name: str, output: str) -> str:
    events = emulator.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"] if _describe(emulator, name) else []
    failed = [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', 'no reason given')}"
        for event in events
        if event["ResourceStatus"].endswith("_FAILED")
    ]
    # The first failure is the cause; what CloudFormation cancels after it is not.
    return "\n".join(failed[::-1] or output.strip().splitlines()[-_TAIL_LINES:])


def _environment(emulator: Emulator) -> dict[str, str]:
    home = emulator.log.parent
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_DEFAULT_REGION": emulator.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        **CREDENTIALS,
    }
