"""Modules of routes that wait for the first request below their paths."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class LaterModules:
    """Names of modules by path: the start of a path, `/v1/links`, or its end, `*/qr.svg`."""

    _by_path: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """True when any wait."""
        return bool(self._by_path)

    def add(self, module: str, paths: Sequence[str]) -> None:
        """A module, and the paths of its routes."""
        self._by_path.update(dict.fromkeys(paths, module))

    def load_below(self, path: str) -> None:
        """Import the module that has the routes of a path, if it waits."""
        if not self._by_path:
            return
        asked = path.rstrip("/")
        for known, module in list(self._by_path.items()):
            if asked.endswith(known[1:]) if known.startswith("*") else f"{asked}/".startswith(f"{known}/"):
                importlib.import_module(module)

    def load(self) -> None:
        """Import all that wait. What is imported is not looked for again."""
        while self._by_path:
            # In the order in which they were added: an app's routes are in one order in every process.
            for module in dict.fromkeys(self._by_path.values()):
                importlib.import_module(module)
            self._by_path.clear()
