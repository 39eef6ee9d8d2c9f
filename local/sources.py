"""Whether something changed since it was last built or deployed: a hash over contents, because dates change when a branch does."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

_IGNORED = frozenset({"__pycache__", ".DS_Store"})


def content_hash(paths: Iterable[Path], *facts: str) -> str:
    """SHA-256 over the names and bytes of all files at or below these paths, and over some facts besides."""
    digest = hashlib.sha256()
    for fact in facts:
        _add(digest, fact.encode())
    for path in sorted(paths):
        for file in _files(path):
            _add(digest, str(file.relative_to(path.parent)).encode())
            _add(digest, file.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and not _IGNORED & set(file.parts))


def _add(digest: "hashlib._Hash", part: bytes) -> None:
    # Lengths first, so that no two lists of parts run together into the same bytes.
    digest.update(len(part).to_bytes(8))
    digest.update(part)


class Stamp:
    """The hash that something was last made from, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """What it was last made from; empty when it never was."""
        return self._path.read_text() if self._path.is_file() else ""

    def says(self, current: str) -> bool:
        """True when it was made from exactly this."""
        return self.read() == current

    def write(self, current: str) -> None:
        """It has just been made from this."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(current)
