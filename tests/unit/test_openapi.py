"""The contract that the API serves about itself: what the doors do, and all of it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from local import openapi
from paycorex.errors import STATUS_BY_CODE
from tests.support import gateway
from tests.support.world import World
from tests.unit.test_template_routes import EXEMPT

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
        served = {(route.method, route.path) for app in gateway.apps() for route in app.routes}
    assert {(method, path) for method, path, _ in operations(document)} == served


def test_the_committed_document_is_the_generated_one() -> None:
    """`make openapi` writes it."""
    with World().running():
        assert openapi.TARGET.read_text(encoding="utf-8") == openapi.render()


def test_the_api_serves_the_committed_document() -> None:
    with World().running() as world:
        reply = world.send("GET", "/openapi.json", [])
    assert (reply.status, reply.body) == (200, json.loads(openapi.TARGET.read_text(encoding="utf-8")))


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
    assert document["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["enum"] == sorted(STATUS_BY_CODE)
    for _, _, operation in operations(document):
        assert {str(status) for status in STATUS_BY_CODE.values()} <= set(operation["responses"])


def test_every_route_with_a_scope_is_signed(document: dict[str, Any]) -> None:
    public = {path for _, path, operation in operations(document) if "security" not in operation and not path.startswith("/admin/")}
    assert {"/v1/merchants/register", "/openapi.json", "/health"} <= public <= {path for _, path in EXEMPT}


def test_path_parameters_are_those_of_the_path(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path))
