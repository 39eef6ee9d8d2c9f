"""A first start: it gets the packages that it needs and no others, and functions are linked from what was made ahead."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.support.template import ROOT
from tests.unit.local.test_artifacts import closure

# What `make run` runs, and what its last lines tell a user to run.
STARTED = (
    "local.run",
    "local.stop",
    "local.docs_site.site",
    "local.docs_site.hooks",
    "paycorex.cli",
    "local.artifacts",
    "local.time_commands",
)
ROOMS = (ROOT, ROOT / "functions", ROOT / "layers" / "common")


def source_of(module: str) -> Path | None:
    for room in ROOMS:
        path = room.joinpath(*module.split("."))
        for found in (path.with_suffix(".py"), path / "__init__.py"):
            if found.is_file():
                return found
    return None


def imported_by(source: Path, module: str) -> Iterator[str]:
    """Every module that a file imports while it is loaded or later, but for types alone."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    package = module if source.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            beginning = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                beginning = ".".join([*above, *([node.module] if node.module else [])])
            yield beginning
            yield from (f"{beginning}.{alias.name}" for alias in node.names)


def packages_needed() -> dict[str, str]:
    """Top-level packages of others, with the file of ours that imports each."""
    waiting, seen, needed = list(STARTED), set[str](), dict[str, str]()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        source = source_of(module)
        if source is not None:
            waiting += imported_by(source, module)
        else:
            top = module.split(".")[0]
            if top not in sys.stdlib_module_names and source_of(top) is None and importlib.util.find_spec(top) is not None:
                needed.setdefault(top, module)
    return needed


def test_the_packages_of_a_start_are_all_that_it_imports() -> None:
    given = {name.lower() for name in closure("run")}
    names = packages_distributions()
    needed = packages_needed()
    assert {"boto3", "psutil", "yaml"} <= set(needed)
    missing = {top: module for top, module in needed.items() if not {name.lower() for name in names.get(top, [])} & given}
    assert missing == {}


def build_of_a_function(target: Path, part: str) -> None:
    command = ["make", "-f", str(ROOT / "functions" / "Makefile"), "build-AnyFunction", f"ARTIFACTS_DIR={target}", f"FUNCTIONS_PART={part}"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def files_of(folder: Path) -> dict[str, int]:
    return {str(file.relative_to(folder)): file.stat().st_ino for file in folder.rglob("*") if file.is_file()}


def test_a_function_is_linked_from_what_was_made_ahead(tmp_path: Path) -> None:
    part, target = tmp_path / "part", tmp_path / "artifact"
    (part / "payments").mkdir(parents=True)
    (part / "payments" / "door.py").write_text("made ahead")
    target.mkdir()
    build_of_a_function(target, str(part))
    assert files_of(target) == files_of(part)


def test_without_a_part_or_with_one_that_is_gone_the_function_is_built_from_its_sources(tmp_path: Path) -> None:
    for part in ("", str(tmp_path / "gone")):
        target = tmp_path / f"artifact{len(part)}"
        target.mkdir()
        build_of_a_function(target, part)
        assert (target / "payments" / "door.py").read_bytes() == (ROOT / "functions" / "payments" / "door.py").read_bytes()
        assert (target / "web" / "app.js").is_file()
