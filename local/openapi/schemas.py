"""The components: what doors take and answer, from their own models, as code generators can use it.

A body that is sent is closed, as the doors are; an answer is open, because it may get more fields. Defaults stand in the description: a
generator takes a field with a default for one that is always there.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

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
        wanted += [(model, "serialization") for model in sorted(answers, key=_name)]
        self._places, definitions = models_json_schema(wanted, ref_template=REF)
        self.schemas: Final[dict[str, Any]] = definitions.get("$defs", {})
        sent = self._reachable(self.body(model) for model in bodies)
        for name, schema in self.schemas.items():
            _without_defaults(schema)
            if name not in sent:
                _opened(schema)
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
        if content.get("default", ...) is None:
            del content["default"]
        yield name, name in required, _not_null(content)


def _not_null(content: dict[str, Any]) -> dict[str, Any]:
    """A query has no null: what is left out is left out."""
    if "anyOf" not in content:
        return content
    kinds = [kind for kind in content["anyOf"] if kind != {"type": "null"}]
    rest = {name: value for name, value in content.items() if name not in {"anyOf", "title"}}
    return rest | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds})


def _without_defaults(schema: dict[str, Any]) -> None:
    for content in schema.get("properties", {}).values():
        content.pop("title", None)
        default = content.pop("default", None)
        if default is not None:
            shown = str(default).lower() if isinstance(default, bool) else default
            content["description"] = " ".join(filter(None, [content.get("description"), f"Default: {shown}."]))


def _opened(schema: dict[str, Any]) -> None:
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]


def _name(model: type[BaseModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"
