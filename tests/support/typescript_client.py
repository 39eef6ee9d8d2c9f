"""The TypeScript client as tests use it: built of its sources as they are, and commands of Node in its folder."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from local.clients import typescript
from local.clients.typescript import FOLDER, NoNpm
from local.locks import exclusive
from local.paths import LOCAL
from tests.support import tools


def run(*command: str | Path, cwd: Path = FOLDER, **variables: str) -> str:
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build() -> None:
    """dist/, from the sources as they are. Skips or fails the test (see `tools`) where there is no Node or npm."""
    if shutil.which("node") is None:
        tools.missing("node is missing: apt-get install -y nodejs npm")
    try:
        typescript.install()
    except NoNpm as missing:
        tools.missing(str(missing))
    sources = b"".join(path.read_bytes() for path in [*sorted((FOLDER / "src").glob("*.ts")), FOLDER / "tsconfig.json"])
    made, stamp = hashlib.sha256(sources).hexdigest(), LOCAL / "npm-clients-build.sha256"
    # Once for all processes of a run: one that builds anew would take the files away from those that use them.
    with exclusive(LOCAL / "npm-clients-build.lock"):
        if not (FOLDER / "dist" / "index.js").exists() or not stamp.exists() or stamp.read_text(encoding="utf-8") != made:
            run(FOLDER / "node_modules" / ".bin" / "tsc", "-p", ".")
            stamp.write_text(made, encoding="utf-8")
