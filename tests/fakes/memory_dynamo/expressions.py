"""The expressions of one request: parsed (cached by text and names), their placeholders checked against each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from tests.fakes.memory_dynamo.condition_parser import ConditionParser
from tests.fakes.memory_dynamo.conditions import And, Between, Condition, Not, Or
from tests.fakes.memory_dynamo.projections import ProjectionParser
from tests.fakes.memory_dynamo.refusal import invalid
from tests.fakes.memory_dynamo.syntax import Parser, Path, Requirement, Values
from tests.fakes.memory_dynamo.update_parser import UpdateParser
from tests.fakes.memory_dynamo.updates import Update
from tests.fakes.memory_dynamo.values import KINDS, admit, kind_of

_CACHED = 8192


@dataclass(frozen=True, slots=True)
class Parsed[T]:
    tree: T
    names: frozenset[str]
    values: frozenset[str]
    attributes: frozenset[str]
    requirements: tuple[Requirement, ...]


def _parsed[T](parser: Parser, tree: T) -> Parsed[T]:
    return Parsed(
        tree,
        frozenset(parser.names_used),
        frozenset(parser.values_used),
        frozenset(parser.attributes),
        tuple(parser.requirements),
    )


@lru_cache(maxsize=_CACHED)
def parse_condition(text: str, label: str, names: tuple[tuple[str, str], ...]) -> Parsed[Condition]:
    """Raises ValidationException ("Invalid <label>: ...") as do its siblings below."""
    parser = ConditionParser(text, label, dict(names))
    return _parsed(parser, parser.whole())


@lru_cache(maxsize=_CACHED)
def parse_update(text: str, names: tuple[tuple[str, str], ...]) -> Parsed[Update]:
    parser = UpdateParser(text, "UpdateExpression", dict(names))
    return _parsed(parser, parser.whole())


@lru_cache(maxsize=_CACHED)
def parse_projection(text: str, names: tuple[tuple[str, str], ...]) -> Parsed[tuple[Path, ...]]:
    parser = ProjectionParser(text, "ProjectionExpression", dict(names))
    return _parsed(parser, parser.whole())


type Label = Literal["ConditionExpression", "FilterExpression", "KeyConditionExpression"]


class Expressions:
    """Reads the expressions of a request; `finish` raises ValidationException for placeholders nothing used."""

    __slots__ = ("_names", "_request", "_used_names", "_used_values", "values")

    def __init__(self, request: dict[str, Any]) -> None:
        self._request = request
        names = request.get("ExpressionAttributeNames")
        given = request.get("ExpressionAttributeValues")
        if names is not None and not names:
            raise invalid("ExpressionAttributeNames must not be empty")
        if given is not None and not given:
            raise invalid("ExpressionAttributeValues must not be empty")
        self._names = tuple(names.items()) if names else ()
        self.values: Values = {name: admit(value) for name, value in given.items()} if given else {}
        self._used_names: set[str] = set()
        self._used_values: set[str] = set()

    def condition(self, label: Label) -> Condition | None:
        text = self._request.get(label)
        if text is None:
            return None
        parsed = parse_condition(text, label, self._names)
        self._use(parsed, label)
        for between in _betweens(parsed.tree):
            self._check_bounds(between, label)
        return parsed.tree

    def filter(self, key_names: tuple[str, ...]) -> Condition | None:
        """A query's FilterExpression, which may not speak of the key."""
        text = self._request.get("FilterExpression")
        if text is not None:
            named = parse_condition(text, "FilterExpression", self._names).attributes.intersection(key_names)
            if named:
                detail = f"Primary key attribute: {min(named)}"
                raise invalid(f"Filter Expression can only contain non-primary key attributes: {detail}")
        return self.condition("FilterExpression")

    def update(self) -> Update | None:
        text = self._request.get("UpdateExpression")
        if text is None:
            return None
        parsed = parse_update(text, self._names)
        self._use(parsed, "UpdateExpression")
        return parsed.tree

    def projection(self) -> tuple[Path, ...] | None:
        text = self._request.get("ProjectionExpression")
        if text is None:
            return None
        parsed = parse_projection(text, self._names)
        self._use(parsed, "ProjectionExpression")
        return parsed.tree

    def finish(self) -> None:
        if self._names and len(self._used_names) < len(self._names):
            unused = [name for name, _ in self._names if name not in self._used_names]
            raise invalid(f"Value provided in ExpressionAttributeNames unused in expressions: keys: {_braced(unused)}")
        if len(self._used_values) < len(self.values):
            unused = [name for name in self.values if name not in self._used_values]
            raise invalid(f"Value provided in ExpressionAttributeValues unused in expressions: keys: {_braced(unused)}")

    def _use(self, parsed: Parsed[Any], label: str) -> None:
        self._used_names |= parsed.names
        self._used_values |= parsed.values
        for name in parsed.values:
            if name not in self.values:
                detail = "An expression attribute value used in expression is not defined; attribute value: "
                raise invalid(f"Invalid {label}: {detail}{name}")
        for requirement in parsed.requirements:
            value = self.values[requirement.ref]
            kind = kind_of(value)
            if requirement.operator == "attribute_type" and value.get("S") not in KINDS and kind == "S":
                detail = f"Invalid attribute type name found; type: {value['S']}, valid types: {_braced(sorted(KINDS))}"
                raise invalid(f"Invalid {label}: {detail}")
            if kind not in requirement.kinds:
                operator = f"operator or function: {requirement.operator}, operand type: {kind}"
                raise invalid(f"Invalid {label}: Incorrect operand type for operator or function; {operator}")

    def _check_bounds(self, between: Between, label: str) -> None:
        low, high = (bound.value({}, self.values) for bound in (between.low, between.high))
        if low is None or high is None:
            return
        detail = "The BETWEEN operator requires "
        if kind_of(low) != kind_of(high):
            raise invalid(f"Invalid {label}: {detail}same data type for lower and upper bounds")
        if not Between(between.low, between.low, between.high).holds({}, self.values):
            raise invalid(f"Invalid {label}: {detail}upper bound to be greater than or equal to lower bound")


def _betweens(tree: Condition) -> Iterator[Between]:
    """Every BETWEEN of a condition, however deep."""
    match tree:
        case Between():
            yield tree
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _betweens(part)
        case Not(part=part):
            yield from _betweens(part)


def _braced(names: list[str]) -> str:
    return "{" + ", ".join(names) + "}"
