"""Which settings a function's code reads, found in the syntax of every module that its handler imports, at once or later."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from paycorex.settings import Settings
from tests.support.template import ROOT

_BASES: Final = (ROOT / "functions", ROOT / "layers" / "common")
_SETTINGS: Final = "paycorex.settings"


def settings_read_by(handler: str) -> frozenset[str]:
    """Fields of Settings that the modules below a handler (`room.door.handler`) read."""
    modules = _imported_below(handler.rpartition(".")[0]) - {_SETTINGS}
    return frozenset(field for module in modules for attribute in _attributes_read(module) for field in _fields_behind(attribute))


def _imported_below(module: str) -> set[str]:
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _imports(name)
    return seen


@cache
def _imports(module: str) -> frozenset[str]:
    names = {module[:end] for end, letter in enumerate(module) if letter == "."}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "app.later":
            # A module of routes that is imported with the first request for it.
            names.add(ast.literal_eval(node.args[0]))
    return frozenset(name for name in names if _file(name) is not None)


@cache
def _attributes_read(module: str) -> frozenset[str]:
    """`x` of every `settings.current().x`, and of every `current.x` where `current = settings.current()`."""
    if _SETTINGS not in _imports(module):
        return frozenset()
    nodes = list(ast.walk(_tree(module)))
    calls = {f"{name}()" for name in _names_of_current(nodes)}
    assigned = (pair for node in nodes if isinstance(node, ast.Assign) for pair in _assigned(node))
    holders = calls | {ast.unparse(target) for target, value in assigned if ast.unparse(value) in calls}
    return frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) in holders)


def _names_of_current(nodes: list[ast.AST]) -> Iterator[str]:
    """What a module calls `paycorex.settings.current`."""
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if node.module == _SETTINGS and alias.name == "current":
                    yield alias.asname or alias.name
                if f"{node.module}.{alias.name}" == _SETTINGS:
                    yield f"{alias.asname or alias.name}.current"


def _assigned(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def _fields_behind(attribute: str) -> set[str]:
    """A field itself; of a property or method, the fields that it reads."""
    if attribute in Settings.names():
        return {attribute}
    methods = {node.name: node for node in ast.walk(_tree(_SETTINGS)) if isinstance(node, ast.FunctionDef)}
    text = ast.unparse(methods[attribute])
    # `watch(network)` reads the field by its name: all that begin with the method's name.
    return {field for field in Settings.names() if f"self.{field}" in text or field.startswith(f"{attribute}_")}


@cache
def _tree(module: str) -> ast.Module:
    file = _file(module)
    assert file is not None, module
    return ast.parse(file.read_text(encoding="utf-8"))


def _file(module: str) -> Path | None:
    paths = [base.joinpath(*module.split(".")) for base in _BASES]
    candidates = [file for path in paths for file in (path.with_suffix(".py"), path / "__init__.py")]
    return next((file for file in candidates if file.is_file()), None)
