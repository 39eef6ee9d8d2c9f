"""template.yaml as data: what tests assert about it, and the tables that tests create, come from the file that is deployed."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # one loader of the tests is not worth another package of stubs

ROOT = Path(__file__).resolve().parents[2]
_TABLE = "AWS::DynamoDB::Table"
_CREATE_ARGUMENTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # untyped base
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


_Loader.add_multi_constructor("!", _intrinsic)


@cache
def template() -> dict[str, Any]:
    """The whole template."""
    loaded: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Loader=_Loader)
    return loaded


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type, by logical id."""
    return {name: found for name, found in template()["Resources"].items() if found["Type"] == kind}


def properties(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the resources of one type, by logical id."""
    return {name: found.get("Properties", {}) for name, found in resources(kind).items()}


def noun_of(table: Mapping[str, Any]) -> str:
    """A table's name without the stack's."""
    name: str = table["TableName"]["Fn::Sub"]
    return name.removeprefix("${AWS::StackName}-")


def tables() -> dict[str, dict[str, Any]]:
    """Every table's properties, by its noun."""
    return {noun_of(table): table for table in properties(_TABLE).values()}


def table_requests(prefix: str) -> Iterator[dict[str, Any]]:
    """CreateTable arguments for every table, under `<prefix><noun>`. Encryption and backups stay AWS's business."""
    for noun, table in tables().items():
        request = {name: table[name] for name in _CREATE_ARGUMENTS if name in table}
        if "StreamSpecification" in table:
            request["StreamSpecification"] = {"StreamEnabled": True, **table["StreamSpecification"]}
        yield {"TableName": prefix + noun, **request}


def times_to_live(prefix: str) -> Iterator[dict[str, Any]]:
    """UpdateTimeToLive arguments for the tables whose items expire."""
    for noun, table in tables().items():
        if "TimeToLiveSpecification" in table:
            yield {"TableName": prefix + noun, "TimeToLiveSpecification": table["TimeToLiveSpecification"]}
