"""A custom domain may have a base path in front of every route: it is not part of what is signed, matched or remembered."""

import json

import pytest

from paycorex.gateway_event import is_greedy, path_of
from tests.support import gateway
from tests.support.world import Signer, World

CREATE = "/v1/payments/create"
BASES = ["", "/pay", "/shop/v1", "/v1"]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("scheme", ["v1", "v2"])
def test_a_signed_request_pays_by_whatever_address_it_came(world: World, merchant: Signer, base: str, scheme: str) -> None:
    world.wallet(merchant, "asha", "100.00")
    body = json.dumps({"amount": "10.00", "method": "wallet", "user_id": "asha"}).encode()
    headers = merchant.v1(body) if scheme == "v1" else merchant.v2("POST", CREATE, body)
    reply = gateway.send("POST", CREATE, headers, body, base_path=base)
    assert (reply.status, reply.body["status"]) == (201, "success"), reply.raw
    shown = f"/v1/payments/{reply.body['payment_id']}"
    assert gateway.send("GET", shown, merchant.v2("GET", shown, b""), base_path=base).status == 200


def test_a_retry_by_another_address_is_the_same_request(world: World, merchant: Signer) -> None:
    world.wallet(merchant, "asha", "100.00")
    body = json.dumps({"amount": "10.00", "method": "wallet", "user_id": "asha"}).encode()
    key = ("Idempotency-Key", "order-1")
    replies = [
        gateway.send("POST", CREATE, [*merchant.v2("POST", CREATE, body, key="order-1"), key], body, base_path=base) for base in BASES
    ]
    assert {reply.status for reply in replies} == {201}
    assert len({reply.body["payment_id"] for reply in replies}) == 1


def test_a_signature_over_the_base_path_is_refused(world: World, merchant: Signer) -> None:
    """One address more or less must not change what a signature means."""
    assert gateway.send("GET", "/v1/payments", merchant.v2("GET", "/pay/v1/payments", b""), base_path="/pay").status == 401


@pytest.mark.parametrize("base", BASES)
def test_pages_and_documents_are_found_under_a_base_path(world: World, base: str) -> None:
    for path in ("/", "/health", "/openapi.json", "/assets/app.js"):
        assert gateway.send("GET", path, [], base_path=base).status == 200, path


@pytest.mark.parametrize(
    ("path", "resource", "own"),
    [
        ("/v1/payments", "/v1/payments", "/v1/payments"),
        ("/pay/v1/payments", "/v1/payments", "/v1/payments"),
        ("/v1/v1/payments", "/v1/payments", "/v1/payments"),
        ("/pay/v1/payments/a%2Fb", "/v1/payments/{payment_id}", "/v1/payments/a%2Fb"),
        ("/pay", "/", "/"),
        ("/pay/", "/", "/"),
        ("/", "/", "/"),
        # What the gateway would not route like this is left as it is.
        ("/pay/v1/payments/", "/v1/payments", "/pay/v1/payments/"),
        ("/v1", "/v1/payments", "/v1"),
        ("/pay/v2/payments", "/v1/payments", "/pay/v2/payments"),
        ("/pay/v1/payments", "", "/pay/v1/payments"),
    ],
)
def test_the_path_is_the_part_that_the_route_describes(path: str, resource: str, own: str) -> None:
    assert path_of({"path": path, "resource": resource}) == own


@pytest.mark.parametrize("base", ["", "/pay", "/admin", "/admin/v2"])
def test_a_greedy_route_names_what_is_left_of_the_path(base: str) -> None:
    event = {"path": f"{base}/admin/set-aside/a%2Fb", "resource": "/admin/{proxy+}", "pathParameters": {"proxy": "set-aside/a%2Fb"}}
    assert path_of(event) == "/admin/set-aside/a%2Fb"
    assert not is_greedy(event)
    rest = {"path": f"{base}/nowhere", "resource": "/{proxy+}", "pathParameters": {"proxy": "nowhere"}}
    assert path_of(rest) == "/nowhere"
    assert is_greedy(rest)
