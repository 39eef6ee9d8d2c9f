"""Tokens of DynamoDB's expression language, and what every expression has: document paths and placeholders.

A parser resolves #names while it reads, so a parsed expression holds real attribute names and can be cached by
(text, names). :values stay references; their types are checked per request from `Requirement`s noted while parsing.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from tests.fakes.memory_dynamo.refusal import RefusedError, invalid
from tests.fakes.memory_dynamo.reserved import RESERVED
from tests.fakes.memory_dynamo.values import Item, Value

type Values = dict[str, Value]
type Step = str | int

_TOKEN = re.compile(r"\s*([#:]\w+|[A-Za-z_]\w*|\d+|<=|>=|<>|[=<>()\[\],.+-])", re.ASCII)
_END = ""
_MAX_LENGTH = 4096


class Requirement(NamedTuple):
    """The value `ref` must be one of `kinds` because `operator` takes nothing else."""

    ref: str
    kinds: frozenset[str]
    operator: str


@dataclass(frozen=True, slots=True)
class Path:
    """A document path such as a.b[0]; its value is None where the item has nothing there."""

    name: str
    rest: tuple[Step, ...] = ()

    def value(self, item: Item, values: Values) -> Value | None:
        found: Value | None = item.get(self.name)
        for step in self.rest:
            if found is None:
                return None
            if isinstance(step, str):
                found = found["M"].get(step) if "M" in found else None
            else:
                elements = found.get("L", ())
                found = elements[step] if step < len(elements) else None
        return found

    @property
    def steps(self) -> tuple[Step, ...]:
        return (self.name, *self.rest)

    def __str__(self) -> str:
        return "[" + ", ".join(f"[{step}]" if isinstance(step, int) else step for step in self.steps) + "]"


@dataclass(frozen=True, slots=True)
class Ref:
    """A :value placeholder."""

    name: str

    def value(self, item: Item, values: Values) -> Value | None:
        return values[self.name]


class Parser:
    """Reads tokens of one expression; the grammars are subclasses.

    `label` names the expression in errors ("ConditionExpression"). After parsing, `names_used`, `values_used` and
    `requirements` say what the expression asks of the request, `attributes` what it reads at an item's first level.
    """

    def __init__(self, text: str, label: str, names: dict[str, str]) -> None:
        self.label = label
        self.names = names
        self.names_used: set[str] = set()
        self.values_used: set[str] = set()
        self.attributes: set[str] = set()
        self.requirements: list[Requirement] = []
        self._tokens = self._tokenized(text)
        self._at = 0

    def _tokenized(self, text: str) -> list[str]:
        if not text.strip():
            raise self.error("The expression can not be empty;")
        if len(text.encode()) > _MAX_LENGTH:
            raise self.error("Expression size has exceeded the maximum allowed size;")
        tokens, at, end = [], 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise self.error(f'Syntax error; token: "{text[at:].strip()[0]}", near: "{text[at : at + 12]}"')
            tokens.append(match.group(1))
            at = match.end()
        return tokens

    def error(self, message: str) -> RefusedError:
        return invalid(f"Invalid {self.label}: {message}")

    def peek(self, ahead: int = 0) -> str:
        index = self._at + ahead
        return self._tokens[index] if index < len(self._tokens) else _END

    def take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def accept(self, *expected: str) -> str | None:
        """Take the next token if it is one of `expected` (keywords in upper case)."""
        token = self.peek().upper()
        if token in expected:
            self._at += 1
            return token
        return None

    def expect(self, expected: str) -> None:
        if self.accept(expected) is None:
            raise self.syntax_error()

    def finish(self) -> None:
        if self.peek() != _END:
            raise self.syntax_error()

    def syntax_error(self) -> RefusedError:
        token = self.peek()
        near = " ".join(self._tokens[max(self._at - 1, 0) : self._at + 2])
        return self.error(f'Syntax error; token: "{token or "<EOF>"}", near: "{near}"')

    def path(self) -> Path:
        name = self._attribute_name()
        self.attributes.add(name)
        rest: list[Step] = []
        while symbol := self.accept(".", "["):
            if symbol == ".":
                rest.append(self._attribute_name())
            else:
                if not self.peek().isdigit():
                    raise self.syntax_error()
                rest.append(int(self.take()))
                self.expect("]")
        return Path(name, tuple(rest))

    def _attribute_name(self) -> str:
        token = self.peek()
        if token.startswith("#"):
            self._at += 1
            self.names_used.add(token)
            if token not in self.names:
                detail = "An expression attribute name used in the document path is not defined; attribute name: "
                raise self.error(detail + token)
            return self.names[token]
        if not (token[:1].isalpha() or token[:1] == "_"):
            raise self.syntax_error()
        if token.upper() in RESERVED:
            raise self.error(f"Attribute name is a reserved keyword; reserved keyword: {token}")
        self._at += 1
        return token

    def ref(self) -> Ref:
        if not self.peek().startswith(":"):
            raise self.syntax_error()
        token = self.take()
        self.values_used.add(token)
        return Ref(token)

    def require(self, operand: object, kinds: frozenset[str], operator: str) -> None:
        if isinstance(operand, Ref):
            self.requirements.append(Requirement(operand.name, kinds, operator))
