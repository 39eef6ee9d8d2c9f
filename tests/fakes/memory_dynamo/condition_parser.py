"""The grammar of ConditionExpression, FilterExpression and KeyConditionExpression: OR < AND < NOT < comparison."""

import operator
from collections.abc import Callable
from typing import Any

from tests.fakes.memory_dynamo.conditions import (
    And,
    BeginsWith,
    Between,
    Condition,
    Contains,
    Equal,
    Exists,
    In,
    Not,
    Operand,
    Or,
    Ordered,
    Size,
    TypeIs,
)
from tests.fakes.memory_dynamo.syntax import Parser, Path
from tests.fakes.memory_dynamo.values import KINDS

_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARATORS = ("=", "<>", *_ORDERINGS)
_ORDERED_KINDS = frozenset({"S", "N", "B"})
_TEXT_KINDS = frozenset({"S", "B"})
_MAX_IN = 100


class ConditionParser(Parser):
    def whole(self) -> Condition:
        condition = self._or()
        self.finish()
        return condition

    def _or(self) -> Condition:
        parts = [self._and()]
        while self.accept("OR"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Condition:
        parts = [self._not()]
        while self.accept("AND"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self) -> Condition:
        return Not(self._not()) if self.accept("NOT") else self._primary()

    def _primary(self) -> Condition:
        if self.accept("("):
            doubled = self.peek() == "("
            start = self._at
            condition = self._or()
            if doubled and self._closes(start) == self._at - 1:
                raise self.error("The expression has redundant parentheses;")
            self.expect(")")
            return condition
        if self.peek(1) == "(" and self.peek() != "size" and self.peek()[:1] not in "#:":
            return self._function()
        return self._comparison()

    def _closes(self, start: int) -> int:
        """The index of the parenthesis that closes the one at `start`."""
        depth = 0
        for index in range(start, len(self._tokens)):
            depth += {"(": 1, ")": -1}.get(self._tokens[index], 0)
            if depth == 0:
                return index
        return -1

    def _comparison(self) -> Condition:
        left = self._operand()
        comparator = self.accept(*_COMPARATORS, "BETWEEN", "IN")
        if comparator is None:
            raise self.syntax_error()
        if comparator == "BETWEEN":
            return self._between(left)
        if comparator == "IN":
            return self._in(left)
        right = self._operand()
        self._distinct(left, right, comparator)
        if comparator in _ORDERINGS:
            self.require(left, _ORDERED_KINDS, comparator)
            self.require(right, _ORDERED_KINDS, comparator)
            return Ordered(left, right, comparator, _ORDERINGS[comparator])
        return Equal(left, right, comparator == "=")

    def _between(self, subject: Operand) -> Condition:
        low = self._operand()
        self.expect("AND")
        high = self._operand()
        for operand in (subject, low, high):
            self.require(operand, _ORDERED_KINDS, "BETWEEN")
        return Between(subject, low, high)

    def _in(self, subject: Operand) -> Condition:
        self.expect("(")
        options = [self._operand()]
        while self.accept(","):
            options.append(self._operand())
        self.expect(")")
        if len(options) > _MAX_IN:
            raise self.error("Invalid number of operands for operator or function; operator or function: IN")
        return In(subject, tuple(options))

    def _operand(self) -> Operand:
        if self.peek().startswith(":"):
            return self.ref()
        if self.peek() == "size" and self.peek(1) == "(":
            self.take()
            self.take()
            size = Size(self.path())
            self.expect(")")
            return size
        return self.path()

    def _distinct(self, first: Operand, second: Operand, operator_name: str) -> None:
        if isinstance(first, Path) and first == second:
            detail = "The first operand must be distinct from the remaining operands for this operator or function; "
            raise self.error(f"{detail}operator: {operator_name}, first operand: {first}")

    def _function(self) -> Condition:
        name = self.take()
        reader = _FUNCTIONS.get(name)
        if reader is None:
            raise self.error(f"Invalid function name; function: {name}")
        self.expect("(")
        condition = reader(self, name)
        self.expect(")")
        return condition

    def _required_path(self, function: str) -> Path:
        if self.peek().startswith(":"):
            detail = "Operator or function requires a document path; operator or function: "
            raise self.error(detail + function)
        return self.path()

    def exists(self, name: str) -> Condition:
        return Exists(self._required_path(name), name == "attribute_exists")

    def type_is(self, name: str) -> Condition:
        path = self._required_path(name)
        self.expect(",")
        kind = self.ref()
        self.require(kind, frozenset({"S"}), name)
        return TypeIs(path, kind)

    def begins_with(self, name: str) -> Condition:
        subject, prefix = self._pair(name)
        self.require(subject, _TEXT_KINDS, name)
        self.require(prefix, _TEXT_KINDS, name)
        return BeginsWith(subject, prefix)

    def contains(self, name: str) -> Condition:
        subject, element = self._pair(name)
        self.require(subject, KINDS - {"N", "BOOL", "NULL", "M"}, name)
        return Contains(subject, element)

    def _pair(self, name: str) -> tuple[Operand, Operand]:
        first = self._operand()
        self.expect(",")
        second = self._operand()
        self._distinct(first, second, name)
        return first, second


_FUNCTIONS: dict[str, Callable[[ConditionParser, str], Condition]] = {
    "attribute_exists": ConditionParser.exists,
    "attribute_not_exists": ConditionParser.exists,
    "attribute_type": ConditionParser.type_is,
    "begins_with": ConditionParser.begins_with,
    "contains": ConditionParser.contains,
}
