"""What the contract says in words: one TOML file per subject, merged table by table."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final


def _read() -> dict[str, dict[str, Any]]:
    """Raises AssertionError where two files say something about the same."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for table, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            known = found.setdefault(table, {})
            twice = known.keys() & entries.keys()
            if twice:
                msg = f"{path.name}: {table} says {sorted(twice)} again"
                raise AssertionError(msg)
            known.update(entries)
    return found


TEXTS: Final[Mapping[str, Mapping[str, Any]]] = _read()


def of_field(model: str, name: str, given: str | None = None) -> str | None:
    """What a field of this model is: the text of this very field, what its type says (`given`), or the text of its name; or None."""
    known = TEXTS["fields"]
    text = known.get(f"{model}.{name}") or given or known.get(name)
    return None if text is None else str(text).strip()
