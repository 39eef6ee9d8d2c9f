"""The Postman collection (format v2.1): a merchant's requests in folders by tag, each signed by a script, in an order in which they work.

What is in a request comes from the contract, and what makes them work one after another from `requests.toml`. An operation that is new in
the contract stands at the end of its folder, with its example, until it has its place there.
"""

import json
import re
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from local.clients.contract import CLIENTS, DOCUMENT, METHODS, OTHERS

FOLDER: Final = CLIENTS / "postman"
COLLECTION: Final = FOLDER / "paycorex.postman_collection.json"
ENVIRONMENT: Final = FOLDER / "paycorex.postman_environment.json"
_HERE: Final = Path(__file__).parent
_FORMAT: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
# An access is of an environment, everything else of one run through the collection.
_OF_ENVIRONMENT: Final = frozenset({"api_key", "secret"})
# What requests have to name, and a fresh merchant may name as well as any other.
_GIVEN: Final = {"source": "sandbox", "currency": "INR", "day": "{{today}}", "network": "ethereum", "tx_hash": f"0x{'ab' * 32}"}
_ABOUT: Final = 'Send "Register a merchant" first, or fill api_key and secret into the environment. A script signs every request.'
_JSON: Final = "application/json"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of requests.toml. keep: places in the answer, by the variable that takes the value. answer: None for the success."""

    operation: str
    name: str | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    keep: Mapping[str, str] = field(default_factory=dict)
    answer: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the contract."""

    method: str
    path: str
    content: Document

    @property
    def name(self) -> str:
        return str(self.content["operationId"])

    @property
    def success(self) -> int:
        """The last of its good statuses: 201 where a replay is 200."""
        return max(int(status) for status in self.content["responses"] if status.startswith("2"))

    @property
    def parameters(self) -> list[Document]:
        return [each for each in self.content.get("parameters", []) if "name" in each]

    @property
    def example(self) -> Any:
        """The body that the contract shows; None where it takes none."""
        body = self.content.get("requestBody", {}).get("content", {}).get(_JSON)
        return None if body is None else body.get("example", {})


def files() -> dict[Path, str]:
    """Both files and what they say."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    made = {COLLECTION: collection(document, asked()), ENVIRONMENT: environment()}
    return {path: json.dumps(content, indent=1, ensure_ascii=False) + "\n" for path, content in made.items()}


def write() -> None:
    """Write them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


def asked() -> list[Asked]:
    """The requests that work one after another, in their order."""
    return [Asked(**each) for each in tomllib.loads((_HERE / "requests.toml").read_text(encoding="utf-8"))["request"]]


def operations(document: Document) -> Iterator[Operation]:
    """Those of a merchant."""
    for path, item in document["paths"].items():
        if not OTHERS.fullmatch(path):
            yield from (Operation(method.upper(), path, item[method]) for method in METHODS if method in item)


def collection(document: Document, wanted: list[Asked]) -> dict[str, Any]:
    """The collection. Raises KeyError for a request of an operation that the contract has not."""
    known = {each.name: each for each in operations(document)}
    placed = {each.operation for each in wanted}
    every = [(known[each.operation], each) for each in wanted]
    every += [(each, Asked(each.name)) for each in known.values() if each.name not in placed]
    # Folders stand in the order of their first requests too: what a payment needs is made before it.
    folders: dict[str, list[dict[str, Any]]] = {}
    for operation, each in every:
        folders.setdefault(operation.content["tags"][0], []).append(_item(operation, each, is_placed=operation.name in placed))
    about = {tag["name"]: tag["description"] for tag in document["tags"]}
    kept = sorted({name for each in wanted for name in each.keep} - _OF_ENVIRONMENT)
    return {
        "info": {
            "_postman_id": _id("collection"),
            "name": document["info"]["title"],
            "description": _ABOUT,
            "schema": _FORMAT,
        },
        "item": [{"name": name, "description": about[name], "item": items} for name, items in folders.items()],
        "event": [_script("prerequest", _signing(known.values())), _script("test", _SIGNED)],
        "variable": [{"key": name, "value": ""} for name in kept] + [{"key": name, "value": value} for name, value in _GIVEN.items()],
    }


def requests() -> Iterator[dict[str, Any]]:
    """The requests of the written collection, in their order."""
    for folder in json.loads(COLLECTION.read_text(encoding="utf-8"))["item"]:
        yield from folder["item"]


def environment() -> dict[str, Any]:
    """Where the platform is, and as whom to ask."""
    values = [("base_url", "http://127.0.0.1:8080", "default"), ("api_key", "", "default"), ("secret", "", "secret")]
    return {
        "id": _id("environment"),
        "name": "PayCoreX on this machine",
        "values": [{"key": name, "value": value, "type": kind, "enabled": True} for name, value, kind in values],
        "_postman_variable_scope": "environment",
    }


_SIGNED: Final = """pm.test("the signature was accepted", () => pm.expect(pm.response.code).to.not.equal(401));
pm.test("the server is well", () => pm.expect(pm.response.code).to.be.below(500));
"""


def _signing(known: Any) -> str:
    unsigned = json.dumps([each.path for each in known if not each.content.get("security")])
    return f"const UNSIGNED = {unsigned};\n{(_HERE / 'sign.js').read_text(encoding='utf-8')}"


def _item(operation: Operation, each: Asked, *, is_placed: bool) -> dict[str, Any]:
    name = each.name or re.split(r"[:;]|\. ", str(operation.content["summary"]))[0].rstrip(".").replace("`", "")
    request: dict[str, Any] = {
        "method": operation.method,
        "header": _headers(operation),
        "url": _url(operation, each),
        "description": operation.content.get("description", operation.content["summary"]),
    }
    body = operation.example if each.body is None else each.body
    if body is not None:
        request["body"] = {"mode": "raw", "raw": json.dumps(body, indent=2, ensure_ascii=False), "options": {"raw": {"language": "json"}}}
    tests = _tests(each.answer or operation.success, each.keep) if is_placed else ""
    return {
        "id": _id(f"{operation.name} {name}"),
        "name": name,
        "request": request,
        "event": [_script("test", tests)] if tests else [],
        "response": [],
    }


def _headers(operation: Operation) -> list[dict[str, Any]]:
    found = [{"key": "Content-Type", "value": _JSON}] if operation.example is not None else []
    if any(each["name"] == "Idempotency-Key" for each in operation.parameters):
        found.append(
            {"key": "Idempotency-Key", "value": "{{$guid}}", "description": "The same key again is the same request, with one effect."}
        )
    return found


def _url(operation: Operation, each: Asked) -> dict[str, Any]:
    path = operation.path
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            name = parameter["name"]
            path = path.replace(f"{{{name}}}", each.path.get(name, f"{{{{{name}}}}}"))
    query = [_pair(parameter, each.query) for parameter in operation.parameters if parameter["in"] == "query"]
    used = "&".join(f"{pair['key']}={pair['value']}" for pair in query if not pair["disabled"])
    raw = f"{{{{base_url}}}}{path}" + (f"?{used}" if used else "")
    return {"raw": raw, "host": ["{{base_url}}"], "path": path.removeprefix("/").split("/")} | ({"query": query} if query else {})


def _pair(parameter: Document, given: Mapping[str, str]) -> dict[str, Any]:
    name, schema = str(parameter["name"]), parameter["schema"]
    value = given.get(name, str(schema.get("default", (schema.get("enum") or [f"{{{{{name}}}}}" if parameter.get("required") else ""])[0])))
    is_used = name in given or parameter.get("required", False)
    return {"key": name, "value": value, "disabled": not is_used, "description": parameter.get("description", "")}


def _tests(status: int, keep: Mapping[str, str]) -> str:
    lines = [f'pm.test("it answers {status}", () => pm.response.to.have.status({status}));']
    for name, place in keep.items():
        scope = "environment" if name in _OF_ENVIRONMENT else "collectionVariables"
        lines.append(f'pm.{scope}.set("{name}", pm.response.json().{place});')
    return "\n".join(lines) + "\n"


def _script(listen: str, text: str) -> dict[str, Any]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": text.splitlines()}}


def _id(name: str) -> str:
    """The same in every generation, so that an import replaces what was imported before."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"paycorex/postman/{name}"))
