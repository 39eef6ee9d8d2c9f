"""The table of cases that every client library is held to, `clients/cases.json`, and what one case wants."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from local.clients.contract import CLIENTS

CASES: Final[list[dict[str, Any]]] = json.loads((CLIENTS / "cases.json").read_text(encoding="utf-8"))["cases"]
_KEPT: Final = re.compile(r"\$\{(\w+)\}")


@dataclass
class Kept:
    """What earlier cases kept."""

    values: dict[str, str] = field(default_factory=dict)

    def fill(self, value: Any) -> Any:
        """A value with what was kept in place of `${name}`."""
        if isinstance(value, str):
            return _KEPT.sub(lambda found: self.values[found[1]], value)
        if isinstance(value, Mapping):
            return {name: self.fill(content) for name, content in value.items()}
        return [self.fill(each) for each in value] if isinstance(value, list) else value


def at(body: Any, place: str) -> Any:
    """The value at `data.0.wallet_id`."""
    for part in place.split("."):
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body
