"""The contract that `GET /openapi.json` serves, from the doors' own routes and models. `python -m local.openapi` writes it.

`schemas` makes the components, `operations` the paths, `security` says how requests are signed, `document` puts them together. What is
said in words stands in `texts/`: none of it is part of what a Lambda loads.
"""

import importlib
import json
from importlib.metadata import version
from typing import Any, Final

from local.openapi.document import document, operators_document
from local.paths import ROOT
from paycorex.http import App

FUNCTIONS: Final = ROOT / "functions"
TARGET: Final = FUNCTIONS / "dashboard" / "openapi.json"
# The operators' page has a document of its own: merchants' clients are made from the other one.
OPERATORS_TARGET: Final = FUNCTIONS / "dashboard" / "operator_openapi.json"


def apps() -> list[App]:
    """The apps of all rooms with an HTTP door."""
    doors = [importlib.import_module(f"{path.parent.name}.door") for path in sorted(FUNCTIONS.glob("*/door.py"))]
    doors.append(importlib.import_module("operations.door"))
    return [door.app for door in doors if hasattr(door, "app")]


def generate() -> dict[str, Any]:
    """The document as the code has it now."""
    return document(apps(), version=version("paycorex"))


def render() -> str:
    """The document as it is stored: a line per fact, in an order of its own, so that a change of the contract is a small diff."""
    return _text(generate())


def render_operators() -> str:
    """The operators' document as it is stored."""
    return _text(operators_document(apps(), version=version("paycorex")))


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
