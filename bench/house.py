"""The shape of the house: files and functions by size, and each room's top level as parts, floors and arrows.

`python -m bench.house` writes the table of docs/architecture.md; `--before FOLDER` measures another checkout of the project beside it.
A part is a file or folder at a room's top level; an arrow goes from a part to one that it imports; floors are the parts on the longest
way along arrows; a circle is a set of parts that reach each other.
"""

import argparse
import ast
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bench import table

HOUSE: Final = Path(__file__).parent.parent
DOCUMENT: Final = HOUSE / "docs" / "architecture.md"
SIZES: Final = "lines: median / p90 / max"
HEADERS: Final = ("room", "files", SIZES, "functions", SIZES, "parts", "floors", "arrows", "in circles")

Arrows = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Room:
    """What a room is made of. Sizes are lines; arrows go between its parts."""

    name: str
    files: list[int]
    functions: list[int]
    arrows: Arrows

    def row(self) -> tuple[str, ...]:
        """One line of the table."""
        floors, circles = _floors(self.arrows)
        count = sum(len(targets) for targets in self.arrows.values())
        sizes = (str(len(self.files)), _sizes(self.files), str(len(self.functions)), _sizes(self.functions))
        return (self.name, *sizes, str(len(self.arrows)), str(floors), str(count), str(circles))


def rooms(house: Path) -> list[Room]:
    """Every room of a checkout, then the shared layer."""
    folders = [*sorted(path.parent for path in (house / "functions").glob("*/__init__.py")), house / "layers" / "common" / "paycorex"]
    return [_room(folder) for folder in folders]


def _room(folder: Path) -> Room:
    arrows: Arrows = {_part(folder, path): set() for path in _sources(folder) if path.parent != folder or path.name != "__init__.py"}
    files, functions = [], []
    for path in _sources(folder):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        files.append(len(text.splitlines()))
        functions += [_length(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        part = _part(folder, path)
        for name in _imported(tree, folder.name):
            target = name.split(".")[1]
            if target in arrows and target != part and part in arrows:
                arrows[part].add(target)
    return Room(folder.name, files, functions, arrows)


def _sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _part(folder: Path, path: Path) -> str:
    return path.relative_to(folder).parts[0].removesuffix(".py")


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _imported(tree: ast.Module, room: str) -> Iterator[str]:
    """The dotted names inside the room that a file imports, as far as the part is named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith(f"{room}."))
        elif isinstance(node, ast.ImportFrom) and node.module == room:
            yield from (f"{room}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{room}."):
            yield node.module or ""


def _floors(arrows: Arrows) -> tuple[int, int]:
    """The parts on the longest way, each circle counted as one; and how many parts are in circles."""

    @cache
    def reach(part: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(arrows[part])
        while waiting:
            target = waiting.pop()
            if target not in found:
                found.add(target)
                waiting += arrows[target]
        return frozenset(found)

    @cache
    def height(part: str) -> int:
        below = [height(target) for target in reach(part) if part not in reach(target)]
        return 1 + max(below, default=0)

    return max(map(height, arrows), default=0), sum(part in reach(part) for part in arrows)


def _sizes(lines: Sequence[int]) -> str:
    if not lines:
        return "-"
    ninetieth = sorted(lines)[min(len(lines) * 9 // 10, len(lines) - 1)]
    return f"{int(statistics.median(lines))} / {ninetieth} / {max(lines)}"


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--before", type=Path, help="another checkout to stand beside this one")
    before: Path | None = options.parse_args().before
    parts = [table.markdown(HEADERS, [room.row() for room in rooms(HOUSE)])]
    if before is not None:
        parts = ["Before:", table.markdown(HEADERS, [room.row() for room in rooms(before)]), "Now:", *parts]
    table.write_section("house", "\n\n".join(parts), DOCUMENT)


if __name__ == "__main__":
    main()
