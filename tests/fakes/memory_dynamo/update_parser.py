"""The grammar of UpdateExpression: SET, REMOVE, ADD and DELETE, each at most once."""

from collections.abc import Callable

from tests.fakes.memory_dynamo.syntax import Parser, Path
from tests.fakes.memory_dynamo.updates import AddTo, Assign, DeleteFrom, IfNotExists, ListAppend, Remove, Sum, Update, UpdateOperand

_NUMBER = frozenset({"N"})
_LIST = frozenset({"L"})
_SETS = frozenset({"SS", "NS", "BS"})


class UpdateParser(Parser):
    def whole(self) -> Update:
        update = Update([], [], [], [])
        seen: set[str] = set()
        while clause := self.accept("SET", "REMOVE", "ADD", "DELETE"):
            if clause in seen:
                raise self.error(f'The "{clause}" section can only be used once in an update expression;')
            seen.add(clause)
            self._clause(clause, update)
        self.finish()
        self._no_overlap(update.paths)
        return update

    def _clause(self, clause: str, update: Update) -> None:
        if clause == "SET":
            self._each(lambda: update.assigns.append(self._assign()))
        elif clause == "REMOVE":
            self._each(lambda: update.removes.append(Remove(self.path())))
        elif clause == "ADD":
            self._each(lambda: update.adds.append(self._add()))
        else:
            self._each(lambda: update.deletes.append(self._delete()))

    def _each(self, read: Callable[[], None]) -> None:
        read()
        while self.accept(","):
            read()

    def _assign(self) -> Assign:
        path = self.path()
        self.expect("=")
        operand = self._operand()
        if symbol := self.accept("+", "-"):
            other = self._operand()
            self.require(operand, _NUMBER, symbol)
            self.require(other, _NUMBER, symbol)
            operand = Sum(operand, other, symbol)
        return Assign(path, operand)

    def _operand(self) -> UpdateOperand:
        if self.peek().startswith(":"):
            return self.ref()
        if self.accept("("):
            operand = self._operand()
            self.expect(")")
            return operand
        if self.peek(1) == "(" and not self.peek().startswith("#"):
            return self._function()
        return self.path()

    def _function(self) -> UpdateOperand:
        name = self.take()
        self.expect("(")
        if name == "if_not_exists":
            path = self.path()
            self.expect(",")
            function: UpdateOperand = IfNotExists(path, self._operand())
        elif name == "list_append":
            first = self._operand()
            self.expect(",")
            second = self._operand()
            self.require(first, _LIST, name)
            self.require(second, _LIST, name)
            function = ListAppend(first, second)
        else:
            raise self.error(f"Invalid function name; function: {name}")
        self.expect(")")
        return function

    def _add(self) -> AddTo:
        path, ref = self.path(), self.ref()
        self.require(ref, _SETS | _NUMBER, "ADD")
        return AddTo(path, ref)

    def _delete(self) -> DeleteFrom:
        path, ref = self.path(), self.ref()
        self.require(ref, _SETS, "DELETE")
        return DeleteFrom(path, ref)

    def _no_overlap(self, paths: tuple[Path, ...]) -> None:
        for index, first in enumerate(paths):
            for second in paths[index + 1 :]:
                shorter = min(len(first.steps), len(second.steps))
                if first.steps[:shorter] == second.steps[:shorter]:
                    detail = "Two document paths overlap with each other; must remove or rewrite one of these paths; "
                    raise self.error(f"{detail}path one: {first}, path two: {second}")
