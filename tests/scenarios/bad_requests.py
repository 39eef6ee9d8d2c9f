"""Requests that a route must refuse, made from the route's own declaration: a new route gets its share by being declared."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from paycorex import ids
from paycorex.http import Route

type Schema = dict[str, Any]

_JSON_TYPES: dict[str, str] = {"string": '"x"', "number": "1.5", "boolean": "true", "array": "[]", "object": "{}", "null": "null"}
_AMOUNTS = [
    *("-1", "0", "-0", "0.30000000000000004", "1e400", "1E2", "1234567890123456", "1.001", "9" * 5000),
    *('"1_000"', '" 1"', '"１"', '"😀"', '"NaN"', '""', '"1e1"', '"0x1"', '"+1"', '"1."', '".1"'),
]
_WEIRD_TEXT = ["\\u0000", "\\ud800", "\\u202ex", "a\\nb"]


@dataclass(frozen=True, slots=True)
class BadRequest:
    """`what` is wrong with it; `target` has the query; `headers` come on top of a good signature."""

    what: str
    method: str
    target: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def bad_requests(route: Route) -> Iterator[BadRequest]:
    """Everything that is wrong by the route's models, and by the contract for every route."""
    path = route.path
    for name in route.path_parameters:
        path = path.replace(f"{{{name}}}", ids.new("pay"))
    good = _sample_body(route)

    def made(what: str, *, body: bytes | None = None, query: str = "", headers: tuple[tuple[str, str], ...] = ()) -> BadRequest:
        return BadRequest(what, route.method, path + query, good if body is None else body, headers)

    yield made("unknown parameter", query="?no_such_parameter=1")
    yield made("expression as a parameter", query="?" + quote("begins_with(a,b)") + "=%23x")
    yield made("parameter given twice", query="?limit=1&limit=2")
    for query, what in _bad_queries(route):
        yield made(what, query=query)
    yield made("key too long", headers=(("Idempotency-Key", "k" * 256),))
    yield made("key not printable", headers=(("Idempotency-Key", "k\u0007"),))
    yield made("key not ASCII", headers=(("Idempotency-Key", "clé"),))
    if route.method == "GET":
        for body in (b"{}", b"x", b'{"amount":1}', b"\x00", b" " * 70 * 1024):
            yield made("body on a GET", body=body)
        return
    for what, body in _bad_bodies(route):
        yield made(what, body=body)


def _bad_bodies(route: Route) -> Iterator[tuple[str, bytes]]:
    yield "70 KiB", b'{"x":"' + b"x" * 70 * 1024 + b'"}'
    for body in (b"[]", b"null", b'"x"', b"1", b"true", b"{", b"{}{}", b"x=1", b"NaN", b'{"a":Infinity}', b"{'a':1}", b"\xef\xbb\xbf{}"):
        yield "no JSON object", body
    yield "unknown field", b'{"no_such_field":1}'
    yield "unknown field with a clever name", b'{"__proto__":{"scopes":[]},"merchant_id":"mer_x"}'
    yield "duplicate key", b'{"a":1,"a":2}'
    yield "duplicate key by escape", b'{"a":1,"\\u0061":2}'
    yield "too deep", b'{"a":' * 30 + b"1" + b"}" * 30
    yield "name with NUL", b'{"\\u0000":1}'
    yield "name that is a lone surrogate", b'{"\\udfff":1}'
    if route.body is None:
        return
    for model in _variants(route.body.model_json_schema()):
        yield from _bad_fields(*model)


def _bad_fields(schema: Schema, definitions: Schema) -> Iterator[tuple[str, bytes]]:
    sample = {name: _sample(field, definitions) for name, field in schema["properties"].items() if name in schema.get("required", [])}
    if sample:
        yield "nothing required is there", b"{}"
    for name, field in schema["properties"].items():
        for value in _bad_values(name, field, definitions):
            fields = {**sample, name: value}
            body = ",".join(f"{json.dumps(known)}:{content}" for known, content in fields.items())
            yield f"{name} = {value[:40]}", f"{{{body}}}".encode()
        doubled = f'{json.dumps(name)}:"a",{json.dumps(name)}:"b"'
        yield f"{name} given twice", f"{{{doubled}}}".encode()


def _bad_values(name: str, field: Schema, definitions: Schema) -> Iterator[str]:
    """JSON texts that the field must not take."""
    options = _options(field, definitions)
    allowed = {option.get("type") for option in options} | ({"string"} if any("enum" in o or "const" in o for o in options) else set())
    is_amount = any("exclusiveMinimum" in option for option in options)
    if is_amount:
        yield from _AMOUNTS
    if "string" in allowed:
        for text in _WEIRD_TEXT:
            yield f'"{text}"'
        yield '"' + "x" * 5000 + '"'
        if any({"enum", "const", "pattern"} & option.keys() for option in options):
            yield '"😀"'
    if "number" in allowed:
        # Of an amount, twelve digits are right.
        yield from ("-1", "1e400", '"1e1"', *(() if is_amount else ("123456789012",)))
    if "integer" in allowed:
        yield from ("1.5", "1e2", '"1"', "1234567890123456789", "-1234567890123456")
        yield from (str(option["maximum"] + 1) for option in options if "maximum" in option)
        yield from (str(option["minimum"] - 1) for option in options if "minimum" in option)
    for kind, text in _JSON_TYPES.items():
        if kind not in allowed and not (kind == "number" and "integer" in allowed):
            yield text


def _options(field: Schema, definitions: Schema) -> list[Schema]:
    """The alternatives of a field, references followed."""
    if "$ref" in field:
        return _options(definitions[field["$ref"].rpartition("/")[2]], definitions)
    for union in ("anyOf", "oneOf", "allOf"):
        if union in field:
            return [option for alternative in field[union] for option in _options(alternative, definitions)]
    return [field]


def _variants(schema: Schema) -> list[tuple[Schema, Schema]]:
    """The objects that a body may be (several when a field decides), each with the definitions it refers to."""
    definitions: Schema = schema.get("$defs", {})
    return [(option, definitions) for option in _options(schema, definitions) if "properties" in option]


def _sample(field: Schema, definitions: Schema) -> str:
    """A JSON text of about the right shape."""
    option = next((option for option in _options(field, definitions) if option.get("type") != "null"), {})
    if "const" in option or "enum" in option:
        return json.dumps(option.get("const", option.get("enum", [None])[0]))
    samples = {"string": '"x"', "integer": "1", "boolean": "true", "array": "[]", "object": "{}", "number": "1"}
    return samples.get(option.get("type", ""), '"x"')


def _sample_body(route: Route) -> bytes:
    if route.body is None or route.method == "GET":
        return b""
    schema, definitions = _variants(route.body.model_json_schema())[0]
    required = schema.get("required", [])
    body = ",".join(f"{json.dumps(name)}:{_sample(schema['properties'][name], definitions)}" for name in required)
    return f"{{{body}}}".encode()


def _bad_queries(route: Route) -> Iterator[tuple[str, str]]:
    if route.query is None:
        return
    schema = route.query.model_json_schema()
    required = schema.get("required", [])
    if required:
        yield "", "required parameter missing"
    given = "".join(f"&{name}=x" for name in required)
    for name, field in schema["properties"].items():
        rest = given.replace(f"&{name}=x", "")
        for value in _bad_parameters(name, field, schema.get("$defs", {})):
            yield f"?{name}={quote(value)}{rest}", f"{name} = {value[:40]!r}"


def _bad_parameters(name: str, field: Schema, definitions: Schema) -> Iterator[str]:
    options = _options(field, definitions)
    kinds = {option.get("type") for option in options}
    yield from ("\x00", "\u202e", "x" * 5000)
    if name == "cursor":
        yield from ("", "x", "AAAA", "A" * 64, "é", "A" * 32 + "=")
    if any({"enum", "const", "pattern"} & option.keys() for option in options) or "integer" in kinds:
        yield from ("😀", "", "#", "begins_with(x)", "' OR 1=1")
    if "integer" in kinds:
        yield from ("0", "-1", "1e9", "1000000000", "1.5", "１")
    if any("exclusiveMinimum" in option for option in options):
        yield from ("-1", "0", "1e2", "1e400", "NaN", "1234567890123456", "1_000")
