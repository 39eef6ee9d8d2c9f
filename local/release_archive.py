"""Keep a release's code for the next version's tests: `tests/releases/released.tar.xz`, from what is committed. `make release` runs it."""

import io
import lzma
import subprocess
import tarfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
ARCHIVE: Final = ROOT / "tests" / "releases" / "released.tar.xz"
# The functions and their tables, and what drives them in `tests/releases`.
PARTS: Final = (
    "functions",
    "web",
    "layers/common/paycorex",
    "template.yaml",
    "tests/__init__.py",
    "tests/fakes",
    "tests/releases",
    "tests/support",
    "tests/unit/__init__.py",
    "tests/unit/paycorex/__init__.py",
    "tests/unit/paycorex/test_extended_key.py",
)


def keep() -> int:
    """Write the archive of the last commit. Returns how many files it holds. Raises CalledProcessError without git."""
    plain = subprocess.run(["git", "archive", "HEAD", "--", *PARTS], cwd=ROOT, check=True, capture_output=True).stdout
    kept = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(plain)) as whole, tarfile.open(fileobj=kept, mode="w") as archive:
        files = [member for member in whole if member.isfile() and not member.name.endswith(ARCHIVE.name)]
        for member in files:
            archive.addfile(member, whole.extractfile(member))
    ARCHIVE.write_bytes(lzma.compress(kept.getvalue(), preset=9))
    return len(files)


if __name__ == "__main__":
    print(f"{ARCHIVE.relative_to(ROOT)}: {keep()} files, {ARCHIVE.stat().st_size // 1024} KiB")
