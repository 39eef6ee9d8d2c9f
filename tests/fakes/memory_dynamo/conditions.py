"""What a condition means: nodes that say whether they hold for an item. A missing item is the empty item."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.fakes.memory_dynamo.syntax import Path, Ref, Values
from tests.fakes.memory_dynamo.values import Item, Value, kind_of, rank


class Operand(Protocol):
    def value(self, item: Item, values: Values) -> Value | None: ...


class Condition(Protocol):
    def holds(self, item: Item, values: Values) -> bool: ...


@dataclass(frozen=True, slots=True)
class Size:
    """size(path): characters, bytes or elements; nothing for a value that has no size."""

    path: Path

    def value(self, item: Item, values: Values) -> Value | None:
        found = self.path.value(item, values)
        if found is None:
            return None
        kind, raw = next(iter(found.items()))
        if kind in {"N", "BOOL", "NULL"}:
            return None
        return {"N": str(len(raw.encode() if kind == "S" else raw))}


@dataclass(frozen=True, slots=True)
class Equal:
    left: Operand
    right: Operand
    wanted: bool

    def holds(self, item: Item, values: Values) -> bool:
        left, right = self.left.value(item, values), self.right.value(item, values)
        # An absent attribute equals nothing, not even another absent one.
        return (left is not None and left == right) is self.wanted


@dataclass(frozen=True, slots=True)
class Ordered:
    left: Operand
    right: Operand
    operator: str
    compare: Callable[[Any, Any], bool]

    def holds(self, item: Item, values: Values) -> bool:
        left, right = self.left.value(item, values), self.right.value(item, values)
        return _in_order(left, right, self.compare)


@dataclass(frozen=True, slots=True)
class Between:
    subject: Operand
    low: Operand
    high: Operand

    def holds(self, item: Item, values: Values) -> bool:
        subject = self.subject.value(item, values)
        low, high = self.low.value(item, values), self.high.value(item, values)
        return _in_order(low, subject, _at_most) and _in_order(subject, high, _at_most)


@dataclass(frozen=True, slots=True)
class In:
    subject: Operand
    options: tuple[Operand, ...]

    def holds(self, item: Item, values: Values) -> bool:
        subject = self.subject.value(item, values)
        return subject is not None and any(subject == option.value(item, values) for option in self.options)


@dataclass(frozen=True, slots=True)
class Exists:
    path: Path
    wanted: bool

    def holds(self, item: Item, values: Values) -> bool:
        return (self.path.value(item, values) is not None) is self.wanted


@dataclass(frozen=True, slots=True)
class TypeIs:
    path: Path
    kind: Ref

    def holds(self, item: Item, values: Values) -> bool:
        found = self.path.value(item, values)
        return found is not None and kind_of(found) == values[self.kind.name]["S"]


@dataclass(frozen=True, slots=True)
class BeginsWith:
    subject: Operand
    prefix: Operand

    def holds(self, item: Item, values: Values) -> bool:
        subject, prefix = self.subject.value(item, values), self.prefix.value(item, values)
        if subject is None or prefix is None:
            return False
        kind = kind_of(subject)
        return kind in {"S", "B"} and kind in prefix and bool(subject[kind].startswith(prefix[kind]))


@dataclass(frozen=True, slots=True)
class Contains:
    subject: Operand
    element: Operand

    def holds(self, item: Item, values: Values) -> bool:
        subject, element = self.subject.value(item, values), self.element.value(item, values)
        if subject is None or element is None:
            return False
        kind, raw = next(iter(subject.items()))
        if kind in {"S", "B"}:
            return kind in element and element[kind] in raw
        if kind == "L":
            return element in raw
        return kind in {"SS", "NS", "BS"} and element.get(kind[0]) in raw


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...]

    def holds(self, item: Item, values: Values) -> bool:
        return all(part.holds(item, values) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]

    def holds(self, item: Item, values: Values) -> bool:
        return any(part.holds(item, values) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, item: Item, values: Values) -> bool:
        return not self.part.holds(item, values)


def _at_most(left: Any, right: Any) -> bool:
    return bool(left <= right)


def _in_order(left: Value | None, right: Value | None, compare: Callable[[Any, Any], bool]) -> bool:
    if left is None or right is None:
        return False
    first, second = rank(left), rank(right)
    return first is not None and second is not None and first[0] == second[0] and compare(first[1], second[1])
