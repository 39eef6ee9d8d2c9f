"""A browser that was here once never comes by plain HTTP again."""

import pytest

from tests.support import template
from tests.support.world import Signer, World

HEADER = "max-age=31536000"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/assets/app.js", 200),
        ("/assets/none.js", 404),
        ("/openapi.json", 200),
        ("/health", 200),
        ("/pay/pay_none?t=x", 404),
    ],
)
def test_every_public_answer_says_so(world: World, path: str, status: int) -> None:
    reply = world.send("GET", path, [])
    assert (reply.status, reply.headers.get("strict-transport-security")) == (status, HEADER)


def test_every_signed_answer_says_so(world: World, merchant: Signer) -> None:
    for path, status in (("/v1/merchants/me", 200), ("/v1/payments/pay_none", 404)):
        reply = world.call(merchant, "GET", path)
        assert (reply.status, reply.headers.get("strict-transport-security")) == (status, HEADER)


def test_what_the_gateway_answers_by_itself_says_so() -> None:
    (api,) = template.properties("AWS::Serverless::Api").values()
    given = [answer["ResponseParameters"]["Headers"]["Strict-Transport-Security"] for answer in api["GatewayResponses"].values()]
    assert given
    assert set(given) == {f"'{HEADER}'"}
