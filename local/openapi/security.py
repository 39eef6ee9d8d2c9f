"""How a request is signed, as security schemes: every header of both versions, and which operations take which."""

from typing import Any, Final

from local.openapi.texts import TEXTS
from paycorex.credentials import operators, sessions
from paycorex.credentials.roles import OWN
from paycorex.http.routes import Route

_HEADERS: Final = {
    "ApiKey": "X-API-Key",
    "Timestamp": "X-Timestamp",
    "Signature": "X-Signature",
    "SignatureVersion": "X-Signature-Version",
    "ContentSHA256": "X-Content-SHA256",
    "Nonce": "X-Nonce",
}
_V1: Final = ("ApiKey", "Timestamp", "Signature")
_OPERATORS: Final = "AwsSignature"
# A person in the console: both count together.
_SESSION: Final = {"Session": ("cookie", sessions.COOKIE), "CsrfToken": ("header", "X-CSRF-Token")}
_OPERATORS_SESSION: Final = {"OperatorSession": ("cookie", operators.COOKIE), "OperatorToken": ("header", "X-CSRF-Token")}


def operators_schemes() -> dict[str, Any]:
    """The schemes of the operators' document."""
    described = TEXTS["operators"]
    return {
        name: {"type": "apiKey", "in": place, "name": called, "description": described[name]}
        for name, (place, called) in _OPERATORS_SESSION.items()
    }


def schemes() -> dict[str, Any]:
    """All schemes. Those of a merchant's request are one header each: they only count together."""
    described = TEXTS["security"]
    found: dict[str, Any] = {
        name: {"type": "apiKey", "in": "header", "name": header, "description": described[name]} for name, header in _HEADERS.items()
    }
    found |= {
        name: {"type": "apiKey", "in": place, "name": called, "description": described[name]} for name, (place, called) in _SESSION.items()
    }
    operators = {"type": "apiKey", "in": "header", "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4"}
    found[_OPERATORS] = operators | {"description": described[_OPERATORS]}
    return found


def of(route: Route) -> list[dict[str, list[str]]]:
    """What a route asks for: either version of the signature, v2 alone for DELETE, or a session; AWS's own for operators; or nothing.

    What is a person's own takes a session alone.
    """
    if route.path.startswith("/admin/"):
        return [{_OPERATORS: []}]
    if route.public:
        return []
    if operators.is_operators(route.path):
        return [{name: [] for name in _OPERATORS_SESSION}]
    session: dict[str, list[str]] = {name: [] for name in _SESSION}
    if route.scope == OWN:
        return [session]
    v2: dict[str, list[str]] = {name: [] for name in _HEADERS}
    return [v2, session] if route.method == "DELETE" else [v2, {name: [] for name in _V1}, session]
