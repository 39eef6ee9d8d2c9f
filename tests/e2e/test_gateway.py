"""What the gateway itself answers: the documented bodies, and nothing about why."""

import pytest

from tests.e2e.deployed import Deployed

# What the emulator's own server adds here and there.
_OF_THE_SERVER = {"date", "server", "connection", "content-length", "transfer-encoding"}


def test_an_unsigned_request_is_refused_with_the_documented_body(deployed: Deployed) -> None:
    reply = deployed.send("GET", "/v1/payments", [])
    assert (reply.status, reply.code) == (401, "unauthorized")
    assert not {"www-authenticate", "x-amzn-remapped-www-authenticate"} & set(reply.headers)
    assert set(reply.body["error"]) == {"code", "message", "details", "request_id", "doc_url"}


def test_every_cause_of_a_401_is_answered_alike(deployed: Deployed) -> None:
    merchant = deployed.register()
    wrong_key = [("X-API-Key", "pcx_" + "0" * 40), *merchant.v1(b"")[1:]]
    wrong_signature = [*merchant.v1(b"")[:2], ("X-Signature", "0" * 64)]
    wrong_body = merchant.v1(b'{"amount": 1}')
    replies = [
        deployed.send("GET", "/v1/payments", wrong_key),
        deployed.send("GET", "/v1/payments", wrong_signature),
        deployed.send("POST", "/v1/payments/create", wrong_body, b'{"amount": 2}'),
    ]
    for reply in replies:
        assert reply.status == 401
        body = reply.without_request_id()
        assert body["error"]["code"] == "unauthorized"
        # Outside production, what had to be signed is shown, whether the key is known or not.
        assert set(body["error"]["details"]) == {"string_to_sign"}


def test_a_wrong_signature_over_a_body_and_an_unknown_key_are_answered_alike_to_the_last_header(deployed: Deployed) -> None:
    merchant, body = deployed.register(), b'{"amount": 1}'
    unknown = [("X-API-Key", "pcx_" + "0" * 40), *merchant.v1(body)[1:]]
    replies = [deployed.send("POST", "/v1/payments/create", headers, b'{"amount": 2}') for headers in (merchant.v1(body), unknown)]
    for reply in replies:
        assert reply.status == 401
        assert set(reply.headers) - _OF_THE_SERVER == set(replies[0].headers) - _OF_THE_SERVER
        assert reply.without_request_id() == replies[0].without_request_id()


def test_an_unknown_route_is_404_with_the_error_body(deployed: Deployed) -> None:
    reply = deployed.send("GET", "/v1/nowhere", [])
    assert (reply.status, reply.code) == (404, "not_found")


@pytest.mark.parametrize("path", ["/health", "/openapi.json"])
def test_public_documents_need_no_signature(deployed: Deployed, path: str) -> None:
    assert deployed.send("GET", path, []).status == 200


def test_the_operators_pages_are_not_public(deployed: Deployed) -> None:
    assert deployed.send("GET", "/admin/merchants", []).status in {403, 404}
