"""ProjectionExpression: the parts of an item that a read returns, and UPDATED_OLD / UPDATED_NEW, which are the same."""

from typing import Any

from tests.fakes.memory_dynamo.syntax import Parser, Path
from tests.fakes.memory_dynamo.values import Item, Value, copy_value


class ProjectionParser(Parser):
    def whole(self) -> tuple[Path, ...]:
        paths = [self.path()]
        while self.accept(","):
            paths.append(self.path())
        self.finish()
        for index, first in enumerate(paths):
            for second in paths[index + 1 :]:
                shorter = min(len(first.steps), len(second.steps))
                if first.steps[:shorter] == second.steps[:shorter]:
                    detail = "Two document paths overlap with each other; must remove or rewrite one of these paths; "
                    raise self.error(f"{detail}path one: {first}, path two: {second}")
        return tuple(paths)


def projected(item: Item, paths: tuple[Path, ...]) -> Item:
    """The parts of the item at `paths`, as a copy; list elements keep their order and close up."""
    if all(not path.rest for path in paths):
        return {path.name: copy_value(item[path.name]) for path in paths if path.name in item}
    tree: dict[Any, Any] = {}
    for path in paths:
        if path.value(item, {}) is not None:
            node = tree
            for step in path.steps:
                node = node.setdefault(step, {})
    return {name: _pruned(item[name], below) for name, below in tree.items()}


def _pruned(value: Value, below: dict[Any, Any]) -> Value:
    if not below:
        return copy_value(value)
    if "M" in value:
        return {"M": {step: _pruned(value["M"][step], deeper) for step, deeper in below.items()}}
    return {"L": [_pruned(value["L"][step], below[step]) for step in sorted(below)]}
