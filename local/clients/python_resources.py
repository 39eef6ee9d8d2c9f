"""The Python client's resources: a module each, with every operation as a method, once for each of the two kinds of client."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.clients.contract import Contract, Operation, Schema
from local.clients.python_types import answer_type, class_name, docstring, given_type, identifier

_HEAD: Final = '''"""{title}. Generated from the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from paycorex_client import inputs, models
from paycorex_client.answers import Content
from paycorex_client.async_transport import AsyncTransport
from paycorex_client.calls import Call, segment
from paycorex_client.events import Event
from paycorex_client.pages import AsyncPages, Pages
from paycorex_client.transport import Transport
from paycorex_client.values import NOT_GIVEN, Amount, Moment, NotGiven, given

'''
_CURSOR: Final = "cursor"


@dataclass(frozen=True, slots=True)
class Method:
    """One method to write. fixed: values of the query or body that it always sends; left_out: fields that it does not take."""

    operation: Operation
    name: str
    kind: str
    returns: str
    answers: str
    fixed: Mapping[str, str]
    left_out: frozenset[str]
    about: str


def resource(contract: Contract, name: str) -> str:
    """A resource's module."""
    operations = [each for each in contract.operations if each.resource == name]
    methods = [method for operation in operations for method in _methods(contract, operation)]
    title = name.replace("_", " ").capitalize()
    parts = [_HEAD.format(title=title)]
    for asynchronous in (False, True):
        kind = "AsyncTransport" if asynchronous else "Transport"
        parts.append(f'\nclass {resource_class(name, asynchronous=asynchronous)}:\n    """{title}."""\n\n')
        parts.append(f"    def __init__(self, transport: {kind}) -> None:\n        self._transport = transport\n")
        parts += [_written(contract, method, asynchronous=asynchronous) for method in methods]
    return "".join(parts)


def resource_class(name: str, *, asynchronous: bool) -> str:
    """The class of a resource."""
    own = "".join(word.capitalize() for word in name.split("_"))
    return f"Async{own}" if asynchronous else own


def index(contract: Contract) -> str:
    """`resources/__init__.py`: what a client has."""
    names = contract.resources()
    lines = ['"""What a client offers, by resource. Generated from the contract."""\n\n']
    lines.append("from paycorex_client.async_transport import AsyncTransport\n")
    for name in names:
        plain, other = resource_class(name, asynchronous=False), resource_class(name, asynchronous=True)
        lines.append(f"from paycorex_client.resources.{name} import {', '.join(sorted((plain, other)))}\n")
    lines.append("from paycorex_client.transport import Transport\n")
    for asynchronous in (False, True):
        prefix = "Async" if asynchronous else ""
        lines.append(f'\n\nclass {prefix}Resources:\n    """Every resource."""\n\n')
        lines.append(f"    def __init__(self, transport: {prefix}Transport) -> None:\n")
        lines += [f"        self.{name} = {resource_class(name, asynchronous=asynchronous)}(transport)\n" for name in names]
    return "".join(lines)


def _methods(contract: Contract, operation: Operation) -> Iterator[Method]:
    """Its methods: one, or one more for a dry run."""
    answered = {status: schema for status, schema in operation.answers.items() if schema is not None}
    if not answered:
        kind = "content" if operation.media_types else "json"
        about = "`next_cursor` of the answer continues." if kind == "content" and _CURSOR in operation.query else ""
        yield Method(operation, operation.name, kind, "Content" if kind == "content" else "dict[str, Any]", "", {}, frozenset(), about)
        return
    item = _item(contract, operation, answered)
    if item is not None:
        yield Method(operation, operation.name, "pages", item, item, {}, frozenset({_CURSOR}), "An iterator that asks for the pages.")
    else:
        yield from _answering(contract, operation, answered)


def _answering(contract: Contract, operation: Operation, answered: Mapping[int, Schema]) -> Iterator[Method]:
    types = {status: _model(contract, schema) for status, schema in answered.items()}
    body = _fields(contract, operation)[0]
    if "dry_run" in body and len(set(types.values())) > 1:
        # A dry run is answered with an object of its own; so each method answers one kind of object.
        dry, real = types.pop(200), types
        yield _one(operation, operation.name, real, {}, frozenset({"dry_run"}), "")
        about = "What it would do, without doing it."
        yield _one(operation, f"{operation.name}_dry_run", {200: dry}, {"dry_run": "True"}, frozenset({"dry_run"}), about)
        return
    yield _one(operation, operation.name, types, {}, frozenset(), "")


def _one(
    operation: Operation, name: str, types: Mapping[int, str], fixed: Mapping[str, str], left_out: frozenset[str], about: str
) -> Method:
    answers = "{" + ", ".join(f"{status}: {kind}" for status, kind in sorted(types.items())) + "}"
    return Method(operation, name, "answer", " | ".join(dict.fromkeys(types.values())), answers, fixed, left_out, about)


def _model(contract: Contract, schema: Schema) -> str:
    return "Event" if _is_event(contract, schema) else f"models.{class_name(schema['$ref'])}"


def _is_event(contract: Contract, schema: Schema) -> bool:
    """One class for all events, which reads its object by the event's name."""
    return {"event", "data"} <= set(contract.resolve(contract.resolve(schema).get("oneOf", [{}])[0]).get("properties", {}))


def _item(contract: Contract, operation: Operation, answered: Mapping[int, Schema]) -> str | None:
    """The class of a paged list's items."""
    properties = contract.resolve(next(iter(answered.values()))).get("properties", {})
    if _CURSOR not in operation.query or not {"data", "next_cursor"} <= set(properties):
        return None
    item = properties["data"]["items"]
    return "Event" if _is_event(contract, item) else f"models.{answer_type(item)}"


def _fields(contract: Contract, operation: Operation) -> tuple[dict[str, Schema], frozenset[str]]:
    """The body's fields and which are required. A body of several kinds has the fields of all."""
    if operation.body is None:
        return {}, frozenset()
    body = contract.resolve(operation.body)
    kinds = [contract.resolve(each) for each in body.get("oneOf", [body])]
    fields: dict[str, Schema] = {}
    for kind in kinds:
        for name, schema in kind.get("properties", {}).items():
            fields[name] = _either(fields.get(name), schema)
    required = frozenset.intersection(*(frozenset(kind.get("required", ())) for kind in kinds))
    return fields, required | (frozenset({"type"}) if len(kinds) > 1 else frozenset())


def _either(known: Schema | None, schema: Schema) -> Schema:
    if known is None or known == schema:
        return schema
    values = [value for each in (known, schema) for value in each.get("enum", [each.get("const")])]
    return {**schema, "enum": values} if all(values) else {"anyOf": [known, schema]}


def _written(contract: Contract, method: Method, *, asynchronous: bool) -> str:
    operation = method.operation
    body, needed = _fields(contract, operation)
    query = {name: schema for name, schema in operation.query.items() if name not in method.left_out}
    body = {name: schema for name, schema in body.items() if name not in method.left_out}
    needed |= operation.required_query
    paged = method.kind == "pages"
    prefix = "async " if asynchronous and not paged else ""
    returns = f"{'Async' if asynchronous else ''}Pages[{method.returns}]" if paged else method.returns
    parameters = _parameters(operation, {**query, **body}, needed)
    head = f"\n    {prefix}def {identifier(method.name)}({', '.join(['self', *parameters])}) -> {returns}:\n"
    about = "\n\n".join(text for text in (_sentence(operation), method.about, _described({**query, **body})) if text)
    return head + docstring(about, "        ") + _statements(method, query, body, asynchronous=asynchronous)


def _sentence(operation: Operation) -> str:
    text = operation.summary or operation.key
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _described(fields: Mapping[str, Schema]) -> str:
    known = {name: " ".join(str(schema["description"]).split()) for name, schema in fields.items() if "description" in schema}
    return "\n".join(f"{identifier(name)}: {text}" for name, text in known.items())


def _parameters(operation: Operation, fields: Mapping[str, Schema], needed: frozenset[str]) -> list[str]:
    parts = [f"{identifier(name)}: str" for name in operation.path_parameters] + ["*"]
    parts += [f"{identifier(name)}: {given_type(schema, name)}" for name, schema in fields.items() if name in needed]
    parts += [f"{identifier(name)}: {_optional(given_type(schema, name))}" for name, schema in fields.items() if name not in needed]
    if operation.mutating:
        parts.append("idempotency_key: str | None = None")
    return [*parts, "timeout: float | None = None"]


def _optional(annotation: str) -> str:
    plain = annotation.removesuffix(" | None")
    return f"{plain} | NotGiven{' | None' if plain != annotation else ''} = NOT_GIVEN"


def _statements(method: Method, query: Mapping[str, Any], body: Mapping[str, Any], *, asynchronous: bool) -> str:
    operation = method.operation
    path = operation.path
    for name in operation.path_parameters:
        path = path.replace(f"{{{name}}}", f"{{segment({identifier(name)})}}")
    arguments = [f'"{operation.method}"', f'f"{path}"' if operation.path_parameters else f'"{path}"']
    in_query = method.fixed if operation.body is None else {}
    in_body = method.fixed if operation.body is not None else {}
    if query or in_query:
        arguments.append(f"query={_dictionary(query, in_query)}")
    if operation.body is not None:
        arguments.append(f"body={_dictionary(body, in_body)}")
    if operation.mutating:
        arguments.append("idempotency_key=idempotency_key")
    arguments.append("timeout=timeout")
    if not operation.signed:
        arguments.append("signed=False")
    call = f"        call = Call({', '.join(arguments)})\n"
    if method.kind == "pages":
        return f"{call}        return {'Async' if asynchronous else ''}Pages(self._transport, call, {method.answers})\n"
    awaited = "await " if asynchronous else ""
    if " | " in method.returns:
        # One annotation for both: inferred alone, the two classes have only their metaclass in common.
        call += f"        answers: Mapping[int, type[{method.returns}]] = {method.answers}\n"
    given = (", answers" if " | " in method.returns else f", {method.answers}") if method.answers else ""
    return f"{call}        return {awaited}self._transport.{method.kind}(call{given})\n"


def _dictionary(fields: Mapping[str, Any], fixed: Mapping[str, str]) -> str:
    entries = [f'"{name}": {identifier(name)}' for name in fields] + [f'"{name}": {value}' for name, value in fixed.items()]
    return f"given({{{', '.join(entries)}}})"
