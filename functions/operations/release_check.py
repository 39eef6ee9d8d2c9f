"""A new version of the doors, tried before it gets traffic: the trial payment, carried by invoking the published versions.

What the gateway does with a request is done here: the authorizer's version decides, and the door's version is invoked with what it said.
"""

import base64
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from paycorex import aws

# The trial's routes, and whose they are. A test holds them to the template.
ROUTES: Final = {
    ("POST", "/v1/wallet/create"): "wallet",
    ("POST", "/v1/wallet/topup"): "wallet",
    ("POST", "/v1/payments/create"): "payments",
    ("GET", "/v1/payments/{payment_id}"): "payments",
    ("GET", "/v1/payments/{payment_id}/proof"): "dashboard",
}
AUTHORIZER: Final = "authorizer"
_STAGE: Final = "release-check"
_METHOD_ARN: Final = f"arn:aws:execute-api:local:000000000000:release/{_STAGE}/"
_UNAUTHORIZED: Final = 401
_BROKEN: Final = 502


class NoSuchRoute(LookupError):
    """The trial asked for a path that is none of its own."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The functions that are tried, by their names here: ARNs of published versions."""

    arns: Mapping[str, str]

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """Carry a request as the gateway would. A function that raises is answered 502. Raises NoSuchRoute, ClientError, BotoCoreError."""
        event, door = _event(method, target, headers, body)
        policy = self._invoke(AUTHORIZER, {**event, "type": "REQUEST", "methodArn": f"{_METHOD_ARN}{method}{event['path']}"})
        if policy is None:
            return _BROKEN, {}, b"the authorizer failed"
        if policy["policyDocument"]["Statement"][0]["Effect"] != "Allow":
            return _UNAUTHORIZED, {}, b""
        event["requestContext"]["authorizer"] = {**policy["context"], "principalId": policy["principalId"]}
        answer = self._invoke(door, event)
        if answer is None:
            return _BROKEN, {}, f"the door of {door} failed".encode()
        text = answer.get("body") or ""
        return answer["statusCode"], answer.get("headers") or {}, base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()

    def _invoke(self, name: str, event: Mapping[str, Any]) -> dict[str, Any] | None:
        answer = aws.functions().invoke(FunctionName=self.arns[name], Payload=json.dumps(event).encode())
        content: dict[str, Any] = json.loads(answer["Payload"].read())
        return None if "FunctionError" in answer else content


def _event(method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[dict[str, Any], str]:
    """The REST proxy event of a request, and whose route it is."""
    path, _, query = target.partition("?")
    resource, parameters, door = _route(method, path)
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    event = {
        "httpMethod": method,
        "path": path,
        "resource": resource,
        "pathParameters": parameters or None,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: given[-1] for name, given in values.items()} or None,
        "multiValueQueryStringParameters": values or None,
        "body": body.decode() if body else None,
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "identity": {"sourceIp": "127.0.0.1"},
            "stage": _STAGE,
            "httpMethod": method,
            "path": path,
        },
    }
    return event, door


def _route(method: str, path: str) -> tuple[str, dict[str, str], str]:
    for (wanted, resource), door in ROUTES.items():
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", resource), path)
        if found and wanted == method:
            return resource, found.groupdict(), door
    raise NoSuchRoute(f"{method} {path}")
