"""KeyConditionExpression: one hash value and a range of sort values."""

from tests.fakes.memory_dynamo.conditions import And, BeginsWith, Between, Condition, Equal, Operand, Ordered
from tests.fakes.memory_dynamo.partition import EVERYTHING, SortRange
from tests.fakes.memory_dynamo.refusal import RefusedError, invalid
from tests.fakes.memory_dynamo.schema import KeyAttribute, KeySchema
from tests.fakes.memory_dynamo.syntax import Path, Ref, Values
from tests.fakes.memory_dynamo.values import kind_of

_NOT_SUPPORTED = "Query key condition not supported"


def key_range(condition: Condition, keys: KeySchema, values: Values) -> tuple[object, SortRange]:
    """(hash part, sort range). Raises ValidationException for what a query cannot answer by key."""
    parts = condition.parts if isinstance(condition, And) else (condition,)
    by_name: dict[str, Condition] = {}
    for part in parts:
        name = _subject(part)
        if name in by_name:
            raise invalid("KeyConditionExpressions must only contain one condition per key")
        by_name[name] = part
    hash_condition = by_name.pop(keys.hash.name, None)
    if hash_condition is None:
        raise invalid(f"Query condition missed key schema element: {keys.hash.name}")
    if not isinstance(hash_condition, Equal) or not hash_condition.wanted:
        raise invalid(_NOT_SUPPORTED)
    hash_part = _part(hash_condition.right, keys.hash, values)
    sort_condition = by_name.pop(keys.sort.name, None) if keys.sort else None
    if by_name:
        missed = keys.sort.name if keys.sort and sort_condition is None else None
        raise invalid(f"Query condition missed key schema element: {missed}" if missed else _NOT_SUPPORTED)
    if keys.sort is None or sort_condition is None:
        return hash_part, EVERYTHING
    return hash_part, _sort_range(sort_condition, keys.sort, values)


def _subject(condition: Condition) -> str:
    match condition:
        case Equal(left=Path(name=name, rest=())) | Ordered(left=Path(name=name, rest=())):
            return name
        case Between(subject=Path(name=name, rest=())) | BeginsWith(subject=Path(name=name, rest=())):
            return name
        case _:
            raise invalid(_NOT_SUPPORTED)


def _sort_range(condition: Condition, sort: KeyAttribute, values: Values) -> SortRange:
    match condition:
        case Equal(right=right, wanted=True):
            part = _part(right, sort, values)
            return SortRange(low=part, high=part)
        case Between(low=low, high=high):
            return SortRange(low=_part(low, sort, values), high=_part(high, sort, values))
        case BeginsWith(prefix=prefix) if sort.kind != "N":
            return SortRange(prefix=_part(prefix, sort, values))
        case Ordered(operator=operator, right=right):
            part = _part(right, sort, values)
            if operator[0] == "<":
                return SortRange(high=part, high_open=operator == "<")
            return SortRange(low=part, low_open=operator == ">")
        case _:
            raise invalid(_NOT_SUPPORTED)


def _part(operand: Operand, attribute: KeyAttribute, values: Values) -> str:
    if not isinstance(operand, Ref):
        raise invalid(_NOT_SUPPORTED)
    value = values[operand.name]
    if kind_of(value) != attribute.kind:
        raise _mismatch()
    attribute.check_size(value)
    part: str = attribute.part(value)
    return part


def _mismatch() -> RefusedError:
    return invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
