"""`models.py` and `inputs.py` of the Python client: a class for each object that is answered, and a TypedDict for each that is given."""

import keyword
from typing import Final

from local.clients.contract import Contract, Schema
from local.clients.python_types import answer_type, class_name, docstring, given_type, identifier, references

_MODELS_HEAD: Final = '''"""The contract's objects as they are answered. Generated from the contract.

A later server may add fields, which are kept.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from paycorex_client.answers import Answered

'''
_EVENTS_HEAD: Final = '''"""The class of each event's object. Generated from the contract."""

from collections.abc import Mapping
from typing import Final

from paycorex_client import models
from paycorex_client.answers import Answered

OBJECTS: Final[Mapping[str, type[Answered]]] = {
'''
_INPUTS_HEAD: Final = '''"""The contract's objects that stand inside a request. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Required, TypedDict

from paycorex_client.values import Amount, Moment

'''


def models(contract: Contract) -> str:
    """The module of what is answered."""
    roots = [answer for each in contract.operations for answer in each.answers.values() if answer is not None]
    names = sorted({name for root in [*roots, *contract.event_data.values()] for name in references(contract, root)})
    return _MODELS_HEAD + "\n".join(_model(name, contract.schemas[name]) for name in names)


def events(contract: Contract) -> str:
    """The module that says which object each event carries."""
    entries = [f'    "{event}": models.{class_name(str(schema["$ref"]))},\n' for event, schema in sorted(contract.event_data.items())]
    return "".join([_EVENTS_HEAD, *entries, "}\n"])


def _model(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"\ntype {class_name(name)} = {answer_type(schema)}\n"
    lines = [f"\nclass {class_name(name)}(Answered):\n", docstring(schema.get("description") or f"{name}.", "    ")]
    required = set(schema.get("required", ()))
    for field, content in schema["properties"].items():
        lines.append(_field(field, content, required=field in required))
    return "".join(lines)


def _field(name: str, schema: Schema, *, required: bool) -> str:
    own, annotation = identifier(name), answer_type(schema, name)
    described = docstring(str(schema["description"]), "    ") if schema.get("description") else ""
    if not required and not annotation.endswith("None"):
        annotation += " | None"
    if own != name:
        default = f'Field(alias="{name}")' if required else f'Field(default=None, alias="{name}")'
        return f"    {own}: {annotation} = {default}\n{described}"
    return f"    {own}: {annotation}{'' if required else ' = None'}\n{described}"


def inputs(contract: Contract) -> str:
    """The module of what is given inside a request."""
    names: set[str] = set()
    for operation in contract.operations:
        if operation.body is not None:
            body = contract.resolve(operation.body)
            parts = [contract.resolve(each) for each in body.get("oneOf", [body])]
            names |= {name for part in parts for name in references(contract, part)}
        names |= {name for schema in operation.query.values() for name in references(contract, schema)}
    return _INPUTS_HEAD + "\n".join(_input(name, contract.schemas[name]) for name in sorted(names))


def _input(name: str, schema: Schema) -> str:
    extra = schema.get("additionalProperties")
    if "properties" not in schema or isinstance(extra, dict):
        annotation = "Mapping[str, Any]" if "properties" in schema else given_type(schema, prefix="")
        return f"\ntype {class_name(name)} = {annotation}\n"
    required = set(schema.get("required", ()))
    kinds = {
        field: f"{'Required' if field in required else 'NotRequired'}[{given_type(content, field, prefix='')}]"
        for field, content in schema["properties"].items()
    }
    if any(keyword.iskeyword(field) for field in kinds):
        # A key such as `from` cannot stand in a class.
        entries = ", ".join(f'"{field}": "{kind.replace(chr(34), chr(39))}"' for field, kind in kinds.items())
        return f'\n{class_name(name)} = TypedDict("{class_name(name)}", {{{entries}}}, total=False)\n'
    head = f"\nclass {class_name(name)}(TypedDict, total=False):\n" + docstring(schema.get("description") or f"{name}.", "    ")
    return head + "".join(f"    {field}: {kind}\n" for field, kind in kinds.items())
