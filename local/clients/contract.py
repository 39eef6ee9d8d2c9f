"""The contract as the generators read it: which operations the clients have, and what they are called there."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.paths import ROOT

DOCUMENT: Final = ROOT / "functions" / "dashboard" / "openapi.json"
CLIENTS: Final = ROOT / "clients"
NAMES: Final = CLIENTS / "names.json"
# Not a merchant's: operators' routes (signed for AWS IAM), payers' pages, files of the page, and what providers call.
OTHERS: Final = re.compile(
    r"/admin/.*|/pay/.*|/assets/.*|/c/.*|/l/.*|/docs.*|/checkout\.js|/favicon\.ico|/v1/callbacks/.*|/v1/console/(?:sessions?|passkeys|users/me)(?:/.*)?|/"
)
# The formats of which each has a path of its own, at the end of the path that answers JSON.
FILES: Final = frozenset({"csv", "pdf", "camt053", "beancount"})
METHODS: Final = ("get", "post", "patch", "put", "delete")
MUTATING: Final = frozenset({"POST", "PATCH", "PUT", "DELETE"})
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_JSON: Final = "application/json"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. answers: the schema of each 2xx status, None where it is no JSON; media_types: what it is then."""

    resource: str
    name: str
    method: str
    path: str
    summary: str
    signed: bool
    path_parameters: tuple[str, ...]
    query: Mapping[str, Schema]
    required_query: frozenset[str]
    body: Schema | None
    answers: Mapping[int, Schema | None]
    media_types: tuple[str, ...]

    @property
    def mutating(self) -> bool:
        """True when it takes an Idempotency-Key."""
        return self.method in MUTATING

    @property
    def key(self) -> str:
        """How the table of names lists it."""
        return f"{self.method} {self.path}"


class Contract:
    """The document, and the operations that the clients offer."""

    def __init__(self, document: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self.schemas: Mapping[str, Schema] = document["components"]["schemas"]
        self._document, self._names = document, names
        self.event_data = dict(self._events())
        self.operations = sorted(self._read(), key=lambda each: (each.resource, each.path, each.method))
        taken = [f"{each.resource}.{each.name}" for each in self.operations]
        if twice := sorted({name for name in taken if taken.count(name) > 1}):
            raise SystemExit(f"give these names of their own in {NAMES.relative_to(ROOT)}: {', '.join(twice)}")

    def resolve(self, schema: Schema) -> Schema:
        """A schema, with a reference followed."""
        while "$ref" in schema:
            schema = self.schemas[str(schema["$ref"]).rpartition("/")[2]]
        return schema

    def resources(self) -> list[str]:
        """The resources' names, sorted."""
        return sorted({each.resource for each in self.operations})

    def _events(self) -> Iterator[tuple[str, Schema]]:
        """The object of each event that has one, as a reference."""
        for event, item in self._document.get("webhooks", {}).items():
            body = self.resolve(item["post"]["requestBody"]["content"][_JSON]["schema"])
            if "$ref" in (data := body["properties"]["data"]):
                yield event, data

    def _read(self) -> Iterator[Operation]:
        for path, item in self._document["paths"].items():
            if not OTHERS.fullmatch(path):
                yield from (self._operation(path, method, item[method]) for method in METHODS if method in item)

    def _operation(self, path: str, method: str, content: Schema) -> Operation:
        resource, _, name = self.name_of(method.upper(), path).partition(".")
        parameters = [self._parameter(each) for each in content.get("parameters", [])]
        query = {each["name"]: each["schema"] | _described(each) for each in parameters if each["in"] == "query"}
        body = content.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema")
        answers = {int(status): answer for status, answer in content["responses"].items() if status.startswith("2")}
        return Operation(
            resource=resource,
            name=name,
            method=method.upper(),
            path=path,
            summary=str(content.get("summary", "")).strip(),
            signed=bool(content.get("security", self._document.get("security"))),
            path_parameters=tuple(_PARAMETER.findall(path)),
            query=query,
            required_query=frozenset(each["name"] for each in parameters if each["in"] == "query" and each.get("required")),
            body=body,
            answers={status: answer.get("content", {}).get(_JSON, {}).get("schema") for status, answer in answers.items()},
            media_types=tuple(sorted({kind for answer in answers.values() for kind in answer.get("content", {}) if kind != _JSON})),
        )

    def _parameter(self, parameter: Schema) -> Schema:
        if "$ref" not in parameter:
            return parameter
        found: Schema = self._document["components"]["parameters"][str(parameter["$ref"]).rpartition("/")[2]]
        return found

    def name_of(self, method: str, path: str) -> str:
        """`resource.method` of an operation: as the table of names says, or made from the path. A file is named after what it shows."""
        shown, _, last = path.rpartition("/")
        if last in FILES and shown in self._document["paths"]:
            return f"{self.name_of(method, shown)}_{last}"
        return self._names.get(f"{method} {path}") or _made_name(method, path)


def _described(parameter: Schema) -> Schema:
    return {"description": parameter["description"]} if "description" in parameter else {}


def _made_name(method: str, path: str) -> str:
    """`settlements.list`, `settlements.get`, `settlements.items`: for what no table names yet."""
    parts = path.removeprefix("/v1").strip("/").split("/")
    words = [re.sub(r"\W", "_", part) for part in parts if not part.startswith("{")]
    one = parts[-1].startswith("{")
    verb = {"GET": "get" if one else "list", "POST": "create", "PATCH": "change", "PUT": "put", "DELETE": "delete"}[method]
    if len(words) == 1:
        return f"{words[0]}.{verb}"
    rest = "_".join(words[1:])
    return f"{words[0]}.{rest}" if method == "POST" or (method == "GET" and not one) else f"{words[0]}.{verb}_{rest}"


def load() -> Contract:
    """The contract as it is in this tree."""
    return Contract(json.loads(DOCUMENT.read_text(encoding="utf-8")), json.loads(NAMES.read_text(encoding="utf-8")))
