"""What functions run from: each package and layer unpacked once, under the hash of its archive, and read by every process that needs it."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

# A layer has thousands of files, and the first start waits for them.
UNPACK_SECONDS: Final = 60.0
_LOCK: Final = threading.Lock()


def unpacked(archive: bytes) -> Path:
    """The directory with the content of a zip. Raises RuntimeError when it is none.

    Another process unpacks it: Python's unpacking here would stop all requests meanwhile.
    """
    directory = Path(tempfile.gettempdir()) / f"code-{hashlib.sha256(archive).hexdigest()[:32]}"
    with _LOCK:
        if not directory.is_dir():
            with tempfile.NamedTemporaryFile(suffix=".zip") as file:
                file.write(archive)
                file.flush()
                _unpack(Path(file.name), directory)
    return directory


def _unpack(file: Path, directory: Path) -> None:
    unfinished = directory.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-I", "-S", "-m", "zipfile", "-e", str(file), str(unfinished)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"The package cannot be unpacked: {done.stderr[-500:]}")
    unfinished.rename(directory)
