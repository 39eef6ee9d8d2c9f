"""The API of template.yaml against the doors: the same routes, the same exemptions, the same errors."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local import gateway_answers
from paycorex.errors import STATUS_BY_CODE, TemporarilyUnavailable, Unauthorized
from paycorex.http.answers import doc_url, refusal_answer
from tests.support import gateway, template
from tests.support.world import World

FUNCTION = "AWS::Serverless::Function"
# What no route takes: a door answers it, and no function is registered for it.
EVERYTHING_ELSE = {("dashboard", "ANY", "/{proxy+}"), ("dashboard", "ANY", "/")}
BY_IAM = f"{gateway.BY_IAM}{{proxy+}}"
DOCS = "https://docs.example"
EXEMPT = frozenset(
    {
        ("POST", "/v1/merchants/register"),
        ("GET", "/"),
        ("GET", "/favicon.ico"),
        ("GET", "/openapi.json"),
        ("GET", "/health"),
        ("GET", "/docs/reference/errors"),
        # By the short token in the payer's link.
        ("GET", "/pay/{payment_id}"),
        ("GET", "/pay/{payment_id}/status"),
        ("POST", "/pay/{payment_id}/sandbox"),
        ("GET", "/pay/{payment_id}/back"),
        ("POST", "/pay/{payment_id}/back"),
        ("GET", "/pay/{payment_id}/fields"),
        ("POST", "/pay/{payment_id}/fields"),
        ("POST", "/pay/{payment_id}/look"),
        ("POST", "/pay/{payment_id}/keep"),
        ("GET", "/c/{session_id}"),
        ("POST", "/c/{session_id}/pay"),
        ("DELETE", "/c/{session_id}"),
        ("POST", "/c/{session_id}/customer"),
        ("GET", "/c/{session_id}/receipt.pdf"),
        ("GET", "/checkout.js"),
        # By the code that is printed.
        ("GET", "/l/{code}"),
        ("POST", "/l/{code}/pay"),
        # What lets in is a passkey, a ticket, or the cookie of a session.
        ("GET", "/v1/console/session"),
        ("POST", "/v1/console/sessions/challenge"),
        ("POST", "/v1/console/sessions"),
        ("POST", "/v1/console/passkeys/challenge"),
        ("POST", "/v1/console/passkeys"),
        # The operators' page and the ways in to it.
        ("GET", "/operator"),
        ("GET", "/operator/openapi.json"),
        ("GET", "/operator/v1/session"),
        ("POST", "/operator/v1/sessions/challenge"),
        ("POST", "/operator/v1/sessions"),
        ("POST", "/operator/v1/passkeys/challenge"),
        ("POST", "/operator/v1/passkeys"),
        ("GET", "/assets/{file}"),
        ("POST", "/v1/callbacks/{connector}/{merchant_id}"),
    }
)


def routes() -> Iterator[tuple[str, str, str, str | None]]:
    """Room, method, path and authorizer of every route in the template."""
    functions = template.properties(FUNCTION)
    for route in template.routes():
        yield functions[route.function]["Handler"].partition(".")[0], route.method, route.path, route.authorizer


def api() -> dict[str, Any]:
    return template.properties("AWS::Serverless::Api")["Api"]


def test_the_template_and_the_doors_have_the_same_routes() -> None:
    with World().running():
        routed = [route for app in gateway.apps() for route in app.routes]
        served = {(route.function.__module__.partition(".")[0], route.method, route.path) for route in routed}
    declared = {(room, method, path) for room, method, path, _auth in routes()}
    # One route of the gateway for all of the operators' by IAM: that its door has them is tested with the door.
    by_iam = {route for route in served if route[2].startswith(gateway.BY_IAM)}
    assert {room for room, _method, _path in by_iam} == {"operations"}
    assert declared == served - by_iam | EVERYTHING_ELSE | {("operations", "ANY", BY_IAM)}


def test_exactly_the_documented_routes_are_exempt_from_the_signature() -> None:
    exempt = {(method, path) for room, method, path, auth in routes() if auth == "NONE" and (room, method, path) not in EVERYTHING_ELSE}
    assert exempt <= EXEMPT
    with World().running():
        assert exempt == {
            (route.method, route.path)
            for app in gateway.apps()
            for route in app.routes
            if route.public and not route.path.startswith("/admin/")
        }


def test_the_operators_page_is_open_to_a_session_alone() -> None:
    """The authorizer decides about every route of it but those by which an operator comes in, and the page itself."""
    open_ones = {(method, path) for _room, method, path, auth in routes() if f"{path}/".startswith("/operator/") and auth == "NONE"}
    assert open_ones == {(method, path) for method, path in EXEMPT if f"{path}/".startswith("/operator/")}


def test_operators_come_in_by_iam_only() -> None:
    for _room, _method, path, auth in routes():
        assert (auth == "AWS_IAM") is path.startswith("/admin/"), path


def test_every_other_route_asks_the_authorizer_each_time() -> None:
    auth = api()["Auth"]
    authorizer = auth["Authorizers"][auth["DefaultAuthorizer"]]
    assert authorizer["FunctionArn"] == {"Ref": "AuthorizerFunction.Alias"}
    assert authorizer["FunctionPayloadType"] == "REQUEST"
    assert authorizer["Identity"]["ReauthorizeEvery"] == 0


def answer(kind: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, error and headers that the gateway answers with by itself."""
    declared = api()["GatewayResponses"][kind]
    # A text and not a reference to one, but for where the documentation is: what does not change the API's definition is not deployed.
    text, variables = declared["ResponseTemplates"]["application/json"]["Fn::Sub"]
    assert set(variables) == {"Docs"}
    error = json.loads(text.replace("${Docs}", DOCS))["error"]
    return int(declared["StatusCode"]), error, declared["ResponseParameters"]["Headers"]


@pytest.mark.parametrize("kind", sorted(api()["GatewayResponses"]))
def test_the_gateway_answers_errors_like_the_doors(kind: str) -> None:
    status, error, headers = answer(kind)
    assert set(error) == {"code", "message", "details", "request_id", "doc_url"}
    assert error["doc_url"] == doc_url(DOCS, error["code"])
    assert STATUS_BY_CODE[error["code"]] == status
    assert error["request_id"] == "$context.requestId"
    assert headers["X-Request-Id"] == "context.requestId"
    if status in {429, 503}:
        assert headers["Retry-After"].strip("'").isdigit()


@pytest.mark.parametrize("kind", ["UNAUTHORIZED", "ACCESS_DENIED"])
def test_a_refusal_by_the_authorizer_looks_like_one_by_a_door(kind: str) -> None:
    door = refusal_answer(Unauthorized("any cause"), "$context.requestId").documented(DOCS)
    status, error, headers = answer(kind)
    assert status == door.status
    assert {"error": error} == json.loads(door.content())
    # The doors' answers get these two from their app.
    whole = {**door.headers, "Cache-Control": "no-store", "Strict-Transport-Security": "max-age=31536000"}
    assert {name: value.strip("'") for name, value in headers.items() if name != "X-Request-Id"} == whole


@pytest.mark.parametrize("kind", ["AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"])
def test_an_authorizer_in_trouble_is_unavailable_and_lets_no_caller_in(kind: str) -> None:
    door = refusal_answer(TemporarilyUnavailable(), "$context.requestId").documented(DOCS)
    status, error, _headers = answer(kind)
    assert (status, {"error": error}) == (door.status, json.loads(door.content()))


def test_the_emulators_gateway_has_the_same_answers() -> None:
    """As resources of their own, which are not part of the template: AWS takes the API's."""
    assert template.properties("AWS::ApiGateway::GatewayResponse") == {}
    adapted = gateway_answers.beside_the_api(template.template())["Resources"]
    local = {one["Properties"]["ResponseType"]: one["Properties"] for name, one in adapted.items() if name.startswith("ApiAnswer")}
    assert set(local) == set(api()["GatewayResponses"])
    for kind, declared in api()["GatewayResponses"].items():
        assert int(local[kind]["StatusCode"]) == declared["StatusCode"]
        assert local[kind]["ResponseTemplates"] == declared["ResponseTemplates"]
        headers = declared["ResponseParameters"]["Headers"]
        assert local[kind]["ResponseParameters"] == {f"gatewayresponse.header.{name}": value for name, value in headers.items()}


def test_the_emulator_gets_the_template_and_nothing_else_beside_the_answers() -> None:
    adapted = gateway_answers.beside_the_api(template.template())
    kept = {name: one for name, one in adapted["Resources"].items() if not name.startswith("ApiAnswer")}
    paths, whole = kept["Api"]["Properties"]["DefinitionBody"]["paths"], api()["DefinitionBody"]["paths"]
    for path in ("/", "/{proxy+}", BY_IAM):
        every = whole[path]["x-amazon-apigateway-any-method"]
        assert paths[path] == dict.fromkeys(["get", "post", "put", "delete", "patch", "head", "options"], every) | {
            method: one for method, one in whole[path].items() if one != every
        }
        paths[path] = whole[path]
    assert {**adapted, "Resources": kept} == template.template()
