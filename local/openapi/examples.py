"""Examples of requests, answers, refusals and events: recorded from real calls of tests (`tests/support/contract_examples.py`)."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

FILE: Final = Path(__file__).with_name("examples.json")
_JSON: Final = "application/json"


@cache
def _read() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def read() -> dict[str, dict[str, Any]]:
    """`operations`: by operation id the `request` and the answers by status. `refusals`: by code. `events`: by name."""
    return _read()


def problem(document: Mapping[str, Any], schema: Mapping[str, Any], example: Any) -> str | None:
    """Why a schema of the document does not take an example; None when it does."""
    whole = {**schema, "components": document["components"]}
    error = next(iter(Draft202012Validator(whole).iter_errors(example)), None)
    return None if error is None else f"{error.json_path} {error.message[:200]}"


def problem_of(document: Mapping[str, Any], operation_id: str, part: str, example: Any) -> str | None:
    """The same for the `request` of an operation, or its answer with a status."""
    operation = _operation(document, operation_id)
    place = operation.get("requestBody", {}) if part == "request" else operation["responses"].get(part, {})
    if _JSON not in place.get("content", {}):
        return f"{operation_id} has no {part} in JSON"
    return problem(document, place["content"][_JSON].get("schema", {}), example)


def _operation(document: Mapping[str, Any], operation_id: str) -> dict[str, Any]:
    for methods in document["paths"].values():
        for operation in methods.values():
            if operation["operationId"] == operation_id:
                found: dict[str, Any] = operation
                return found
    raise KeyError(operation_id)


def add_to(document: dict[str, Any]) -> None:
    """Put the examples in their places: those that are right, since an answer may have got a field after one was recorded."""
    recorded = read()
    document["components"]["examples"] = {code: {"value": answer} for code, answer in sorted(recorded["refusals"].items())}
    for methods in document["paths"].values():
        for operation in methods.values():
            _add_to_operation(document, operation, recorded["operations"].get(operation["operationId"], {}))
    for event, webhook in document["webhooks"].items():
        content = webhook["post"]["requestBody"]["content"][_JSON]
        _add(document, content, recorded["events"].get(event))


def _add_to_operation(document: dict[str, Any], operation: dict[str, Any], known: Mapping[str, Any]) -> None:
    _add(document, operation.get("requestBody", {}).get("content", {}).get(_JSON), known.get("request"))
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get(_JSON)
        _add(document, content, known.get(status))
        codes = [code for code in response["description"].replace("`", "").split(" · ") if code in document["components"]["examples"]]
        if content is not None and codes:
            content["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}


def _add(document: Mapping[str, Any], content: dict[str, Any] | None, example: Any) -> None:
    if content is not None and example is not None and problem(document, content.get("schema", {}), example) is None:
        content["example"] = example
