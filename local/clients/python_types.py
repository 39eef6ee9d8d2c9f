"""Python annotations for the contract's schemas: of what a server answers, and of what a caller gives."""

import keyword
import re
import textwrap
from collections.abc import Iterator
from typing import Any, Final

from local.clients.contract import Contract, Schema

MAX_LINE: Final = 116
_TIMES: Final = re.compile(r".*_at|at|.*_until")
_MOMENTS: Final = re.compile(r"from|to|due_before|.*_at")
_NATIVE: Final = {"integer": "int", "boolean": "bool", "null": "None", "number": "Decimal"}
# What a class of pydantic has already.
_TAKEN: Final = frozenset({"copy", "dict", "json", "schema", "validate", "construct"})


def identifier(name: str) -> str:
    """A field's name in Python."""
    made = re.sub(r"\W", "_", name)
    return f"{made}_" if keyword.iskeyword(made) or made in _TAKEN else made


def class_name(reference: str) -> str:
    """The class of a `$ref`."""
    return identifier(reference.rpartition("/")[2])


def answer_type(schema: Schema, name: str = "") -> str:  # noqa: PLR0911 - a case for each form that a schema has
    """The annotation of something in an answer. Lists of values stay open: a later server may answer a value more."""
    if "$ref" in schema:
        return class_name(schema["$ref"])
    if "anyOf" in schema or "oneOf" in schema:
        return _union(answer_type(each, name) for each in schema.get("anyOf") or schema["oneOf"])
    if "enum" in schema or "const" in schema:
        return f"{_literal(schema)} | str" if schema.get("type", "string") == "string" else _literal(schema)
    kind = schema.get("type")
    if isinstance(kind, list):
        return _union(answer_type({**schema, "type": each}, name) for each in kind)
    if kind == "string":
        return _answered_text(schema, name)
    if kind == "array":
        return f"list[{answer_type(schema.get('items', {}))}]"
    if kind == "object" or "additionalProperties" in schema:
        return f"dict[str, {_values(schema, name)}]"
    return _NATIVE.get(str(kind), "Any")


def _answered_text(schema: Schema, name: str) -> str:
    stated = schema.get("format")
    if stated == "decimal":
        return "Decimal"
    return "datetime" if stated == "date-time" or (stated is None and _TIMES.fullmatch(name)) else "str"


def _values(schema: Schema, name: str) -> str:
    inner = schema.get("additionalProperties")
    return answer_type(inner, name) if isinstance(inner, dict) and inner else "Any"


def given_type(schema: Schema, name: str = "", *, prefix: str = "inputs.") -> str:  # noqa: PLR0911 - a case for each form
    """The annotation of something that a caller gives."""
    if "$ref" in schema:
        return prefix + class_name(schema["$ref"])
    if "anyOf" in schema or "oneOf" in schema:
        options = schema.get("anyOf") or schema["oneOf"]
        if {each.get("type") for each in options} >= {"string", "number"}:
            return _union(["Amount", *("None" for each in options if each.get("type") == "null")])
        return _union(given_type(each, name, prefix=prefix) for each in options)
    if "enum" in schema or "const" in schema:
        return _literal(schema)
    kind = schema.get("type")
    if isinstance(kind, list):
        return _union(given_type({**schema, "type": each}, name, prefix=prefix) for each in kind)
    if kind == "string":
        if schema.get("format") == "decimal":
            return "Amount"
        return "Moment" if schema.get("format") == "date-time" or _MOMENTS.fullmatch(name) else "str"
    if kind == "array":
        return f"Sequence[{given_type(schema.get('items', {}), prefix=prefix)}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"Mapping[str, {given_type(inner, prefix=prefix) if isinstance(inner, dict) and inner else 'Any'}]"
    return "Amount" if kind == "number" else _NATIVE.get(str(kind), "Any")


def _union(options: Any) -> str:
    found = list(dict.fromkeys(part for each in options for part in _parts(each)))
    ordered = [each for each in found if each != "None"] + [each for each in found if each == "None"]
    return " | ".join(ordered)


def _parts(annotation: str) -> list[str]:
    return [annotation] if "[" in annotation else annotation.split(" | ")


def _literal(schema: Schema) -> str:
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    named = [value for value in values if value is not None]
    text = f"Literal[{', '.join(_quoted(value) for value in named)}]"
    return f"{text} | None" if None in values else text


def _quoted(value: object) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if isinstance(value, str) else repr(value)


def references(contract: Contract, schema: Schema) -> Iterator[str]:
    """The names of all schemas that a schema refers to, at any depth."""
    seen: set[str] = set()
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and (name := reference.rpartition("/")[2]) in contract.schemas and name not in seen:
                seen.add(name)
                waiting.append(contract.schemas[name])
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    yield from sorted(seen)


def docstring(text: str, indent: str) -> str:
    """A docstring of some lines."""
    cleaned = text.strip().replace("\\", "\\\\").replace('"""', "'''")
    lines = [line for part in cleaned.split("\n") for line in (textwrap.wrap(part, MAX_LINE, break_long_words=False) or [""])]
    if len(lines) == 1:
        return f'{indent}"""{_ended(lines[0])}"""\n'
    body = "\n".join(f"{indent}{line}".rstrip() for line in lines[1:])
    return f'{indent}"""{lines[0]}\n{body}\n{indent}"""\n'


def _ended(line: str) -> str:
    return line if line.endswith((".", "?", "!")) else f"{line}."
