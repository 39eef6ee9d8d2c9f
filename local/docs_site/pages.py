"""Pages that are made of what the code says: the error catalogue, the events, the scopes, the operations, and the lists with cursors."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from local.openapi.texts import TEXTS
from paycorex.errors import STATUS_BY_CODE
from paycorex.records.stamps import EVENTS, scope_of

ROOT: Final = Path(__file__).resolve().parents[2]
CONTRACT: Final = ROOT / "functions" / "dashboard" / "openapi.json"
CURES: Final = ROOT / "local" / "openapi" / "errors.toml"


def generated() -> Mapping[str, str]:
    """Path below docs/ and content of each page."""
    contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return {
        "reference/errors.md": errors(contract),
        "reference/events.md": events(),
        "reference/scopes.md": scopes(contract),
        "reference/api.md": api(contract),
        "reference/cursors.md": cursors(contract),
    }


def errors(contract: Mapping[str, Any]) -> str:
    """Each code with its status, cause, cure, and the operations that may answer it."""
    by_code, cures = _operations_by_code(contract), tomllib.loads(CURES.read_text(encoding="utf-8"))
    parts = [_beginning("errors")]
    for code, status in sorted(STATUS_BY_CODE.items()):
        cause, cure = cures[code]["cause"], cures[code]["cure"]
        listed = by_code.get(code, [])
        where = "any operation" if len(listed) > _ANYWHERE else ", ".join(f"`{name}`" for name in listed) or "see the cause"
        parts.append(f"## {code} {{ #{code} }}\n\nStatus {status}. {cause}\n\n**What to do.** {cure}\n\nAnswered by: {where}.\n")
    return "\n".join(parts)


def events() -> str:
    """Each event, when it happens, and which scope shows its object."""
    rows = [f"| `{name}` | {TEXTS['events'].get(name, '')} | `{scope_of(name)}` |" for name in EVENTS]
    return "\n".join([_beginning("events"), "| event | when | scope |", "|---|---|---|", *rows, ""])


def scopes(contract: Mapping[str, Any]) -> str:
    """Each scope with the operations that need it."""
    found: dict[str, list[str]] = {}
    for method, path, operation in operations(contract):
        named = _SCOPE.search(operation.get("description", ""))
        if named:
            found.setdefault(named[1], []).append(f"`{method.upper()} {path}`")
    rows = [f"| `{scope}` | {'<br>'.join(sorted(listed))} |" for scope, listed in sorted(found.items())]
    return "\n".join([_beginning("scopes"), "| scope | operations |", "|---|---|", *rows, ""])


def api(contract: Mapping[str, Any]) -> str:
    """Every operation in one table, and the page that tries them."""
    parts = [_beginning("api")]
    for tag in contract["tags"]:
        rows = [
            f"| `{method.upper()} {path}` | {operation.get('summary', '')} |"
            for method, path, operation in operations(contract)
            if operation.get("tags") == [tag["name"]]
        ]
        if rows:
            parts += [f"## {tag['name']}\n", tag.get("description", ""), "\n| operation | does |\n|---|---|", *rows, ""]
    return "\n".join(parts)


def cursors(contract: Mapping[str, Any]) -> str:
    """Each list that has pages, with its filters."""
    rows = []
    for method, path, operation in operations(contract):
        taken = [each["name"] for each in operation.get("parameters", []) if each.get("in") == "query"]
        if "cursor" in taken:
            filters = ", ".join(f"`{name}`" for name in taken if name not in {"cursor", "limit"})
            rows.append(f"| `{method.upper()} {path}` | {filters or 'none'} |")
    return "\n".join([_beginning("cursors"), "| list | filters |", "|---|---|", *rows, ""])


def operations(contract: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method, path and operation."""
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, Mapping) and "responses" in operation:
                yield method, path, operation


def _operations_by_code(contract: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for method, path, operation in operations(contract):
        text = json.dumps(operation["responses"])
        for code in STATUS_BY_CODE:
            if f"`{code}`" in text:
                found.setdefault(code, []).append(f"{method.upper()} {path}")
    return found


_SCOPE: Final = re.compile(r"Scope: `([a-z:_]+)`")
# Beyond so many operations a list says less than one word.
_ANYWHERE: Final = 12


def _beginning(page: str) -> str:
    return (Path(__file__).parent / "beginnings" / f"{page}.md").read_text(encoding="utf-8")
