"""What a Query asks of its keys, read from the condition's tokens as the emulator makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_COMPARED: Final = {"EQ": "=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """The partition's value, and the sort key's operator and values, as DynamoDB writes values: {"S": "x"}. No operator takes all keys."""

    partition: Any
    operator: str | None = None
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """Of the partition key, of the sort key if there is one, and what stands for names and values in the expression."""

    partition: str
    sort: str | None
    names: Mapping[str, str]
    values: Mapping[str, Any]


def read(clauses: list[list[Token]], names: Names) -> KeyCondition | None:
    """The condition of such clauses; None for every form that is not one of these: the emulator says then what is wrong with it."""
    partition: Any = None
    sort: tuple[str, tuple[Any, ...]] | None = None
    for clause in clauses:
        found = _clause(clause, names)
        if found is None:
            return None
        name, operator, values = found
        if name == names.partition and operator == "=" and partition is None:
            partition = values[0]
        elif name == names.sort and sort is None:
            sort = (operator, values)
        else:
            return None
    if partition is None:
        return None
    return KeyCondition(partition, *(sort or ()))


def _clause(clause: list[Token], names: Names) -> tuple[str, str, tuple[Any, ...]] | None:
    """Name, operator and values of `name op :v`, `name BETWEEN :v AND :v` or `begins_with(name, :v)`."""
    references: tuple[str, ...]
    match [(kind, text.lower() if kind == "IDENT" else text) for kind, text in clause]:
        case [("IDENT" | "NAME_REF", _), (compared, _), ("VALUE_REF", value)] if compared in _COMPARED:
            (kind, text), operator, references = clause[0], _COMPARED[compared], (value,)
        case [("IDENT" | "NAME_REF", _), ("IDENT", "between"), ("VALUE_REF", low), ("IDENT", "and"), ("VALUE_REF", high)]:
            (kind, text), operator, references = clause[0], "between", (low, high)
        case [("IDENT", "begins_with"), ("LPAREN", _), ("IDENT" | "NAME_REF", _), ("COMMA", _), ("VALUE_REF", prefix), ("RPAREN", _)]:
            (kind, text), operator, references = clause[2], "begins_with", (prefix,)
        case _:
            return None
    name = names.names.get(text) if kind == "NAME_REF" else text
    values = tuple(names.values.get(reference) for reference in references)
    return (name, operator, values) if name is not None and None not in values else None
