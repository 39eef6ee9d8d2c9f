"""The Python client's generated files are what the contract makes now, and each operation of the contract can be called."""

import inspect
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from local.clients import python
from local.clients.contract import DOCUMENT, Contract, Operation, load
from local.clients.python_types import class_name
from local.paths import ROOT
from paycorex.errors import STATUS_BY_CODE
from paycorex_client import PayCoreX, models
from paycorex_client.error_codes import BY_CODE
from paycorex_client.events import Event

CONTRACT = load()


def test_the_files_are_what_the_contract_makes() -> None:
    made = python.files(CONTRACT)
    different = [
        str(path.relative_to(ROOT)) for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert different + python.stale(made) == [], "make openapi"


def test_every_code_of_the_contract_has_a_class() -> None:
    text = json.dumps(CONTRACT.schemas)
    assert set(BY_CODE) == set(STATUS_BY_CODE) == {code for code in BY_CODE if f'"{code}"' in text}


def sample(contract: Contract, schema: Mapping[str, Any]) -> Any:
    """Some value of a schema's type; the shape is all that matters here."""
    schema = contract.resolve(schema)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return sample(contract, options[0])
    if "enum" in schema or "const" in schema:
        return schema["enum"][0] if "enum" in schema else schema["const"]
    return {"array": [], "object": {}, "integer": 1, "number": 1, "boolean": True}.get(str(schema.get("type")), "text")


def called(operation: Operation) -> httpx.Request:
    """The request that the operation's method sends with every argument."""
    sent: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(404, json={"error": {"code": "not_found", "message": "", "details": {}, "request_id": "req_1"}})

    client = PayCoreX("pk", "sk", base_url="http://api", retry_for=0, http=httpx.Client(transport=httpx.MockTransport(refuse)))
    method = getattr(getattr(client, operation.resource), operation.name)
    fields = _fields(operation)
    keywords = {
        name: sample(CONTRACT, fields[name.removesuffix("_") if name not in fields else name])
        for name, parameter in inspect.signature(method).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and name not in {"timeout", "idempotency_key"}
    }
    with pytest.raises(BY_CODE["not_found"]):
        list(method(*[f"id-{number}" for number, _ in enumerate(operation.path_parameters)], **keywords))
    return sent[0]


def _fields(operation: Operation) -> dict[str, Any]:
    fields = dict(operation.query)
    if operation.body is not None:
        body = CONTRACT.resolve(operation.body)
        for kind in body.get("oneOf", [body]):
            fields |= CONTRACT.resolve(kind).get("properties", {})
    return fields


@pytest.mark.parametrize("operation", CONTRACT.operations, ids=lambda operation: operation.key)
def test_every_operation_can_be_called(operation: Operation) -> None:
    request = called(operation)
    path = operation.path
    for number, name in enumerate(operation.path_parameters):
        path = path.replace(f"{{{name}}}", f"id-{number}")
    assert (request.method, urlsplit(str(request.url)).path) == (operation.method, path)
    assert ("x-signature" in request.headers) is operation.signed
    assert ("idempotency-key" in request.headers) is operation.mutating
    query = set(dict(request.url.params)) | ({"cursor", "format"} & set(operation.query))
    assert query == set(operation.query)
    if operation.body is not None:
        assert set(json.loads(request.content)) | {"dry_run"} >= set(_fields(operation)) - set(operation.query)


def test_an_unknown_operation_gets_a_name_from_its_path() -> None:
    assert CONTRACT.name_of("GET", "/v1/parcels") == "parcels.list"
    assert CONTRACT.name_of("GET", "/v1/parcels/{parcel_id}") == "parcels.get"
    assert CONTRACT.name_of("GET", "/v1/parcels/{parcel_id}/items") == "parcels.items"
    assert CONTRACT.name_of("POST", "/v1/parcels/{parcel_id}/send-out") == "parcels.send_out"
    assert CONTRACT.name_of("DELETE", "/v1/parcels/{parcel_id}") == "parcels.delete"


def shown_answers() -> list[tuple[str, str, Any]]:
    """Operation, the answer's schema, and an example of it."""
    found = []
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    for operation in CONTRACT.operations:
        responses = document["paths"][operation.path][operation.method.lower()]["responses"]
        for status, response in responses.items():
            content = response.get("content", {}).get("application/json", {})
            reference = content.get("schema", {}).get("$ref", "")
            if status.startswith("2") and reference and "example" in content:
                found.append((operation.key, class_name(reference), content["example"]))
    return found


def test_every_answer_that_the_contract_shows_is_read_into_its_class() -> None:
    shown = shown_answers()
    assert len(shown) > 60
    for key, name, example in shown:
        # One class for all events, which reads its object by the event's name.
        kind = Event if name == "EventView" else getattr(models, name)
        read = kind.model_validate(example)
        assert set(example) <= set(read.model_dump(by_alias=True)), key


def test_accounts_of_a_disputes_journal_are_no_amounts() -> None:
    shown = {"journal_id": "jrn_1", "debit": "merchant", "credit": "disputed", "amount": "12.30", "currency": "INR"}
    journal = models.DisputeJournal.model_validate(shown)
    assert (journal.debit, journal.credit, journal.amount) == ("merchant", "disputed", Decimal("12.30"))
