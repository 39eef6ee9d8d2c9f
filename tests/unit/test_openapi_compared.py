"""The contract beside the last release's: no route, field, parameter or code of it is gone."""

import json
import tarfile
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from local import openapi
from local.paths import ROOT


@cache
def released() -> dict[str, Any]:
    with tarfile.open(ROOT / "tests" / "releases" / "released.tar.xz") as archive:
        content = archive.extractfile("functions/dashboard/openapi.json")
        assert content is not None
        document: dict[str, Any] = json.load(content)
        return document


@cache
def current() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(openapi.TARGET.read_text(encoding="utf-8"))
    return document


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def fields(document: dict[str, Any], schema: dict[str, Any], path: str = "", seen: tuple[int, ...] = ()) -> Iterator[str]:
    """The paths of all fields of a schema, whichever of its alternatives they are in."""
    schema = resolved(document, schema)
    if id(schema) in seen:
        return
    for name, content in schema.get("properties", {}).items():
        yield f"{path}.{name}"
        yield from fields(document, content, f"{path}.{name}", (*seen, id(schema)))
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from fields(document, part, path, (*seen, id(schema)))
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from fields(document, schema[name], path, (*seen, id(schema)))


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{method.upper()} {path}": of for path, methods in document["paths"].items() for method, of in methods.items()}


ROUTES = sorted(operations(released()))


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_of_a_route_is_gone(route: str) -> None:
    old, new = operations(released())[route], operations(current())[route]
    files = files_of(route)
    asked = {(parameter["in"], parameter["name"]) for parameter in old["parameters"]}
    # The door still takes it (tests/integration/test_files.py); the contract names a path for each format instead.
    asked -= {("query", "format")} if files else set()
    assert asked <= {(parameter["in"], parameter["name"]) for parameter in new["parameters"]}
    assert parts(released(), old.get("requestBody", {})) <= parts(current(), new.get("requestBody", {}))
    for status, answer in old["responses"].items():
        if status < "4":
            assert parts(released(), answer) <= parts(current(), new["responses"][status]).union(*files), status


def files_of(route: str) -> list[set[str]]:
    """What the paths of a route's formats answer."""
    at_paths = (operations(current()).get(f"{route}/{name}") for name in ("csv", "pdf", "camt053", "beancount"))
    return [parts(current(), of["responses"]["200"]) for of in at_paths if of is not None]


def parts(document: dict[str, Any], place: dict[str, Any]) -> set[str]:
    """The media types of a request or an answer, and the fields of each."""
    found: set[str] = set()
    for media_type, content in resolved(document, place).get("content", {}).items():
        found |= {media_type, *(f"{media_type} {path}" for path in fields(document, content.get("schema", {})))}
    return found


def test_no_code_is_gone() -> None:
    def codes(document: dict[str, Any]) -> set[str]:
        schemas = document["components"]["schemas"]
        error = resolved(document, schemas.get("ErrorAnswer", schemas.get("Error"))["properties"]["error"])
        return set(error["properties"]["code"]["enum"])

    assert len(codes(released())) > 20
    assert codes(released()) <= codes(current())


def test_a_field_that_is_gone_is_found() -> None:
    shrunk = json.loads(json.dumps(current()))
    payment = {"$ref": "#/components/schemas/PaymentView"}
    del shrunk["components"]["schemas"]["PaymentView"]["properties"]["ledger"]
    gone = set(fields(current(), payment)) - set(fields(shrunk, payment))
    assert ".ledger.journal_id" in gone
