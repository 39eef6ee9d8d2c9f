"""API Gateway in one process: finds the route, asks the real authorizer, calls the real door. (The template is tested apart.)"""

import base64
import importlib
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from paycorex import ids
from paycorex.credentials import operators
from paycorex.errors import Refusal, TemporarilyUnavailable, Unauthorized
from paycorex.http import App, request
from paycorex.http.answers import MAX_RESPONSE_BYTES, refusal_answer
from tests.support import contract_calls

ROOMS = ("merchants", "people", "payments", "settlements", "wallet", "tokens", "webhooks", "crypto_monitor", "dashboard", "statements")
# The operators', behind the gateway's own IAM check.
ADMIN_DOOR = "operations.door"
BY_IAM = "/admin/"
# What the deployed stage has of them, which each event carries.
STAGE_VARIABLES: dict[str, str] = {}
# From which address requests come, as the gateway says it.
FROM: ContextVar[str] = ContextVar("source_ip", default="192.0.2.1")
_ARN = "arn:aws:execute-api:ap-south-1:000000000000:api/local/"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """The JSON body."""
        return json.loads(self.raw)

    @property
    def code(self) -> str | None:
        """The error code, if it is an error."""
        content = self.body
        error = content.get("error") if isinstance(content, dict) else None
        return error["code"] if isinstance(error, dict) else None

    def without_request_id(self) -> Any:
        """The body but for the request id: for "the same answer"."""
        content = self.body
        if isinstance(content, dict) and isinstance(content.get("error"), dict):
            content["error"].pop("request_id", None)
        return content


@cache
def apps() -> tuple[App, ...]:
    """The apps of all rooms that have a door."""
    doors = [*(f"{room}.door" for room in ROOMS if importlib.util.find_spec(room)), ADMIN_DOOR]
    return tuple(importlib.import_module(door).app for door in doors if importlib.util.find_spec(door))


def merchants_routes() -> list[Any]:
    """Every route but those of the operators' page, which has tests of its own."""
    return [route for app in apps() for route in app.routes if not f"{route.path}/".startswith(operators.PATH)]


@cache
def _literal() -> Mapping[tuple[str, str], tuple[App, Any]]:
    """The routes whose paths have no parameters, by method and path."""
    return {(route.method, route.path): (app, route) for app in reversed(apps()) for route in reversed(app.routes) if "{" not in route.path}


@cache
def _patterns() -> Mapping[tuple[str, int], list[tuple[App, Any, re.Pattern[str]]]]:
    """The other routes with the pattern of their paths, by method and number of parts: made once, since every request asks."""
    found: dict[tuple[str, int], list[tuple[App, Any, re.Pattern[str]]]] = {}
    for app in apps():
        for route in app.routes:
            if "{" in route.path:
                pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path))
                found.setdefault((route.method, route.path.count("/")), []).append((app, route, pattern))
    return found


def match(method: str, path: str) -> tuple[App, Any, dict[str, str]] | None:
    """The app, route and path parameters of a request; a literal path wins over one with parameters."""
    literal = _literal().get((method, path))
    if literal is not None:
        return (*literal, {})
    alike = _patterns().get((method, path.count("/")), [])
    candidates = [(app, route, found.groupdict()) for app, route, pattern in alike if (found := pattern.fullmatch(path))]
    return min(candidates, key=lambda candidate: len(candidate[2]), default=None)


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Requests come from this address."""
    token = FROM.set(address)
    try:
        yield
    finally:
        FROM.reset(token)


def proxy_event(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> dict[str, Any]:
    """The REST proxy event of a request."""
    parts = urlsplit(target)
    query = parse_qsl(parts.query, keep_blank_values=True)
    many_headers: dict[str, list[str]] = {}
    for name, value in headers:
        many_headers.setdefault(name, []).append(value)
    many_query: dict[str, list[str]] = {}
    for name, value in query:
        many_query.setdefault(name, []).append(value)
    # The gateway decodes a text body as UTF-8, with replacement characters for what is not.
    text = body.decode("utf-8", "replace") if body else None
    return {
        "httpMethod": method,
        "path": parts.path,
        "headers": {name: values[-1] for name, values in many_headers.items()},
        "multiValueHeaders": many_headers,
        "queryStringParameters": {name: values[-1] for name, values in many_query.items()} or None,
        "multiValueQueryStringParameters": many_query or None,
        "body": text,
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": ids.new("req"),
            "identity": {"sourceIp": FROM.get()},
            "stage": "local",
            "httpMethod": method,
        },
        "stageVariables": STAGE_VARIABLES or None,
    }


def send(method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"", *, base_path: str = "") -> Reply:
    """One request through authorizer and door, as API Gateway would route it. base_path: of the custom domain that it came by."""
    event = proxy_event(method, target, headers, body)
    found = match(method, event["path"])
    if found is None:
        # The template's greedy routes, which the gateway takes where no other has this path and method.
        if event["path"].startswith(BY_IAM):
            return as_operator(event)
        event |= {**_rest(event["path"], "/"), "path": base_path + event["path"]}
        return _reply(importlib.import_module("dashboard.door").handler(event, None))
    app, route, parameters = found
    routed = by_iam(event["path"]) if event["path"].startswith(BY_IAM) else {"pathParameters": parameters or None, "resource": route.path}
    event |= {**routed, "path": base_path + event["path"]}
    event["requestContext"]["path"] = event["path"]
    if not route.public:
        refused = _authorize(event)
        if refused is not None:
            return refused
    reply = _reply(app.handler(event, None))
    contract_calls.note(route, reply.raw, reply.headers.get("content-type", ""))
    return reply


def by_iam(path: str) -> dict[str, Any]:
    """What the gateway says of a path below `/admin/`: one route is all of them, and the door finds its own."""
    return _rest(path, BY_IAM)


def as_operator(event: Mapping[str, Any]) -> Reply:
    """What the operators' door answers to an event that the gateway's IAM check let through."""
    return _reply(importlib.import_module(ADMIN_DOOR).handler({**event, **by_iam(event["path"])}, None))


def _rest(path: str, before: str) -> dict[str, Any]:
    return {"pathParameters": {"proxy": path.removeprefix(before)}, "resource": before + "{proxy+}"}


def _authorize(event: dict[str, Any]) -> Reply | None:
    from authorizer import door

    try:
        policy = door.handler({**event, "type": "REQUEST", "methodArn": f"{_ARN}{event['httpMethod']}{event['path']}"}, None)
    except Exception:  # noqa: BLE001 - whatever it is, the gateway answers AUTHORIZER_FAILURE
        return _gateway_response(TemporarilyUnavailable())
    if policy["policyDocument"]["Statement"][0]["Effect"] != "Allow":
        return _gateway_response(Unauthorized("denied"))
    event["requestContext"]["authorizer"] = {**policy["context"], "principalId": policy["principalId"]}
    return None


def _gateway_response(refusal: Refusal) -> Reply:
    """The gateway's own answer: the same body that a door gives. (That the template says so is tested with the template.)"""
    answer = refusal_answer(refusal, "gateway").documented(request.docs_url_of({"stageVariables": STAGE_VARIABLES}))
    headers = {name.lower(): value for name, value in answer.headers.items()} | {"content-type": answer.content_type}
    return Reply(answer.status, headers, str(answer.content()).encode())


def _reply(answer: dict[str, Any]) -> Reply:
    # Lambda refuses what is larger, as its runtime encodes it, and answers with an error of its own.
    assert len(json.dumps(answer)) <= MAX_RESPONSE_BYTES
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    headers |= {name.lower(): values[-1] for name, values in (answer.get("multiValueHeaders") or {}).items()}
    body = answer.get("body") or ""
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    return Reply(answer["statusCode"], headers, raw)
