"""The components: what doors take and answer, from their own models, as code generators can use it.

A body that is sent is closed, as the doors are; an answer is open, because it may get more fields. Defaults stand in the description: a
generator takes a field with a default for one that is always there.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from local.openapi import shapes, texts, values
from paycorex.http.routes import Route

REF: Final = "#/components/schemas/{model}"
_REPLAYED: Final[dict[str, Any]] = {
    "type": "boolean",
    "description": "True, and there, where a request without an Idempotency-Key is answered with the outcome of an earlier one.",
}


class Components:
    """The schemas of all routes, by name, and where a model is among them."""

    def __init__(self, routes: Iterable[Route]) -> None:
        routes = list(routes)
        bodies = {route.body for route in routes if route.body is not None}
        answers = {answer for route in routes for answer in (route.answer, route.other_answer) if answer is not None}
        wanted: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in sorted(bodies, key=_name)]
        wanted += [(model, "serialization") for model in sorted({*answers, *shapes.MODELS}, key=_name)]
        self._places, definitions = models_json_schema(wanted, ref_template=REF)
        self.schemas: Final[dict[str, Any]] = definitions.get("$defs", {})
        sent = self._reachable(self.body(model) for model in bodies)
        for name, schema in self.schemas.items():
            # A generator takes a title for the name, and two of one title for one.
            schema.pop("title", None)
            if name not in sent:
                _opened(schema)
            _specified(name, schema, is_sent=name in sent)
            _described(name, schema)
        self.schemas["NextAction"] = _one_of(shapes.PAYER_ACTIONS) | {"description": "What the payer does next, by its `type`."}
        for route in routes:
            if route.mutating and not route.public:
                self._allow_replayed(route)

    def body(self, model: type[BaseModel]) -> dict[str, Any]:
        """The reference to what is sent."""
        return self._places[(model, "validation")]

    def answer(self, model: type[BaseModel]) -> dict[str, Any]:
        """The reference to what is answered."""
        return self._places[(model, "serialization")]

    def _allow_replayed(self, route: Route) -> None:
        for answer in (route.answer, route.other_answer):
            if answer is not None:
                self.schemas[named(self.answer(answer))]["properties"]["replayed"] = _REPLAYED

    def _reachable(self, places: Iterable[Mapping[str, Any]]) -> set[str]:
        """The names of the schemas at these places and of all that they refer to."""
        found: set[str] = set()
        waiting = [name for place in places for name in references(place)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += references(self.schemas[name])
        return found


def references(part: object) -> list[str]:
    """The names of the schemas that a part of the document refers to."""
    return re.findall(r"#/components/schemas/([^'\"]+)", str(part))


def named(place: Mapping[str, Any]) -> str:
    """The name in a reference."""
    return str(place["$ref"]).rpartition("/")[2]


def parameters(model: type[BaseModel]) -> Iterable[tuple[str, bool, dict[str, Any]]]:
    """Name, whether it is required, and schema of each parameter of a query."""
    schema = model.model_json_schema(ref_template=REF)
    required = schema.get("required", [])
    for name, content in schema["properties"].items():
        content.pop("title", None)
        if content.get("default", ...) is None:
            del content["default"]
        if text := texts.of_field(model.__name__, name, content.get("description")):
            content["description"] = text
        values.specify(model.__name__, name, content, is_sent=True)
        yield name, name in required, _not_null(content)


def _not_null(content: dict[str, Any]) -> dict[str, Any]:
    """A query has no null: what is left out is left out."""
    if "anyOf" not in content:
        return content
    kinds = [kind for kind in content["anyOf"] if kind != {"type": "null"}]
    rest = {name: value for name, value in content.items() if name not in {"anyOf", "title"}}
    return rest | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds})


def _described(model: str, schema: dict[str, Any]) -> None:
    for name, content in schema.get("properties", {}).items():
        content.pop("title", None)
        default = content.pop("default", None)
        text = texts.of_field(model, name, content.get("description"))
        if default not in (None, "", [], {}) and "Default" not in (text or ""):
            text = " ".join(filter(None, [text, f"Default: {json.dumps(default, ensure_ascii=False)}."]))
        if text:
            content["description"] = text


def _opened(schema: dict[str, Any]) -> None:
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]


def _specified(model: str, schema: dict[str, Any], *, is_sent: bool) -> None:
    for name, content in schema.get("properties", {}).items():
        typed = shapes.TYPED.get(f"{model}.{name}")
        if typed is not None:
            schema["properties"][name] = {"anyOf": [{"$ref": REF.format(model=typed)}, {"type": "null"}]}
        values.specify(model, name, content, is_sent=is_sent)


def _one_of(models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    """Distinguished by `type`, whose only value each model says."""
    places = [REF.format(model=model.__name__) for model in models]
    kinds = [get_args(model.model_fields["type"].annotation)[0] for model in models]
    mapping = dict(zip(kinds, places, strict=True))
    return {"oneOf": [{"$ref": place} for place in places], "discriminator": {"propertyName": "type", "mapping": mapping}}


def _name(model: type[BaseModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"
