"""The contract says what it means: every field, parameter, event and chapter in words, and every request and answer by an example."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from local import openapi
from local.openapi import examples
from local.openapi.texts import TEXTS

DOCUMENT: Final[dict[str, Any]] = json.loads(openapi.TARGET.read_text(encoding="utf-8"))
HOW: Final = "CONTRACT_CALLS=add pytest <the route's tests>, then python -m tests.support.contract_examples and make openapi"


def operations() -> Iterator[dict[str, Any]]:
    for methods in DOCUMENT["paths"].values():
        yield from methods.values()


def places() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each body in JSON that is sent or answered with success."""
    for operation in operations():
        bodies = {"request": operation.get("requestBody", {})} | {
            status: answer for status, answer in operation["responses"].items() if status < "3"
        }
        for part, body in bodies.items():
            if "schema" in (content := body.get("content", {}).get("application/json", {})):
                yield f"{operation['operationId']} {part}", content


def deliveries() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent of each event."""
    for event, webhook in DOCUMENT["webhooks"].items():
        yield event, webhook["post"]["requestBody"]["content"]["application/json"]


def test_every_field_says_what_it_is() -> None:
    """In local/openapi/texts/fields*.toml under its name or `Model.name`, or by Field(description=...)."""
    silent = [
        f"{model}.{name}"
        for model, schema in DOCUMENT["components"]["schemas"].items()
        for name, content in schema.get("properties", {}).items()
        if not content.get("description", "").strip()
    ]
    assert silent == []


def test_every_parameter_says_what_it_is() -> None:
    silent = [
        f"{operation['operationId']} {parameter['name']}"
        for operation in operations()
        for parameter in operation["parameters"]
        if not parameter.get("description", "").strip()
    ]
    assert silent == []


def test_every_event_says_when_it_happens() -> None:
    assert set(TEXTS["events"]) == set(DOCUMENT["webhooks"])


def test_every_request_and_answer_has_an_example() -> None:
    missing = [place for place, content in places() if "example" not in content]
    assert missing == [], HOW


def test_every_event_has_an_example_that_a_test_made_happen() -> None:
    missing = [event for event, content in deliveries() if content.get("example", {}).get("event") != event]
    assert missing == [], HOW


@pytest.mark.parametrize("event", [event for event, _ in deliveries()])
def test_an_events_example_is_what_its_schema_describes(event: str) -> None:
    content = dict(deliveries())[event]
    assert examples.problem(DOCUMENT, content["schema"], content["example"]) is None
    assert len(content["example"]["data"]) > 0


def test_a_schema_refuses_the_example_of_another_event() -> None:
    content = dict(deliveries())
    assert examples.problem(DOCUMENT, content["refund.created"]["schema"], content["payment.success"]["example"]) is not None


@pytest.mark.parametrize("place", [name for name, content in places() if "example" in content])
def test_an_example_is_what_its_schema_describes(place: str) -> None:
    content = dict(places())[place]
    assert examples.problem(DOCUMENT, content["schema"], content["example"]) is None


def test_an_example_of_a_refusal_has_its_code() -> None:
    kept = DOCUMENT["components"]["examples"]
    assert len(kept) >= 30
    assert [code for code, example in kept.items() if example["value"]["error"]["code"] != code] == []
    schema = {"$ref": "#/components/schemas/ErrorAnswer"}
    assert [code for code, example in kept.items() if examples.problem(DOCUMENT, schema, example["value"])] == []


def test_no_example_holds_a_secret() -> None:
    """What tests signed with is worth nothing, and still looks like something that leaked."""
    text = json.dumps(DOCUMENT)
    assert re.search(r"pcx_[0-9a-f]{40}", text) is None
    assert '"secret": "sk_shown_once"' in text
