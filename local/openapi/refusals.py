"""Refusals: the one body they all have, and which of the codes an operation may answer."""

import json
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from local.openapi.schemas import REF
from local.openapi.texts import TEXTS
from paycorex.errors import STATUS_BY_CODE
from paycorex.http.routes import Route

# How the contract writes an amount (`paycorex.contract.AmountText`).
_AMOUNT: Final = json.dumps(r"^[0-9]{1,12}(\.[0-9]{1,3})?$")
# Of a page that people read; 410 for what is no longer shown.
_GONE: Final = 410
# Why each code is answered, and what the caller does then.
_CAUSES: Final = Path(__file__).with_name("errors.toml")
SCHEMAS: Final[dict[str, Any]] = {
    "ErrorAnswer": {
        "type": "object",
        "description": "What every refusal answers.",
        "required": ["error"],
        "properties": {"error": {"$ref": REF.format(model="ErrorDetail"), "description": "Why, for programs and for people."}},
    },
    "ErrorDetail": {
        "type": "object",
        "description": "Why a request was refused.",
        "required": ["code", "message", "details", "request_id", "doc_url"],
        "properties": {
            "code": {"type": "string", "enum": sorted(STATUS_BY_CODE), "description": "Stable, for programs. Each has one status."},
            "message": {"type": "string", "description": "For people. It may change."},
            "details": {"type": "object", "description": "Facts for programs, such as `field`.", "additionalProperties": True},
            "request_id": {"type": "string", "description": "The id of this request, as in X-Request-Id."},
            "doc_url": {"type": "string", "description": "Where this code is explained, with what to do."},
        },
    },
}


# What any request may meet, and any signed one.
_ANY: Final = ("internal_error", "invalid_request", "rate_limited", "temporarily_unavailable")
# Of a method that a path does not have there is no operation.
_OF_NO_OPERATION: Final = frozenset({"method_not_allowed"})
_SIGNED: Final = ("forbidden", "unauthorized")
_ONE_EFFECT: Final = ("conflict", "idempotency_key_reused", "request_in_progress")


def catalogue() -> dict[str, Any]:
    """Each code with its status, cause and cure."""
    causes = tomllib.loads(_CAUSES.read_text(encoding="utf-8"))
    return {code: {"status": status, **causes[code]} for code, status in STATUS_BY_CODE.items()}


def codes(route: Route) -> list[str]:
    """The codes that an operation may answer, sorted: those of its kind, and those that `texts/codes.toml` lists.

    All, where it lists the operation nowhere: a route that is so new that no test has met its refusals yet.
    """
    listed = TEXTS["codes"].get(route.function.__name__)
    return sorted(set(STATUS_BY_CODE) - _OF_NO_OPERATION if listed is None else of_kind(route) | set(listed))


def of_kind(route: Route) -> set[str]:
    """The codes that follow from how a route is declared."""
    found = set(_ANY)
    if not route.public:
        found.update(_SIGNED)
    if route.mutating and not route.public:
        found.update(_ONE_EFFECT)
        # A v1 signature is used once; a DELETE has none.
        found.update(() if route.method == "DELETE" else ("signature_reused",))
    if route.mutating:
        found.add("payload_too_large")
    if route.query is not None and "cursor" in route.query.model_fields:
        found.add("invalid_cursor")
    if "{" in route.path:
        found.add("not_found")
    if any(_has_amount(model) for model in (route.body, route.query)):
        found.add("invalid_amount")
    return found


def _has_amount(model: type[BaseModel] | None) -> bool:
    """True where an amount stands anywhere in it, however deep."""
    if model is None:
        return False
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return any("amount" in name for part in parts for name in part.get("properties", {})) or _AMOUNT in json.dumps(schema)


def responses(route: Route) -> dict[str, Any]:
    """The refusals of an operation, by status."""
    found: dict[int, list[str]] = {}
    for code in codes(route):
        found.setdefault(STATUS_BY_CODE[code], []).append(code)
    if route.refused is not None:
        return {str(status): _page() for status in sorted({*found, _GONE})} | {"default": _page()}
    return {str(status): _refusal(status, found[status]) for status in sorted(found)}


def _refusal(status: int, may_be: list[str]) -> dict[str, Any]:
    headers = ["X-Request-Id", *(["Retry-After"] if status in {429, 503} else [])]
    return {
        "description": " · ".join(f"`{code}`" for code in may_be),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {"application/json": {"schema": {"$ref": REF.format(model="ErrorAnswer")}}},
    }


def _page() -> dict[str, Any]:
    return {"description": "A page that says what to do.", "content": {"text/html": {"schema": {"type": "string"}}}}
