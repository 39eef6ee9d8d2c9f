"""The operations: what each route takes, answers and refuses."""

import inspect
import re
from typing import Any, Final

from local.openapi import refusals, schemas, security, tags, texts
from local.openapi.schemas import Components
from local.openapi.texts import TEXTS
from paycorex.http.routes import Route


def operation(route: Route, components: Components) -> dict[str, Any]:
    """One method of one path."""
    found: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": _summary(route),
        "description": _description(route),
        "tags": [tags.of(route.path)],
        "security": security.of(route),
        "parameters": _parameters(route),
        "responses": _responses(route, components),
    }
    if route.body is not None:
        required = any(field.is_required() for field in route.body.model_fields.values())
        found["requestBody"] = {"required": required, "content": {"application/json": {"schema": components.body(route.body)}}}
    return found


def _description(route: Route) -> str:
    text = inspect.getdoc(route.function) or ""
    if route.file is not None:
        pages = "A header `X-Next-Cursor` says that there is more, and is the `cursor` to go on with." if _has_pages(route) else ""
        text = f"{_summary(route)} {pages}".strip()
    who = f"Scope: `{route.scope}`." if route.scope else _WHO.get(tags.of(route.path), "Needs no key.")
    return "\n\n".join(filter(None, [text, who]))


def _summary(route: Route) -> str:
    if route.file is None:
        return route.summary
    sentence = re.split(r"[.:;](?: |$)", route.summary)[0]
    return f"{sentence}, as {_FORMATS[route.file]}."


def _has_pages(route: Route) -> bool:
    """False for a file that is whole, as a PDF is, and for sums."""
    if route.query is None or "cursor" not in route.query.model_fields:
        return False
    if route.answer is not None:
        return "next_cursor" in route.answer.model_fields
    return any(media_type.startswith("text/") for media_type in route.media_types)


_FORMATS: Final = {"csv": "CSV", "pdf": "PDF", "camt053": "ISO 20022 camt.053.001.08", "beancount": "beancount's text form"}
_WHO = {
    "Operators": "For principals of AWS IAM.",
    "Callbacks": "Signed by the provider.",
    "Payers": "The token in the payment's `pay_url` lets the payer in.",
}


def _parameters(route: Route) -> list[dict[str, Any]]:
    found = [_path_parameter(name) for name in route.path_parameters]
    if route.query is not None:
        for name, required, content in schemas.parameters(route.query):
            if name == "format" and (route.file or route.files):
                # Each format has a path; the parameter is taken for the sake of who has used it.
                continue
            if name in {"cursor", "limit"} and route.file and not _has_pages(route):
                continue
            described = {"description": content.pop("description")} if "description" in content else {}
            found.append({"name": name, "in": "query", "required": required, "schema": content, **described})
    if route.mutating:
        key = {"type": "string", "minLength": 1, "maxLength": 255}
        described = {"description": TEXTS["headers"]["Idempotency-Key-public" if route.public else "Idempotency-Key"]}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key, **described})
    return found


def _path_parameter(name: str) -> dict[str, Any]:
    text = texts.of_field("path", name)
    described = {"description": text} if text else {}
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, **described}


def _responses(route: Route, components: Components) -> dict[str, Any]:
    successes = [(route.status, route.answer)]
    if route.other_status is not None:
        successes.append((route.other_status, route.other_answer or route.answer))
    responses: dict[str, Any] = {}
    for status, answer in successes:
        content: dict[str, Any] = {}
        if answer is not None:
            content["application/json"] = {"schema": components.answer(answer)}
        if status == route.status:
            content |= {media_type: {"schema": _file(media_type)} for media_type in route.media_types}
        described = {"description": _meaning(status, route), "headers": _headers(route)}
        responses[str(status)] = described | ({"content": content} if content else {})
    return responses | refusals.responses(route)


def _file(media_type: str) -> dict[str, str]:
    is_text = media_type.startswith("text/") or media_type.endswith("+xml")
    return {"type": "string"} if is_text else {"type": "string", "format": "binary"}


def _headers(route: Route) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if route.mutating and not route.public:
        names.append("Idempotent-Replayed")
    if route.media_types and _has_pages(route):
        names.append("X-Next-Cursor")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _meaning(status: int, route: Route) -> str:
    if status == 304:
        return "What the browser has is still right."
    if status == 303:
        return "Go on at the address in `Location`."
    made = {201: "Made.", 202: "Taken; it goes on in the background."}.get(status, "Done." if route.mutating else "Found.")
    return made if route.other_status is None else f"{made} Which of the statuses it is, the description says."
