"""The contract as OpenAPI 3.1, generated from the routes and models that the doors themselves use."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from paycorex.errors import STATUS_BY_CODE
from paycorex.http.app import App
from paycorex.http.routes import Route

_REF = "#/components/schemas/{model}"
_TIMESTAMP = (
    "The time of signing, within 300 seconds: Unix milliseconds (13 digits) or seconds (10). "
    "Under v1, which has no nonce, milliseconds keep equal requests apart."
)
_SIGNATURE = (
    "Lower-case hex HMAC-SHA256 with the key's secret. v2 (with X-Signature-Version: 2, X-Content-SHA256 and X-Nonce) signs PCX2, method, "
    "path, query, time, nonce, Idempotency-Key and the body's hash, joined by line feeds. v1 signs the time followed by the body; "
    "a v1 signature is accepted for one mutating request, whatever its outcome."
)
_SIGNATURE_HEADERS = {
    "ApiKey": ("X-API-Key", "The API key."),
    "Timestamp": ("X-Timestamp", _TIMESTAMP),
    "Signature": ("X-Signature", _SIGNATURE),
}
_REPLAYED: dict[str, Any] = {
    "type": "boolean",
    "description": "True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one.",
}
_ERROR_STATUSES = sorted(set(STATUS_BY_CODE.values()))
_ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details", "request_id"],
            "properties": {
                "code": {"type": "string", "enum": sorted(STATUS_BY_CODE)},
                "message": {"type": "string"},
                "details": {"type": "object"},
                "request_id": {"type": "string"},
            },
        }
    },
}


def document(apps: Iterable[App], *, version: str) -> dict[str, Any]:
    """The whole document."""
    routes = [route for app in apps for route in app.routes]
    validating = {model for route in routes for model in (route.body, route.query) if model is not None}
    serializing = {answer for route in routes for answer in (route.answer, route.other_answer) if answer is not None}
    wanted: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in sorted(validating, key=_name)]
    wanted += [(model, "serialization") for model in sorted(serializing, key=_name)]
    schemas, definitions = models_json_schema(wanted, ref_template=_REF)
    for route in routes:
        if route.mutating and not route.public:
            _allow_replayed(route, schemas, definitions.get("$defs", {}))
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(routes, key=lambda route: (route.path, route.method)):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "PayCoreX", "version": version, "description": "Payment orchestration with a double-entry ledger."},
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Error": _ERROR_SCHEMA},
            "responses": _error_responses(),
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": header, "description": description}
                for name, (header, description) in _SIGNATURE_HEADERS.items()
            },
        },
    }


def _allow_replayed(route: Route, schemas: Mapping[Any, Any], definitions: dict[str, Any]) -> None:
    for answer in (route.answer, route.other_answer):
        if answer is not None:
            definitions[schemas[(answer, "serialization")]["$ref"].rpartition("/")[2]]["properties"]["replayed"] = _REPLAYED


def _operation(route: Route, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.function.__name__,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _responses(route, schemas),
    }
    if route.scope is not None:
        operation["security"] = [{name: [] for name in _SIGNATURE_HEADERS}]
        operation["description"] = f"Scope: {route.scope}"
    if route.body is not None:
        content = {"application/json": {"schema": schemas[(route.body, "validation")]}}
        required = any(field.is_required() for field in route.body.model_fields.values())
        operation["requestBody"] = {"required": required, "content": content}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in route.path_parameters
    ]
    if route.query is not None:
        schema = route.query.model_json_schema(ref_template=_REF)
        required = schema.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": content} for name, content in schema["properties"].items()
        ]
    if route.mutating:
        key = {"type": "string", "minLength": 1, "maxLength": 255}
        whose = (
            "the whole request, so that another client's use of the same key does not conflict"
            if route.public
            else "the merchant, under either scheme"
        )
        described = f"One effect, and the first outcome for a retry. Scoped to {whose}."
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key, "description": described})
    return found


def _responses(route: Route, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    successes = [(route.status, route.answer)]
    if route.other_status is not None:
        successes.append((route.other_status, route.other_answer or route.answer))
    responses: dict[str, Any] = {}
    for status, answer in successes:
        content: dict[str, Any] = {}
        if status == route.status:
            content = {media_type: {"schema": {"type": "string"}} for media_type in route.media_types}
        if answer is not None:
            content["application/json"] = {"schema": schemas[(answer, "serialization")]}
        responses[str(status)] = {"description": "Success", **({"content": content} if content else {})}
    return responses | (_error_pages() if route.refused else _errors())


def _errors() -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/{_error_name(status)}"} for status in _ERROR_STATUSES}


def _error_pages() -> dict[str, Any]:
    """Of a route that people read in a browser; 410 for what is no longer shown."""
    page = {"description": "A page that says what to do", "content": {"text/html": {"schema": {"type": "string"}}}}
    return {str(status): page for status in sorted({*_ERROR_STATUSES, 410})}


def _error_responses() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REF.format(model="Error")}}}
    codes = {status: sorted(code for code, of in STATUS_BY_CODE.items() if of == status) for status in _ERROR_STATUSES}
    return {_error_name(status): {"description": ", ".join(codes[status]), "content": content} for status in _ERROR_STATUSES}


def _error_name(status: int) -> str:
    return f"Error{status}"


def _name(model: type[BaseModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"
