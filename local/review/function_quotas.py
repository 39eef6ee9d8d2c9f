"""Quotas of Lambda: what each function has. Source: the "quotas" page of AWS Lambda's developer guide, read 2026-11."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from local import cloudformation
from local.review.readings import ALL, Reading, Stack, greatest
from local.review.samples import physical_name

ENVIRONMENT_BYTES: Final = 4 * 1024
UNZIPPED_BYTES: Final = 250 * 1024 * 1024
LAYERS: Final = 5
RESOURCE_POLICY_BYTES: Final = 20 * 1024
LAYER_DESCRIPTION: Final = 256


def readings(stack: Stack, built: Path | None) -> Iterator[Reading]:
    """One reading for each quota of functions. built: the folder that `sam build` wrote; without it no size is read."""
    functions = list(stack.of("AWS::Lambda::Function"))
    yield greatest(
        "Lambda: environment of a function, bytes", ENVIRONMENT_BYTES, ((name, environment(stack, one)) for name, one in functions)
    )
    yield greatest("Lambda: layers of a function", LAYERS, ((name, len(one.get("Layers", []))) for name, one in functions), ALL)
    yield greatest("Lambda: who may invoke a function, bytes", RESOURCE_POLICY_BYTES, _invoke_policies(stack).items())
    layers = ((name, len(stack.samples.text(one.get("Description", "")))) for name, one in stack.of("AWS::Lambda::LayerVersion"))
    yield greatest("Lambda: description of a layer", LAYER_DESCRIPTION, layers)
    if built is not None:
        yield greatest("Lambda: a function and its layers unzipped, bytes", UNZIPPED_BYTES, _unzipped(stack.source, built))


def environment(stack: Stack, function: Mapping[str, Any]) -> int:
    """Bytes of a function's variables, names and values, when every value is as long as it may be."""
    variables = function.get("Environment", {}).get("Variables", {})
    return sum(len(name) + len(stack.samples.text(value).encode()) for name, value in variables.items())


def _invoke_policies(stack: Stack) -> Counter[str]:
    """Bytes of each function's resource policy: one statement for each permission."""
    total: Counter[str] = Counter()
    for name, permission in stack.of("AWS::Lambda::Permission"):
        statement = {
            "Sid": physical_name(name),
            "Effect": "Allow",
            "Principal": {"Service": permission["Principal"]},
            "Action": permission["Action"],
            "Resource": stack.samples.text({"Fn::GetAtt": [_target(permission["FunctionName"]), "Arn"]}),
            "Condition": {"ArnLike": {"AWS:SourceArn": stack.samples.text(permission.get("SourceArn", ""))}},
        }
        total[_target(permission["FunctionName"])] += len(json.dumps(statement))
    return total


def _target(function: Any) -> str:
    """The logical id of the function that a permission is for."""
    return str(function["Ref"] if "Ref" in function else function["Fn::GetAtt"][0])


def _unzipped(source: Mapping[str, Any], built: Path) -> Iterator[tuple[str, int]]:
    """Bytes of each function's code and layers, in the folders that the built template names."""
    found = cloudformation.read_file(built / "template.yaml")["Resources"]
    sizes = {
        name: bytes_of(built / folder)
        for name, resource in found.items()
        if (folder := resource.get("Properties", {}).get("CodeUri") or resource.get("Properties", {}).get("ContentUri"))
    }
    shared = source["Globals"]["Function"].get("Layers", [])
    for name, resource in source["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            layers = [layer["Ref"] for layer in [*shared, *resource["Properties"].get("Layers", [])]]
            yield name, sizes[name] + sum(sizes[layer] for layer in layers)


@cache
def bytes_of(folder: Path) -> int:
    """What the files of a folder take when they are unpacked."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
