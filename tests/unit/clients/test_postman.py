"""The Postman collection is what the contract makes, whole, and each of its requests has what Postman's format wants."""

import json
from collections import Counter
from typing import Any

import pytest

from local.clients.contract import DOCUMENT
from local.postman import collection


def document() -> Any:
    return json.loads(DOCUMENT.read_text(encoding="utf-8"))


def test_the_files_are_what_the_contract_makes() -> None:
    for path, text in collection.files().items():
        assert path.read_text(encoding="utf-8") == text, "run make openapi"


def test_every_operation_of_a_merchant_has_a_request() -> None:
    sent = {
        (each["request"]["method"], len(each["request"]["url"]["path"]), each["request"]["description"]) for each in collection.requests()
    }
    for operation in collection.operations(document()):
        described = operation.content.get("description", operation.content["summary"])
        assert (operation.method, len(operation.path.split("/")) - 1, described) in sent, operation.path


def test_ids_and_names_of_a_folder_are_unique() -> None:
    """Postman takes two requests with one id for one."""
    made = json.loads(collection.COLLECTION.read_text(encoding="utf-8"))
    assert [each for each, times in Counter(request["id"] for request in collection.requests()).items() if times > 1] == []
    for folder in made["item"]:
        names = Counter(request["name"] for request in folder["item"])
        assert [name for name, times in names.items() if times > 1] == [], folder["name"]


def test_a_request_of_no_operation_is_refused() -> None:
    with pytest.raises(KeyError, match="fly"):
        collection.collection(document(), [collection.Asked("fly")])


def test_a_new_operation_is_appended_with_its_example_and_no_expectation() -> None:
    contract = document()
    new = {
        "operationId": "boil_tea",
        "summary": "Boil tea",
        "tags": ["Wallets"],
        "responses": {"201": {}},
        "requestBody": {"content": {"application/json": {"example": {"cups": 2}}}},
    }
    contract["paths"]["/v1/tea"] = {"post": new}
    folders = {folder["name"]: folder["item"] for folder in collection.collection(contract, collection.asked())["item"]}
    added = folders["Wallets"][-1]
    assert (added["name"], json.loads(added["request"]["body"]["raw"]), added["event"]) == ("Boil tea", {"cups": 2}, [])


def test_no_credential_is_written_into_the_files() -> None:
    values = {each["key"]: each["value"] for each in collection.environment()["values"]}
    assert values == {"base_url": "http://127.0.0.1:8080", "api_key": "", "secret": ""}
