"""Build cache: directories that are built once and linked into every artifact that needs them.

All functions hold the same rooms, and a layer's libraries change only with their pins; writing thousands of files again for each of
them is what a build would otherwise spend its time on.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from local.locks import exclusive
from local.paths import BUILD

_CACHE: Final = BUILD.parent / "build-cache"


def cached(name: str, key: str, make: Callable[[Path], None], *, cache: Path = _CACHE) -> Path:
    """The directory that `make` fills; made only when there is none for this key. Older ones of the same name go."""
    part = cache / f"{name}-{key}"
    # sam builds functions at the same time, each in a process of its own.
    with exclusive(cache / f"{name}.lock"):
        if not part.is_dir():
            for older in cache.glob(f"{name}-*"):
                shutil.rmtree(older)
            unfinished = cache / f"{name}.unfinished"
            # What an interrupted build left.
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(part)
    return part


def link_tree(part: Path, target: Path) -> None:
    """Put a part into an artifact: the same files under a second name, never copies."""
    shutil.copytree(part, target, copy_function=os.link, dirs_exist_ok=True)
