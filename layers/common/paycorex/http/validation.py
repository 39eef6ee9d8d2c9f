"""From raw body and query to models, with errors that name the field and never repeat its value."""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from paycorex import redaction, strict_json
from paycorex.contract import INVALID_AMOUNT
from paycorex.errors import InvalidAmount, InvalidCursor, InvalidRequest, NotFound, Refusal
from paycorex.http.request import Request
from paycorex.loading import later

with later():
    from paycorex import near
    from paycorex.http import problems

MAX_REPORTED_ERRORS = 10
# Every id, hash and name that a path can hold; DynamoDB would answer a longer key with an error of its own.
_PATH_PARAMETER: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)

_NOTHING: Final = object()
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def check_path(parameters: Mapping[str, str]) -> None:
    """Raises NotFound for a path parameter that names nothing this API could have."""
    if not all(_PATH_PARAMETER.fullmatch(value) for value in parameters.values()):
        raise NotFound("object")


def parse_body(model: type[BaseModel] | None, request: Request) -> BaseModel | None:
    """The validated body. Raises InvalidRequest, InvalidAmount or PayloadTooLarge."""
    if model is None:
        if request.body and request.method == "GET":
            raise InvalidRequest("A GET request takes no body.")
        if request.body and _loads(request) != {}:
            raise InvalidRequest("This route takes no fields.")
        return None
    if not request.body:
        return _of_nothing(model)
    value = _loads(request)
    if not isinstance(value, dict):
        raise InvalidRequest("The body must be a JSON object.")
    return _validated(model, value)


def _of_nothing(model: type[BaseModel]) -> BaseModel:
    """The body of a request that has none. Raises InvalidRequest, which says so where a field is required."""
    try:
        return _validated(model, {})
    except InvalidRequest as refusal:
        message = f"The request has no body, and this operation takes a JSON object. {refusal.message}"
        raise InvalidRequest(message, details=refusal.details) from None


def _loads(request: Request) -> Any:
    """The body's value. Raises InvalidRequest, which names a form where one came in place of JSON; PayloadTooLarge."""
    try:
        return strict_json.loads(request.body)
    except InvalidRequest as refusal:
        kind = request.headers.get("content-type", ("",))[0].partition(";")[0].strip().lower()
        if kind not in _FORMS:
            raise
        message = f"{refusal.message} Its Content-Type is {kind}; this API takes application/json."
        raise InvalidRequest(message, details=refusal.details) from None


def parse_query(model: type[BaseModel] | None, request: Request, *, file: str | None = None) -> BaseModel | None:
    """The validated query. file: the format that the path says. Raises InvalidRequest or InvalidCursor."""
    pairs = dict(request.query)
    if len(pairs) != len(request.query):
        raise InvalidRequest("A query parameter is given twice.")
    if model is None:
        if pairs:
            raise InvalidRequest("This route takes no query parameters.")
        return None
    if file is not None:
        if "format" in pairs:
            raise InvalidRequest(f"format: The path says it: {file}. Leave it out.", details={"field": "format"})
        pairs["format"] = file
    return _validated(model, pairs)


def _validated(model: type[BaseModel], value: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        # Errors of a tagged union start with the tag, which is no field.
        raise _refusal(error, model, value) from None


def _refusal(error: ValidationError, model: type[BaseModel], value: dict[str, Any]) -> Refusal:
    found = error.errors(include_url=False, include_context=False)
    skipped = int(model.__pydantic_root_model__)
    fields = [
        {
            "field": ".".join(_printable(part) for part in _place(problem["loc"][skipped:], value)),
            "problem": redaction.mask(_text(problem, model)),
        }
        for problem in found[:MAX_REPORTED_ERRORS]
    ]
    first = fields[0]
    message = f"{first['field']}: {first['problem']}" if first["field"] else first["problem"]
    details = {"field": first["field"], "fields": fields}
    if found[0]["type"] == INVALID_AMOUNT:
        return InvalidAmount(message, details=details)
    if found[0]["loc"] == ("cursor",):
        return InvalidCursor()
    return InvalidRequest(message, details=details)


def _place(loc: tuple[int | str, ...], value: Any) -> list[int | str]:
    """Where in what came. Pydantic names between it the members of unions and the side of a pair, which are no fields."""
    found: list[int | str] = []
    for at, part in enumerate(loc):
        inside = _inside(value, part)
        if inside is not _NOTHING:
            value = inside
        elif at + 1 < len(loc) or not isinstance(value, Mapping) or str(part).startswith("["):
            continue
        found.append(part)
    return found


def _inside(value: Any, part: int | str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part, _NOTHING)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else _NOTHING


def _text(problem: ErrorDetails, model: type[BaseModel]) -> str:
    """What is wrong, without Pydantic's own vocabulary."""
    if problem["type"] == "extra_forbidden":
        return f"Unknown field.{_suggestion(problem['loc'], model)}"
    return problems.text_of(problem)


def _suggestion(loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """The field that was probably meant, at any depth. Only names of the contract are repeated."""
    return near.question(str(loc[-1]), [name for each in _models_at(loc[:-1], model) for name in _names(each)])


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[type[BaseModel]]:
    """The models that may stand at a place of a body. Places in lists, and tags of unions, lead to no field of their own."""
    found = [model]
    for part in loc:
        fields = [field for each in found for name, field in each.model_fields.items() if part in {name, field.alias}]
        found = [inner for field in fields for inner in _models_in(field.annotation)] or found
    return [
        inner for each in found for inner in (_models_in(each.model_fields["root"].annotation) if each.__pydantic_root_model__ else [each])
    ]


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _printable(part: object) -> str:
    # Whole first, then cut: half a card number would no longer look like one.
    return redaction.mask(str(part)).encode("ascii", "replace").decode()[:64]
