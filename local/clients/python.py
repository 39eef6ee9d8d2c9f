"""The generated files of the Python client, formatted as the rest of the tree is."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local.clients import python_errors, python_models, python_resources
from local.clients.contract import CLIENTS, Contract
from local.paths import ROOT, tool

PACKAGE: Final = CLIENTS / "python" / "src" / "paycorex_client"
RESOURCES: Final = PACKAGE / "resources"


def files(contract: Contract) -> dict[Path, str]:
    """The text of each generated file."""
    made = {
        PACKAGE / "models.py": python_models.models(contract),
        PACKAGE / "inputs.py": python_models.inputs(contract),
        PACKAGE / "event_objects.py": python_models.events(contract),
        PACKAGE / "error_codes.py": python_errors.errors(),
        RESOURCES / "__init__.py": python_resources.index(contract),
    }
    made |= {RESOURCES / f"{name}.py": python_resources.resource(contract, name) for name in contract.resources()}
    return {path: _formatted(text) for path, text in made.items()}


def _formatted(text: str) -> str:
    """Without the imports that a module does not use, in ruff's form."""
    fixed = _ruff(
        ["check", "--fix", "--exit-zero", "--quiet", "--select", "F401,I", "--stdin-filename", str(PACKAGE / "any.py"), "-"], text
    )
    return _ruff(["format", "--quiet", "--stdin-filename", str(PACKAGE / "any.py"), "-"], fixed)


def _ruff(arguments: list[str], text: str) -> str:
    done = subprocess.run([tool("ruff"), *arguments], input=text, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def stale(made: Mapping[Path, str]) -> list[Path]:
    """Generated files that the contract no longer asks for."""
    return [path for path in RESOURCES.glob("*.py") if path not in made]


def write(contract: Contract) -> None:
    """Write them, and take away what is no longer asked for."""
    made = files(contract)
    RESOURCES.mkdir(parents=True, exist_ok=True)
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in stale(made):
        path.unlink()
