"""Write the contract that `GET /openapi.json` serves, from the doors' own routes and models: `python -m local.openapi`."""

import importlib
import json
from importlib.metadata import version
from typing import Any, Final

from local.paths import ROOT
from paycorex import aws
from paycorex.http import App
from paycorex.http.openapi import document

FUNCTIONS: Final = ROOT / "functions"
TARGET: Final = FUNCTIONS / "dashboard" / "openapi.json"
_SERVICES: Final = ("dynamodb", "kms", "sqs")


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
    return json.dumps(generate(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    # Doors make their AWS clients at import; writing a document needs neither a region nor credentials.
    for service in _SERVICES:
        aws.use(service, object())
    TARGET.write_text(render(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(generate()['paths'])} paths")


if __name__ == "__main__":
    main()
