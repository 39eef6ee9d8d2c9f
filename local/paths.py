"""Where things are. Every generated file of the local platform lives under `.local/` or `.aws-sam/`, both ignored by git."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOCAL: Final = ROOT / ".local"
BUILD: Final = ROOT / ".aws-sam" / "build"
BUILT_TEMPLATE: Final = BUILD / "template.yaml"
STATE: Final = LOCAL / "state"
LOGS: Final = LOCAL / "logs"


def tool(name: str) -> str:
    """A tool of the project's own environment."""
    return str(ROOT / ".venv" / "bin" / name)


def uv() -> str:
    """The uv that `make` put beside the environment (it names it in UV), or the one on the PATH."""
    bootstrapped = LOCAL / "bootstrap" / "bin" / "uv"
    return os.environ.get("UV") or (str(bootstrapped) if bootstrapped.exists() else "uv")
