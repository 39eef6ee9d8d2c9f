"""Builds the site, and finds its files for the local platform, which serves them at /docs.

`python -m local.docs_site.site` builds it into .local/docs.
"""

import mimetypes
import os
import subprocess
from pathlib import Path
from typing import Final

from local.paths import LOCAL, LOGS, ROOT, tool

SITE: Final = LOCAL / "docs"
PREFIX: Final = "/docs"
_BUILD_SECONDS: Final = 300
# MkDocs' theme warns of a later version of MkDocs, which is not installed.
_QUIET: Final = {"NO_MKDOCS_2_WARNING": "1"}


def build(target: Path = SITE) -> str:
    """Build the site; what was said by it. Raises RuntimeError for a link that leads nowhere, and everything else that is wrong."""
    done = subprocess.run(
        _command(target), cwd=ROOT, env={**os.environ, **_QUIET}, capture_output=True, text=True, timeout=_BUILD_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:])
    return done.stderr


def begin() -> None:
    """Build it beside what else is going on. The platform does not wait for it."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "docs.log").open("wb") as log:
        subprocess.Popen(_command(SITE), cwd=ROOT, env={**os.environ, **_QUIET}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def find(path: str, site: Path = SITE) -> tuple[int, str, bytes]:
    """Status, content type and bytes of a request's path below /docs. A folder is its index."""
    asked = path.partition("?")[0].removeprefix(PREFIX).strip("/")
    file = (site / asked).resolve()
    if file.is_dir():
        file /= "index.html"
    if not file.is_relative_to(site.resolve()) or not file.is_file():
        return 404, "text/plain; charset=utf-8", b"There is no such page. While the platform starts, the pages are being built.\n"
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return 200, f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind, file.read_bytes()


def is_folder_without_slash(path: str, site: Path = SITE) -> bool:
    """True for a page's address without its end, from which relative links would lead elsewhere."""
    asked = path.partition("?")[0]
    return not asked.endswith("/") and (site / asked.removeprefix(PREFIX).strip("/")).is_dir()


def _command(target: Path) -> list[str]:
    return [str(tool("mkdocs")), "build", "--strict", "--site-dir", str(target)]


if __name__ == "__main__":
    build()
    print(f"{SITE}: {sum(1 for _ in SITE.rglob('*.html'))} pages")
