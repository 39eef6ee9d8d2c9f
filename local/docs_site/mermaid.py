"""The script that draws diagrams: one file out of the npm package, of one version and checked by its hash. Without npm there is none."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
VERSION: Final = "12.3.0"
# As the registry has it (Subresource Integrity).
INTEGRITY: Final = "sha512-4113TdXeLAsMruJ79OpFL5O8+LTFXhQqZ260rF3tgUmiNAtRm4Uume04I+65PRN6yZ69J4f8rVYWW8zRk65UYw=="
CACHE: Final = ROOT / ".local" / "npm" / f"mermaid-{VERSION}.min.js"
FETCH_SECONDS: Final = 120
_MEMBER: Final = "package/dist/mermaid.min.js"


def script() -> Path | None:
    """The script, fetched when it is missing; None where that is not possible."""
    if CACHE.exists():
        return CACHE
    npm = shutil.which("npm")
    if npm is None:
        return None
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder:
        return _fetched(npm, Path(folder))


def _fetched(npm: str, folder: Path) -> Path | None:
    command = [npm, "pack", f"mermaid@{VERSION}", "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    archives = list(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        return None
    content = archives[0].read_bytes()
    if f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}" != INTEGRITY:
        msg = f"mermaid {VERSION} is not the package that was checked"
        raise RuntimeError(msg)
    with tarfile.open(archives[0]) as archive:
        member = archive.extractfile(_MEMBER)
        if member is None:
            return None
        ready = folder / "ready.js"
        ready.write_bytes(member.read())
        ready.replace(CACHE)
    return CACHE
