"""The router finds what Powertools' resolver would find, and answers go out in the same shape."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.api_gateway import Response
from hypothesis import given
from hypothesis import strategies as st

from paycorex.http.answers import Answer, gateway_response
from paycorex.http.router import Router

ROUTES = [
    ("GET", "/v1/payments"),
    ("POST", "/v1/payments/create"),
    ("GET", "/v1/payments/{payment_id}"),
    ("GET", "/v1/payments/{payment_id}/late"),
    ("GET", "/v1/payments/search"),
    ("POST", "/v1/payments/{payment_id}/late/{late_id}/accept"),
    ("GET", "/v1/{anything}/fixed"),
    ("GET", "/openapi-json"),
]
SEGMENTS = [
    "v1",
    "payments",
    "create",
    "search",
    "late",
    "fixed",
    "accept",
    "pay_1",
    "a b",
    "%2F",
    "ü",
    'a"b',
    "a?b",
    "a#b",
    "",
    "x" * 130,
    "a\\b",
    "١",
]


def powertools() -> APIGatewayRestResolver:
    resolver = APIGatewayRestResolver()
    resolver.not_found(lambda _error: Response(404, "text/plain", ""))
    for method, path in ROUTES:

        def matched(route: str = f"{method} {path}", **parameters: str) -> Response[str]:
            return Response(200, "application/json", json.dumps([route, parameters]))

        resolver.route(path.replace("{", "<").replace("}", ">"), method=method)(matched)
    return resolver


LIBRARY, OURS = powertools(), Router[str]()
for METHOD, PATH in ROUTES:
    OURS.add(METHOD, PATH, f"{METHOD} {PATH}")


@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    segments=st.lists(st.sampled_from(SEGMENTS), max_size=6),
    end=st.sampled_from(["", "/", "//"]),
)
def test_it_finds_what_powertools_finds(method: str, segments: list[str], end: str) -> None:
    path = "/" + "/".join(segments) + end
    answer = LIBRARY.resolve({"httpMethod": method, "path": path, "requestContext": {}, "headers": {}}, {})  # type: ignore[arg-type]
    found = OURS.find(method, path)
    assert (None if answer["statusCode"] == 404 else json.loads(answer["body"])) == (None if found is None else list(found))


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_route_is_found_by_its_own_path(method: str, path: str) -> None:
    found = OURS.find(method, path.replace("{", "x").replace("}", ""))
    assert found is not None
    assert found[0] == f"{method} {path}"


def test_a_path_cannot_be_registered_twice() -> None:
    with pytest.raises(AssertionError, match="twice"):
        OURS.add(*ROUTES[0], "again")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(201, {"a": "ü"}, headers={"X-Request-Id": "req_1", "Retry-After": "1"}),
        Answer(200, b"\x89PNG", content_type="image/png"),
        Answer(302, "", content_type="text/html; charset=utf-8", headers={"Location": "/", "Cache-Control": "max-age=60"}),
    ],
)
def test_an_answer_goes_out_as_powertools_sends_it(answer: Answer) -> None:
    resolver = APIGatewayRestResolver()
    headers: dict[str, Any] = {"Cache-Control": "no-store", "Strict-Transport-Security": "max-age=31536000", **answer.headers}
    body: Any = answer.content()
    resolver.get("/x")(lambda: Response(answer.status, answer.content_type, body, headers=headers))
    sent = resolver.resolve({"httpMethod": "GET", "path": "/x", "requestContext": {}, "headers": {}}, {})  # type: ignore[arg-type]
    assert gateway_response(answer) == sent
