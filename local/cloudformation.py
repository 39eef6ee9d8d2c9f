"""Templates as data: reading YAML with CloudFormation's short forms, and translating SAM's resources as a deployment does.

`python -m local.cloudformation FILE` prints the translation as JSON.
"""

import copy
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]  # one loader is not worth another package of stubs

REGION: Final = "ap-south-1"


# The one in C, where PyYAML has it, reads the template in a seventh of the time.
_Safe: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]  # untyped base
    """Reads CloudFormation's short forms (`!Ref x`) as their long ones (`{"Ref": "x"}`)."""


def _intrinsic(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


# The translator warns of a switch of its own service that no user has.
logging.getLogger("samtranslator").setLevel(logging.ERROR)

_Loader.add_multi_constructor("!", _intrinsic)


class _NoManagedPolicies:
    """The template names AWS's policies by ARN, so the translator looks none up."""

    def load(self) -> dict[str, str]:
        return {}


def read(text: str) -> dict[str, Any]:
    """A template's text, short forms written out."""
    loaded: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a SafeLoader
    return loaded


def read_file(path: Path) -> dict[str, Any]:
    """A template's file, short forms written out."""
    return read(path.read_text(encoding="utf-8"))


def translate(source: Mapping[str, Any], parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The template that CloudFormation makes of a SAM template. parameters: values beside the defaults; they may decide what SAM makes.

    Code and layers that are not uploaded yet are named as if they were: the translator reads none of it.
    """
    from samtranslator.translator.transform import (  # type: ignore[import-untyped]  # noqa: PLC0415 - no types; half a second that readers of templates need not pay
        transform,
    )

    copied = copy.deepcopy(dict(source))
    _upload(copied.get("Globals", {}).get("Function", {}), "CodeUri")
    for resource in copied["Resources"].values():
        _upload(resource.get("Properties", {}), "ContentUri" if resource["Type"] == "AWS::Serverless::LayerVersion" else "CodeUri")
    with _a_region():
        whole: dict[str, Any] = transform(copied, dict(parameters or {}), _NoManagedPolicies())
    return whole


def _upload(properties: dict[str, Any], name: str) -> None:
    """Name code as if it were uploaded, unless it is."""
    if name in properties and not str(properties[name]).startswith("s3://"):
        properties[name] = f"s3://code/{name}"


@contextmanager
def _a_region() -> Iterator[None]:
    """The translator asks the environment for a region, to know its partition."""
    before = os.environ.get("AWS_DEFAULT_REGION")
    os.environ["AWS_DEFAULT_REGION"] = before or REGION
    try:
        yield
    finally:
        if before is None:
            del os.environ["AWS_DEFAULT_REGION"]


def main() -> None:
    """Print the translation of the file that is named."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m local.cloudformation FILE")
    print(json.dumps(translate(read_file(Path(sys.argv[1]))), indent=1))


if __name__ == "__main__":
    main()
