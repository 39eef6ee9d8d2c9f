"""Archives of what was built, each made once: sam packs every function and layer anew for every deployment, and all functions hold the
same files.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from local import build_cache
from local.sources import content_hash

# Where a resource's template says what it is made from.
_MADE_FROM: Final = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_KEY_DIGITS: Final = 16
# Quick, and half the size: it goes to this machine alone.
_LEVEL: Final = 1


def packed_once(template: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A copy of a built template whose functions and layers are archives already; equal ones share one.

    folder: the built template's own, to which its paths are relative.
    """
    made: dict[str, Path] = {}
    resources = {name: _packed(resource, folder, made) for name, resource in template["Resources"].items()}
    return {**template, "Resources": resources}


def _packed(resource: dict[str, Any], folder: Path, made: dict[str, Path]) -> dict[str, Any]:
    attribute = _MADE_FROM.get(resource.get("Type", ""))
    if attribute is None or not isinstance(resource["Properties"].get(attribute), str):
        return resource
    built = folder / resource["Properties"][attribute]
    same = _files_of(built)
    if same not in made:
        made[same] = _archive(built)
    return {**resource, "Properties": {**resource["Properties"], attribute: str(made[same])}}


def _files_of(built: Path) -> str:
    """Equal for directories of the same files under other names (`build_cache.link_tree`): to read none of them is quick."""
    digest = hashlib.sha256()
    for path, file in _walked(built):
        seen = os.stat(file)  # noqa: PTH116 - by text
        digest.update(f"{path} {seen.st_dev} {seen.st_ino} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _walked(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file with its path in the folder, in order."""
    # By text: tens of thousands of files are walked for a stack, and Path.relative_to costs 0.1 ms each.
    beginning = len(f"{folder}{os.sep}")
    for file in sorted(os.path.join(place, name) for place, _folders, names in os.walk(folder) for name in names):  # noqa: PTH118 - by text
        yield file[beginning:], file


def _archive(built: Path) -> Path:
    """The names of what is kept are of its content alone, and none is the beginning of another's."""
    # Content by its paths within, whatever the directory's own name is.
    key = content_hash(sorted(built.iterdir()))[:_KEY_DIGITS]
    kept = build_cache.cached(f"archive.{built.name}", key, lambda target: _pack(built, target))
    return kept / "archive.zip"


def _pack(built: Path, target: Path) -> None:
    target.mkdir()
    with zipfile.ZipFile(target / "archive.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for path, file in _walked(built):
            archive.write(file, path)
