"""What a wrong path or method is answered with: the methods of the path, and what was probably meant. And where every error leads."""

import json
import re
from typing import Any

import pytest

from paycorex import settings
from paycorex.errors import STATUS_BY_CODE
from paycorex.http import no_route
from tests.support import gateway
from tests.support.expectations import nothing_written
from tests.support.world import Signer, World


@pytest.mark.parametrize(
    ("method", "path", "allow", "meant"),
    [
        ("POST", "/v1/payments", "GET", "POST /v1/payments/create"),
        ("PUT", "/v1/merchants/me", "GET, PATCH", None),
        ("DELETE", "/v1/payments/pay_x", "GET, PATCH", None),
        ("OPTIONS", "/v1/payments/create", "POST", None),
        ("HEAD", "/health", "GET", None),
        ("GET", "/v1/payments/pay_x/capture", "POST", "GET /v1/payments/{payment_id}/captures"),
        ("POST", "/v1/payments/creat", "GET, PATCH", "POST /v1/payments/create"),
    ],
)
def test_a_known_path_names_the_methods_that_it_takes(world: World, method: str, path: str, allow: str, meant: str | None) -> None:
    with nothing_written(world):
        reply = gateway.send(method, path, [], b"")
    assert (reply.status, reply.code, reply.headers["allow"]) == (405, "method_not_allowed", allow)
    error = reply.body["error"]
    assert error["details"]["allow"] == allow.split(", ")
    assert error["details"].get("did_you_mean") == meant
    assert f"This path takes {' and '.join(allow.split(', '))}." in error["message"]
    assert meant is None or f"Did you mean {meant}?" in error["message"]


@pytest.mark.parametrize(
    ("method", "path", "meant"),
    [
        ("POST", "/payments/create", "POST /v1/payments/create"),
        ("POST", "/v1/payment/create", "POST /v1/payments/create"),
        ("POST", "/v1/Payments/Create", "POST /v1/payments/create"),
        ("POST", "/v1/payments/pay_x/captur", "POST /v1/payments/{payment_id}/capture"),
        ("GET", "/v1/wallets", "GET /v1/wallet"),
        ("GET", "/wp-login.php", None),
        ("GET", "/" + "v1/payments/create" * 40, None),
        ("GET", "/v1", None),
    ],
)
def test_an_unknown_path_names_what_was_probably_meant(world: World, method: str, path: str, meant: str | None) -> None:
    reply = gateway.send(method, path, [], b"")
    assert (reply.status, reply.code) == (404, "not_found")
    assert reply.body["error"]["message"] == "No such route." + (f" Did you mean {meant}?" if meant else "")
    assert reply.body["error"]["details"] == ({"did_you_mean": meant} if meant else {})


def test_nothing_of_what_came_is_repeated(world: World) -> None:
    for path in ("/v1/payments/4242424242424242/x", "/<script>alert(1)</script>", "/v1/payments/crea\u00fc"):
        raw = gateway.send("POST", path, [], b"").raw.decode()
        assert "4242" not in raw
        assert "script" not in raw
        assert "\u00fc" not in raw


def test_a_base_path_in_front_changes_nothing(world: World) -> None:
    reply = gateway.send("POST", "/v1/payments", [], b"", base_path="/api")
    assert reply.body["error"]["details"]["did_you_mean"] == "POST /v1/payments/create"


def test_every_path_of_the_contract_is_known_to_the_door_that_answers(world: World) -> None:
    """For each path a method that it lacks is answered with those that it has."""
    paths = no_route.by_path((route.method, route.path) for route in gateway.merchants_routes())
    for path, methods in paths.items():
        filled = re.sub(r"\{\w+\}", "x", path)
        if filled == "/":
            continue
        assert gateway.send("TRACE", filled, [], b"").headers["allow"] == ", ".join(sorted(methods)), path


def errors(world: World, who: Signer) -> dict[str, Any]:
    """One answer of each place that refuses: the authorizer, a door, a route that is not there, and a replay."""
    body = json.dumps({"user_id": "asha", "amount": "1"}).encode()
    answers = {
        "gateway": world.send("GET", "/v1/payments", [("Accept", "*/*")]),
        "authorizer": world.send("GET", "/v1/payments", [("X-API-Key", "pcx_" + "0" * 40)]),
        "door": world.call(who, "POST", "/v1/wallet/topup", {"user_id": "asha", "amount": "0"}),
        "object": world.call(who, "GET", "/v1/payments/pay_" + "a" * 26),
        "signature": world.send("POST", "/v1/wallet/topup", Signer(who.api_key, "sk_other").v1(body), body),
        "no route": gateway.send("GET", "/nothing", [], b""),
        "method": gateway.send("DELETE", "/v1/wallet", [], b""),
    }
    return {name: reply.body["error"] for name, reply in answers.items()}


@pytest.mark.parametrize("published", ["https://docs.example/pay", None])
def test_every_error_says_where_its_code_is_explained(
    world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch, published: str | None
) -> None:
    settings.use(world.settings.model_copy(update={"public_base_url": "https://pay.example"}))
    if published:
        monkeypatch.setitem(gateway.STAGE_VARIABLES, "DocsUrl", published)
    docs = published or "https://pay.example/docs"
    for place, error in errors(world, merchant).items():
        assert error["doc_url"] == f"{docs}/reference/errors/#{error['code']}", place


def test_without_a_setting_the_link_leads_to_the_address_that_was_asked(world: World, merchant: Signer) -> None:
    settings.use(world.settings.model_copy(update={"public_base_url": ""}))
    reply = world.send("GET", "/nothing", [("Host", "api.example"), ("X-Forwarded-Proto", "https")])
    assert reply.body["error"]["doc_url"] == "https://api.example/docs/reference/errors/#not_found"


def test_the_api_itself_explains_every_code(world: World) -> None:
    page = gateway.send("GET", "/docs/reference/errors", [], b"")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    text = page.raw.decode()
    assert [code for code, status in STATUS_BY_CODE.items() if f'<h2 id="{code}">' not in text or f"Status {status}." not in text] == []
    assert "default-src 'none'" in page.headers["content-security-policy"]
