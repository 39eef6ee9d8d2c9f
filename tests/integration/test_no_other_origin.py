"""No page of another origin may call the API: no answer has a header of CORS, and no route answers a preflight."""

import pytest

from tests.support import template
from tests.support.world import Signer, World

ORIGIN = [("Origin", "https://shop.example.com")]


@pytest.mark.parametrize("path", ["/", "/assets/app.js", "/openapi.json", "/health", "/pay/pay_none?t=x", "/v1/merchants/me", "/v1/none"])
def test_no_answer_lets_another_origin_read_it(world: World, path: str) -> None:
    reply = world.send("GET", path, ORIGIN)
    assert [name for name in reply.headers if name.startswith("access-control-")] == []


def test_no_signed_answer_lets_another_origin_read_it(world: World, merchant: Signer) -> None:
    paid = {"amount": "10.00", "method": "wallet", "user_id": "asha"}
    for reply in (
        world.call(merchant, "GET", "/v1/merchants/me", headers=ORIGIN),
        world.call(merchant, "POST", "/v1/payments/create", paid, headers=ORIGIN),
    ):
        assert [name for name in reply.headers if name.startswith("access-control-")] == []


@pytest.mark.parametrize("path", ["/v1/payments/create", "/v1/merchants/me", "/", "/pay/pay_none/sandbox"])
def test_a_preflight_is_not_allowed(world: World, path: str) -> None:
    asked = [*ORIGIN, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-signature")]
    reply = world.send("OPTIONS", path, asked)
    assert (reply.status, [name for name in reply.headers if name.startswith("access-control-")]) == (405, [])


def test_the_gateway_itself_lets_no_other_origin_in() -> None:
    (api,) = template.properties("AWS::Serverless::Api").values()
    assert "Cors" not in api
    (translated,) = template.translated_resources("AWS::ApiGateway::RestApi").values()
    assert not [path for path, methods in translated["Properties"]["Body"]["paths"].items() if "options" in methods]
    answers = translated["Properties"]["Body"]["x-amazon-apigateway-gateway-responses"].values()
    assert answers
    assert not [name for answer in answers for name in answer.get("responseParameters", {}) if "access-control" in name.lower()]
