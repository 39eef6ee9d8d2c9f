"""Finds what is registered for a method and a path: by a dictionary, and among paths of the same length where there are parameters."""

import re
from dataclasses import dataclass, field
from typing import Final

# Of one segment. What of it may be in a path of this API is `validation.check_path`'s to say.
_VALUE: Final = re.compile(r"[-._~()'!*:@,;=+&$%<> \[\]{}|^\w]+")


@dataclass(slots=True)
class Router[T]:
    """Paths as the template has them: `/v1/payments/{payment_id}`. A path without parameters wins over one with."""

    _whole: dict[tuple[str, str], T] = field(default_factory=dict)
    _by_length: dict[tuple[str, int], list[tuple[list[str], T]]] = field(default_factory=dict)

    def add(self, method: str, path: str, target: T) -> None:
        """Register. Raises AssertionError for what is registered already."""
        if "{" in path:
            segments = path.split("/")
            self._by_length.setdefault((method, len(segments)), []).append((segments, target))
            return
        if (method, path) in self._whole:
            msg = f"{method} {path} is registered twice"
            raise AssertionError(msg)
        self._whole[method, path] = target

    def find(self, method: str, path: str) -> tuple[T, dict[str, str]] | None:
        """The target and the path's parameters by name; slashes at the end count for nothing. None when nothing is there."""
        found = self._whole.get((method, path))
        if found is not None:
            return found, {}
        shortened = path.rstrip("/")
        if shortened != path and (found := self._whole.get((method, shortened))) is not None:
            return found, {}
        segments = shortened.split("/")
        for wanted, target in self._by_length.get((method, len(segments)), ()):
            parameters = _match(wanted, segments)
            if parameters is not None:
                return target, parameters
        return None


def _match(wanted: list[str], segments: list[str]) -> dict[str, str] | None:
    parameters: dict[str, str] = {}
    for pattern, segment in zip(wanted, segments, strict=True):
        if pattern.startswith("{"):
            if _VALUE.fullmatch(segment) is None:
                return None
            parameters[pattern[1:-1]] = segment
        elif pattern != segment:
            return None
    return parameters
