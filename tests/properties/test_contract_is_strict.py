"""The contract is as strict as the doors: what its schemas take as a request, no door refuses as malformed.

Left over is what a schema cannot say and a rule of ours does (that two fields fit each other, that a currency exists): such rules speak
for themselves, so their refusals are left out by their kind.
"""

import json
import os
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from local import openapi
from paycorex import strict_json
from paycorex.http.routes import Route
from tests.support import gateway
from tests.support.world import World

DOCUMENT: Final[dict[str, Any]] = json.loads(openapi.TARGET.read_text(encoding="utf-8"))
SCHEMA: Final = schemathesis.openapi.from_dict(DOCUMENT)
NAMES: Final = sorted(
    operation["operationId"]
    for methods in DOCUMENT["paths"].values()
    for operation in methods.values()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
)
# The same bodies each time, so that a change is what a finding follows from; the nightly run draws others, and more of them.
EXAMPLES: Final = int(os.environ.get("PROPERTY_EXAMPLES", "40"))
SAME_EACH_TIME: Final = "PROPERTY_EXAMPLES" not in os.environ
# Whole numbers beyond are not the same to every reader of JSON (RFC 8259, section 6).
MAX_INTEGER: Final = 2**53 - 1
# Kinds of a rule of ours, and not of a type, a bound or a form.
_RULES: Final = frozenset({"value_error", "assertion_error", "invalid_amount"})


def looseness(route: Route, body: Any) -> list[str]:
    """What the door calls malformed in a body that the contract takes."""
    assert route.body is not None
    read = strict_json.loads(json.dumps(body).encode())
    try:
        route.body.model_validate(read)
    except ValidationError as refused:
        problems = refused.errors()
        ruled = [problem["loc"] for problem in problems if problem["type"] in _RULES]
        # Beside a form that a rule refuses, the other forms of the same field do not fit either.
        beside = [problem["loc"] for problem in problems if any(loc[: len(problem["loc"]) - 1] == problem["loc"][:-1] for loc in ruled)]
        return [f"{problem['loc']} {problem['type']}" for problem in problems if problem["loc"] not in beside]
    return []


def with_plain_integers(content: Any) -> Any:
    """26.0 is a whole number for JSON Schema, which has no word for how a number is written; the doors take 26 only, and no huge one."""
    if isinstance(content, dict):
        return {name: with_plain_integers(value) for name, value in content.items()}
    if isinstance(content, list):
        return [with_plain_integers(value) for value in content]
    if isinstance(content, float) and content.is_integer():
        content = int(content)
    return max(-MAX_INTEGER, min(MAX_INTEGER, content)) if type(content) is int else content


def operation_of(name: str) -> Any:
    found: list[Any] = [each.ok() for each in SCHEMA.get_all_operations() if isinstance(each, Ok)]
    return next(operation for operation in found if operation.definition.raw["operationId"] == name)


def route_of(name: str) -> Route:
    with World().running():
        return next(route for app in gateway.apps() for route in app.routes if route.function.__name__ == name)


@pytest.mark.parametrize("name", NAMES)
def test_a_body_of_the_contract_is_not_malformed(name: str) -> None:
    route = route_of(name)
    cases = operation_of(name).as_strategy(generation_mode=GenerationMode.POSITIVE)
    found: list[Any] = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=SAME_EACH_TIME,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases.map(lambda case: case.body) if hasattr(cases, "map") else st.nothing())
    def look(body: Any) -> None:
        try:
            body = with_plain_integers(body)
            text = json.dumps(body)
        except TypeError:
            return  # no JSON object, such as a body that was left out
        if isinstance(body, dict) and "\\u0000" not in text and "\\ud" not in text and len(text) < strict_json.MAX_BODY_BYTES:
            found.extend((problem, body) for problem in looseness(route, body))

    look()
    assert found == [], found[:3]
