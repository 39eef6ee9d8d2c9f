"""The contract that the API serves about itself: what the doors do, and all of it."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from local import openapi
from local.openapi import events as documented
from local.openapi import values
from local.openapi.texts import TEXTS
from paycorex import signing
from paycorex.errors import STATUS_BY_CODE
from paycorex.events import KINDS
from paycorex.records.stamps import EVENTS
from tests.support import gateway
from tests.support.world import World
from tests.unit.test_template_routes import EXEMPT
from webhooks.delivery import signatures

V1 = frozenset({"X-API-Key", "X-Timestamp", "X-Signature"})
V2 = frozenset({"X-Signature-Version", "X-Content-SHA256", "X-Nonce"})
SESSION = frozenset({"__Host-paycorex", "X-CSRF-Token"})
# Every route of the contract whose room has a door.
CONTRACT = """
POST /v1/merchants/register
POST /v1/merchants/apikey
GET /v1/merchants/apikeys
DELETE /v1/merchants/apikeys/{key_id}
GET /v1/merchants/me
PATCH /v1/merchants/me
POST /v1/payments/create
GET /v1/payments/{payment_id}
GET /v1/payments/{payment_id}/proof
GET /v1/payments
POST /v1/payments/refund
GET /v1/payments/{payment_id}/refunds
GET /v1/refunds/{refund_id}
POST /v1/wallet/create
POST /v1/wallet/topup
POST /v1/wallet/pay
POST /v1/wallet/refund
GET /v1/wallet/{wallet_id}
GET /v1/wallet
GET /v1/wallet/{wallet_id}/ledger
POST /v1/tokens/create
GET /v1/tokens
GET /v1/tokens/{token_id}
DELETE /v1/tokens/{token_id}
POST /v1/webhooks/provider
GET /v1/webhooks/provider
PATCH /v1/webhooks/provider/{endpoint_id}
DELETE /v1/webhooks/provider/{endpoint_id}
POST /v1/webhooks/provider/{endpoint_id}/rotate
POST /v1/webhooks/provider/{endpoint_id}/test
GET /v1/webhooks/deliveries
GET /v1/webhooks/deliveries/{delivery_id}
POST /v1/webhooks/deliveries/{delivery_id}/redeliver
POST /v1/webhooks/replay
GET /v1/events
GET /v1/events/{event_id}
POST /v1/crypto/address
GET /v1/crypto/addresses
DELETE /v1/crypto/addresses/{id}
GET /v1/crypto/status/{tx_hash}
POST /v1/crypto/xpub/preview
GET /v1/crypto/transactions
GET /v1/dashboard/stats
GET /v1/dashboard/payments
GET /v1/dashboard/ledgers
GET /openapi.json
GET /health
"""


# A file that is answered as it is kept: a part of the page, or the picture that was sent.
AS_KEPT = frozenset({"/assets/{file}", "/v1/merchants/me/logo"})


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    with World().running():
        return openapi.generate()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_route_of_the_contract_is_served(document: dict[str, Any]) -> None:
    served = {f"{method} {path}" for method, path, _ in operations(document)}
    assert set(CONTRACT.split("\n")) - {""} <= served


def test_every_served_route_is_in_the_document(document: dict[str, Any]) -> None:
    with World().running():
        served = {(route.method, route.path) for route in gateway.merchants_routes()}
    assert {(method, path) for method, path, _ in operations(document)} == served


def test_the_committed_document_is_the_generated_one() -> None:
    """`make openapi` writes it."""
    with World().running():
        assert openapi.TARGET.read_text(encoding="utf-8") == openapi.render()


def test_the_operators_document_has_their_routes_alone_and_is_the_generated_one() -> None:
    with World().running() as world:
        routes = [route for app in gateway.apps() for route in app.routes if f"{route.path}/".startswith("/operator/")]
        text = openapi.OPERATORS_TARGET.read_text(encoding="utf-8")
        assert text == openapi.render_operators()
        assert world.send("GET", "/operator/openapi.json", []).body == json.loads(text)
    found = json.loads(text)
    assert {(method, path) for method, path, _ in operations(found)} == {
        (route.method, route.path) for route in routes if route.path.startswith("/operator/v1/")
    }


def test_the_api_serves_the_committed_document() -> None:
    with World().running() as world:
        reply = world.send("GET", "/openapi.json", [])
    assert (reply.status, reply.body) == (200, json.loads(openapi.TARGET.read_text(encoding="utf-8")))


def test_an_operations_success_is_of_one_media_type(document: dict[str, Any]) -> None:
    """What comes as a file too has a path of its own for each format."""
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            assert len(response.get("content", {})) <= 1 or path in AS_KEPT, (method, path, status)
    assert document["paths"]["/v1/disputes/csv"]["get"]["operationId"] == "list_disputes_csv"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/([^"]+)"', json.dumps(document)))
    assert references
    for reference in references:
        found: Any = document
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_names_of_operations_are_unique(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))


def test_every_documented_error_code_is_in_the_document(document: dict[str, Any]) -> None:
    assert document["components"]["schemas"]["ErrorDetail"]["properties"]["code"]["enum"] == sorted(STATUS_BY_CODE)
    answered = {code for _, _, operation in operations(document) for code in codes_of(operation)}
    # Of a method that a path does not have there is no operation.
    assert answered == set(STATUS_BY_CODE) - {"method_not_allowed"}


def codes_of(operation: dict[str, Any]) -> set[str]:
    """The codes that an operation says it may answer, each under its own status."""
    found = {(code, status) for status, answer in operation["responses"].items() for code in re.findall(r"`(\w+)`", answer["description"])}
    codes = {code for code, status in found if code in STATUS_BY_CODE}
    assert {(code, status) for code, status in found if code in codes} == {(code, str(STATUS_BY_CODE[code])) for code in codes}
    return codes


def test_every_route_with_a_scope_is_signed(document: dict[str, Any]) -> None:
    public = {path for _, path, operation in operations(document) if not operation["security"]}
    assert {"/v1/merchants/register", "/openapi.json", "/health"} <= public <= {path for _, path in EXEMPT}


def test_a_delete_needs_version_2_and_operators_sign_for_aws(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    for method, path, operation in operations(document):
        ways = [{schemes[name]["name"] for name in way} for way in operation["security"]]
        if path.startswith("/admin/"):
            assert ways == [{"Authorization"}]
        elif ways and ways[0] != SESSION:
            assert ways[0] == V1 | V2
            assert ways[1:] == ([SESSION] if method == "DELETE" else [V1, SESSION])


def test_what_is_a_persons_own_takes_a_session_and_no_key(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    for _, path, operation in operations(document):
        ways = [{schemes[name]["name"] for name in way} for way in operation["security"]]
        own = path.startswith(("/v1/approvals", "/v1/console/users/me/", "/v1/console/session")) and bool(ways)
        assert (ways == [SESSION]) is own, path


def test_what_the_document_says_about_signatures_is_what_the_doors_read() -> None:
    """The headers and the first line of what is signed: a client is written from them."""
    described = json.dumps(TEXTS["security"])
    assert all(name.lower() in {known.lower() for known in V1 | V2 | SESSION | {"X-Mode"}} for name in re.findall(r"X-[\w-]+", described))
    assert signing.v2_input(method="GET", path="/", query=[], timestamp="1", nonce="n", idempotency_key="", body_hash="").startswith(
        b"PCX2\n"
    )
    assert "    PCX2\\n" in described


def test_answers_are_open_to_new_fields_and_bodies_are_closed(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for _, path, operation in operations(document):
        sent = reachable(operation.get("requestBody", {}), schemas)
        assert all(schemas[name].get("additionalProperties") is not True for name in sent)
        answered = reachable(operation["responses"], schemas)
        assert [name for name in answered if schemas[name].get("additionalProperties") is False] == [], path


def reachable(part: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of the schemas that a part refers to, through others too."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        new = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(waiting.pop()))) - found
        found |= new
        waiting += [schemas[name] for name in new]
    return found


def test_no_name_of_a_component_is_a_path_of_modules(document: dict[str, Any]) -> None:
    """Two models of one name would be kept apart so; generators then drop one of the answers."""
    names = list(document["components"]["schemas"])
    assert names
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []


def test_every_component_is_used(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas) == reachable([document["paths"], document["webhooks"]], schemas)


def test_nothing_has_a_default_of_null_and_no_field_of_a_body_has_a_default(document: dict[str, Any]) -> None:
    """A generator takes a field with a default for one that is always there."""
    assert '"default": null' not in json.dumps(document)
    for schema in document["components"]["schemas"].values():
        assert [name for name, content in schema.get("properties", {}).items() if "default" in content] == []


def test_every_operation_has_a_chapter_that_is_described(document: dict[str, Any]) -> None:
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    used = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert used == set(described)


def test_path_parameters_are_those_of_the_path(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))


def test_what_the_payer_does_next_is_distinguished_by_its_type(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["PaymentView"]["properties"]["next_action"]["anyOf"] == [{"$ref": "#/components/schemas/NextAction"}, {"type": "null"}]
    union = schemas["NextAction"]
    mapping = union["discriminator"]["mapping"]
    assert set(mapping) == {"upi_intent", "crypto_transfer", "redirect", "provider_fields"}
    for kind, place in mapping.items():
        assert schemas[place.rpartition("/")[2]]["properties"]["type"]["const"] == kind
    assert [{"$ref": place} for place in mapping.values()] == union["oneOf"]


def test_an_enum_of_values_belongs_to_a_field(document: dict[str, Any]) -> None:
    """A list for a field that was renamed says nothing any more. Some are of the operators' document alone."""
    of_operators = json.loads(openapi.OPERATORS_TARGET.read_text(encoding="utf-8"))
    schemas = of_operators["components"]["schemas"] | document["components"]["schemas"]
    for named, listed in values.ENUMS.items():
        model, _, field = named.partition(".")
        assert listed, named
        if not model.endswith("Query"):
            assert json.dumps(list(listed)) in json.dumps(schemas[model]["properties"][field]), named


def test_every_event_is_a_webhook_with_its_object(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert list(document["webhooks"]) == list(EVENTS)
    for event, webhook in document["webhooks"].items():
        content = webhook["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = schemas[content["$ref"].rpartition("/")[2]]
        assert event in body["properties"]["event"]["enum"]
        assert body["properties"]["data"]["$ref"].endswith("View")
        assert schemas["EventView"]["discriminator"]["mapping"][event] == content["$ref"]


def test_the_headers_of_a_webhook_are_those_that_are_sent(document: dict[str, Any]) -> None:
    secret = "whsec_" + base64.b64encode(bytes(24)).decode()
    sent = signatures.headers(event_id="evt_1", event="payment.success", body=b"{}", timestamp=1, secrets=[secret])
    assert set(document["components"]["parameters"]) == set(sent) - {"Content-Type", "User-Agent"}


def test_the_object_of_each_event_is_the_one_that_its_stream_makes() -> None:
    """The kinds of streams and the kinds of the document, which are distinguished by tables and by names."""
    streamed = {get_type_hints(kind.view)["return"] for kind in KINDS.values()}
    assert streamed == {of for _, of in documented.KINDS.values()}


def test_no_text_is_about_a_field_that_is_no_more(document: dict[str, Any]) -> None:
    named = {f"{model}.{field}" for model, schema in document["components"]["schemas"].items() for field in schema.get("properties", {})}
    queries = {
        f"{route.query.__name__}.{(info.alias or name)}"
        for app in openapi.apps()
        for route in app.routes
        if route.query is not None
        for name, info in route.query.model_fields.items()
    }
    asked = {
        f"path.{parameter['name']}"
        for _, _, operation in operations(document)
        for parameter in operation["parameters"]
        if parameter["in"] == "path"
    }
    exact = {name for name in TEXTS["fields"] if "." in name}
    assert exact - named - queries - asked == set()
    assert set(TEXTS["fields"]) - exact - {name.partition(".")[2] for name in named | queries | asked} == set()


def test_an_answer_calls_its_fields_what_the_document_calls_them() -> None:
    """A field with an alias is written with it only where its model says so."""
    models = {
        answer for app in openapi.apps() for route in app.routes for answer in (route.answer, route.other_answer) if answer is not None
    }
    aliased = {model for model in models if any(info.alias or info.serialization_alias for info in model.model_fields.values())}
    assert aliased
    assert [model.__name__ for model in aliased if not model.model_config.get("serialize_by_alias")] == []
