"""template.yaml as data: what tests assert about it, and the tables that tests create, come from the file that is deployed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from local import cloudformation

ROOT = Path(__file__).resolve().parents[2]
_TABLE = "AWS::DynamoDB::Table"
_CREATE_ARGUMENTS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@cache
def template() -> dict[str, Any]:
    """The whole template."""
    return cloudformation.read_file(ROOT / "template.yaml")


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type, by logical id."""
    return {name: found for name, found in template()["Resources"].items() if found["Type"] == kind}


def properties(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the resources of one type, by logical id."""
    return {name: found.get("Properties", {}) for name, found in resources(kind).items()}


@cache
def translated() -> dict[str, Any]:
    """What CloudFormation is given: the template after SAM's own translation."""
    return cloudformation.translate(template())


def translated_resources(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type after the translation, by logical id."""
    return {name: found for name, found in translated()["Resources"].items() if found["Type"] == kind}


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the API. authorizer: NONE, AWS_IAM, or None for the API's own."""

    function: str
    method: str
    path: str
    authorizer: str | None


def routes() -> list[Route]:
    """Every route of the API, in its order."""
    paths = template()["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"]
    return [_route(path, method, declared) for path, methods in paths.items() for method, declared in methods.items()]


def _route(path: str, method: str, declared: Mapping[str, Any]) -> Route:
    called = re.search(r"\$\{(\w+)\.Alias\}", declared["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"])
    assert called, path
    (security,) = declared.get("security", [{}])
    return Route(called[1], method.removeprefix("x-amazon-apigateway-").removesuffix("-method").upper(), path, next(iter(security), None))


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
