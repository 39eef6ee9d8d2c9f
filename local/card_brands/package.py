"""The package of card brands that is maintained elsewhere, as npm has it, kept as plain data beside this file."""

import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

NAME: Final = "credit-card-type"
KEPT: Final = Path(__file__).parent / f"{NAME}.json"
_TYPES: Final = "package/dist/lib/card-types.js"
_PRINT: Final = "console.log(JSON.stringify(require(process.argv[1])))"


def kept() -> dict[str, Any]:
    """Version, date of its release, integrity, and by the package's own names `patterns` and `lengths`."""
    content: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return content


def newest() -> dict[str, str]:
    """Version, date and integrity of the newest release. Needs npm and a registry."""
    found = json.loads(_run("npm", "view", NAME, "version", "dist.integrity", "time", "--json"))
    version = found["version"]
    return {"version": version, "released": found["time"][version][:10], "integrity": found["dist.integrity"]}


def fetch() -> dict[str, Any]:
    """Keep the newest release's patterns. npm checks the archive against its integrity; nothing of it is run but its table of brands."""
    release = newest()
    with tempfile.TemporaryDirectory() as folder:
        _run("npm", "pack", f"{NAME}@{release['version']}", "--pack-destination", folder)
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as packed:
            packed.extract(_TYPES, folder, filter="data")
        types = json.loads(_run("node", "-e", _PRINT, str(Path(folder) / _TYPES)))
    brands = {name: {"patterns": kind["patterns"], "lengths": kind["lengths"]} for name, kind in types.items()}
    content = {"package": NAME, "licence": "MIT", **release, "brands": brands}
    KEPT.write_text(_rendered(content), encoding="utf-8")
    return content


def _rendered(content: dict[str, Any]) -> str:
    """One line a brand, so that a new release shows as lines that differ."""
    head = [f"  {json.dumps(name)}: {json.dumps(value)}," for name, value in content.items() if name != "brands"]
    lines = [f"    {json.dumps(name)}: {json.dumps(kind)}" for name, kind in content["brands"].items()]
    return "\n".join(["{", *head, '  "brands": {', ",\n".join(lines), "  }", "}"]) + "\n"


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
