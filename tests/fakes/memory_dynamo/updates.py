"""What an update does to an item. Every operand is read from the item as it was; the item itself is never changed."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from tests.fakes.memory_dynamo import numerals
from tests.fakes.memory_dynamo.refusal import RefusedError, invalid
from tests.fakes.memory_dynamo.syntax import Path, Ref, Step, Values
from tests.fakes.memory_dynamo.values import Item, Value, kind_of, sorted_set

_SETS = {"SS", "NS", "BS"}


def _wrong_type() -> RefusedError:
    return invalid("An operand in the update expression has an incorrect data type")


class UpdateOperand(Protocol):
    def value(self, item: Item, values: Values) -> Value | None: ...


@dataclass(frozen=True, slots=True)
class IfNotExists:
    path: Path
    default: UpdateOperand

    def value(self, item: Item, values: Values) -> Value | None:
        found = self.path.value(item, values)
        return self.default.value(item, values) if found is None else found


@dataclass(frozen=True, slots=True)
class ListAppend:
    first: UpdateOperand
    second: UpdateOperand

    def value(self, item: Item, values: Values) -> Value:
        first, second = _present(self.first, item, values), _present(self.second, item, values)
        if "L" not in first or "L" not in second:
            raise _wrong_type()
        return {"L": [*first["L"], *second["L"]]}


@dataclass(frozen=True, slots=True)
class Sum:
    first: UpdateOperand
    second: UpdateOperand
    symbol: str

    def value(self, item: Item, values: Values) -> Value:
        first, second = _present(self.first, item, values), _present(self.second, item, values)
        if "N" not in first or "N" not in second:
            raise _wrong_type()
        combine = numerals.add if self.symbol == "+" else numerals.subtract
        return {"N": combine(first["N"], second["N"])}


@dataclass(frozen=True, slots=True)
class Assign:
    path: Path
    operand: UpdateOperand


@dataclass(frozen=True, slots=True)
class Remove:
    path: Path


@dataclass(frozen=True, slots=True)
class AddTo:
    path: Path
    ref: Ref

    def value(self, item: Item, values: Values) -> Value:
        present, added = self.path.value(item, values), values[self.ref.name]
        if present is None:
            return added
        kind = kind_of(added)
        if kind not in present:
            raise _wrong_type()
        if kind == "N":
            return {"N": numerals.add(present["N"], added["N"])}
        return {kind: sorted_set(kind, {*present[kind], *added[kind]})}


@dataclass(frozen=True, slots=True)
class DeleteFrom:
    path: Path
    ref: Ref

    def value(self, item: Item, values: Values) -> Value | None:
        """The set that remains, None when nothing does."""
        present, deleted = self.path.value(item, values), values[self.ref.name]
        if present is None:
            return None
        kind = kind_of(deleted)
        if kind not in present:
            raise _wrong_type()
        remaining = [element for element in present[kind] if element not in deleted[kind]]
        return {kind: remaining} if remaining else None


@dataclass(frozen=True, slots=True)
class Update:
    """The parsed clauses of one UpdateExpression."""

    assigns: list[Assign]
    removes: list[Remove]
    adds: list[AddTo]
    deletes: list[DeleteFrom]

    @property
    def paths(self) -> tuple[Path, ...]:
        actions: list[Assign | Remove | AddTo | DeleteFrom] = [*self.assigns, *self.removes, *self.adds, *self.deletes]
        return tuple(action.path for action in actions)

    @property
    def only_takes_away(self) -> bool:
        """True for an update that cannot give a missing item a reason to exist."""
        return not self.assigns and not self.adds

    def applied(self, item: Item, values: Values) -> Item:
        """The item after the update. Raises ValidationException for operands that are absent or of a wrong type."""
        writes: list[tuple[Path, Value]] = [(action.path, _present(action.operand, item, values)) for action in self.assigns]
        writes += [(action.path, action.value(item, values)) for action in self.adds]
        gone = [action.path for action in self.removes]
        for action in self.deletes:
            remaining = action.value(item, values)
            if remaining is None:
                gone.append(action.path)
            else:
                writes.append((action.path, remaining))
        result = dict(item)
        # Positions in a list are those of the item as it was: fill upwards, remove downwards.
        for path, value in sorted(writes, key=lambda write: _position(write[0])):
            _put(result, path, value)
        for path in sorted(gone, key=_position, reverse=True):
            if path.value(item, values) is not None:
                _drop(result, path)
        return result


def _position(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path.steps)


def _present(operand: UpdateOperand, item: Item, values: Values) -> Value:
    found = operand.value(item, values)
    if found is None:
        raise invalid("The provided expression refers to an attribute that does not exist in the item")
    return found


def _bad_path() -> RefusedError:
    return invalid("The document path provided in the update expression is invalid for update")


def _container(result: Item, steps: tuple[Step, ...]) -> Any:
    """The map or list that holds the last step, replaced by copies all the way so that it may be changed."""
    holder: Any = result
    for step, following in pairwise(steps):
        kind = "L" if isinstance(following, int) else "M"
        found = _entry(holder, step)
        if found is None or kind not in found:
            raise _bad_path()
        inner = list(found[kind]) if kind == "L" else dict(found[kind])
        holder[step] = {kind: inner}
        holder = inner
    return holder


def _entry(holder: Any, step: Step) -> Any:
    if isinstance(holder, list):
        return holder[step] if isinstance(step, int) and step < len(holder) else None
    return holder.get(step)


def _put(result: Item, path: Path, value: Value) -> None:
    if not path.rest:
        result[path.name] = value
        return
    steps = path.steps
    holder, last = _container(result, steps), steps[-1]
    if isinstance(last, int) and last >= len(holder):
        holder.append(value)
    else:
        holder[last] = value


def _drop(result: Item, path: Path) -> None:
    steps = path.steps
    del _container(result, steps)[steps[-1]]
