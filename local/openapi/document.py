"""The whole document: OpenAPI 3.1 of all routes."""

from collections.abc import Iterable
from typing import Any, Final

from local.openapi import events, examples, operations, refusals, security, tags
from local.openapi.schemas import Components
from local.openapi.texts import TEXTS
from paycorex.credentials import operators
from paycorex.http.app import App

_HEADERS: Final = ("X-Request-Id", "Retry-After", "Idempotent-Replayed", "X-Next-Cursor")
# The first one is where the document is read from, whatever stage or domain that is.
_SERVERS: Final[list[dict[str, Any]]] = [
    {"url": ".", "description": "The API that serves this document."},
    {
        "url": "http://{host}",
        "description": "The local platform (`make run`).",
        "variables": {"host": {"default": "localhost:8080", "description": "Host and port."}},
    },
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
        "description": "A stack on AWS without a domain of its own.",
        "variables": {
            "api": {"default": "abcdefghij", "description": "The API's id."},
            "region": {"default": "ap-south-1", "description": "The stack's region."},
            "stage": {"default": "prod", "description": "The stack's stage."},
        },
    },
]


def document(apps: Iterable[App], *, version: str) -> dict[str, Any]:
    """The document of these apps' routes."""
    routes = [route for app in apps for route in app.routes if not _is_of_the_operators_page(route.path)]
    components = Components(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(routes, key=lambda route: (route.path, route.method)):
        paths.setdefault(route.path, {})[route.method.lower()] = operations.operation(route, components)
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": _info(version),
        "servers": _SERVERS,
        "tags": tags.described(tags.of(path) for path in (*paths, "/v1/events")),
        "paths": paths,
        "webhooks": events.webhooks(),
        "x-error-codes": refusals.catalogue(),
        "components": {
            "schemas": components.schemas | events.schemas(components.schemas["EventView"]) | refusals.SCHEMAS,
            "parameters": events.parameters(),
            "headers": {name: _header(name) for name in _HEADERS},
            "securitySchemes": security.schemes(),
        },
    }
    examples.add_to(found)
    return found


def _is_of_the_operators_page(path: str) -> bool:
    return f"{path}/".startswith(operators.PATH)


def operators_document(apps: Iterable[App], *, version: str) -> dict[str, Any]:
    """The document of the operators' page: its routes alone, which stand in no merchant's document."""
    routes = [route for app in apps for route in app.routes if operators.is_operators(route.path) and route.answer]
    components = Components(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(routes, key=lambda route: (route.path, route.method)):
        paths.setdefault(route.path, {})[route.method.lower()] = operations.operation(route, components)
    info = _info(version) | {"title": "PayCoreX for operators", "description": TEXTS["operators"]["description"].strip()}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": "..", "description": "The API that serves this document."}],
        "tags": tags.described(["Operators"]),
        "paths": paths,
        "components": {
            "schemas": components.schemas | refusals.SCHEMAS,
            "headers": {name: _header(name) for name in _HEADERS},
            "securitySchemes": security.operators_schemes(),
        },
    }


def _info(version: str) -> dict[str, Any]:
    return {
        "title": "PayCoreX",
        "version": version,
        "description": TEXTS["info"]["description"].strip(),
        "contact": {"name": "PayCoreX"},
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _header(name: str) -> dict[str, Any]:
    kind = "integer" if name == "Retry-After" else "string"
    return {"description": TEXTS["headers"][name], "schema": {"type": kind}}
