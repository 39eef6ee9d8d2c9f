"""Exports of tables as DynamoDB itself writes them to S3: summary, list of data files, and items as JSON lines.

Shape: "DynamoDB table export output format" of AWS's developer guide. Below `AWSDynamoDB/<export>/` lie `manifest-summary.json`, written
last, `manifest-files.json`, a line for each data file, and `data/*.json.gz`. A line of a full export is {"Item": ...}; one of an
incremental export has Metadata, Keys and, unless the item was deleted, NewImage.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from operations.recovery.places import Place
from paycorex import clock

ROOT: Final = "AWSDynamoDB/"
FULL: Final = "FULL_EXPORT"
INCREMENTAL: Final = "INCREMENTAL_EXPORT"
_SUMMARY: Final = "manifest-summary.json"

type Item = dict[str, Any]


class DamagedExport(Exception):
    """An export's files are not what its manifest says."""


@dataclass(frozen=True, slots=True)
class Export:
    """One export of one table. Times in milliseconds; a full export shows the table at `to_ms`, an incremental one what changed since."""

    table: str
    kind: str
    from_ms: int | None
    to_ms: int
    items: int
    files_key: str


@dataclass(frozen=True, slots=True)
class Change:
    """An item as it must be, or the key of an item that must not be there."""

    item: Item | None
    key: Item | None


def found(place: Place) -> Iterator[Export]:
    """Every export that is complete: one that is still being written has no summary yet. Raises DamagedExport."""
    for key in place.keys(ROOT):
        if key.endswith(f"/{_SUMMARY}"):
            yield _export(json.loads(place.read(key)), key)


def _export(summary: Item, key: str) -> Export:
    try:
        kind = summary.get("exportType", FULL)
        until = summary["exportTime"] if kind == FULL else summary["exportToTime"]
        since = None if kind == FULL else clock.parse_rfc3339(summary["exportFromTime"])
        # The list lies beside the summary; the key in it counts from the bucket's root, which may not be this place's.
        files_key = f"{key.removesuffix(_SUMMARY)}{summary['manifestFilesS3Key'].rsplit('/', 1)[-1]}"
        table = summary["tableArn"].rpartition(":table/")[2]
        return Export(table, kind, since, clock.parse_rfc3339(until), int(summary["itemCount"]), files_key)
    except (KeyError, ValueError) as wrong:
        raise DamagedExport(f"{key}: {wrong!r}") from wrong


def changes(place: Place, export: Export) -> Iterator[Change]:
    """What an export says, file by file. Raises DamagedExport for a file that is missing, or whose checksum or number of items is wrong."""
    folder = export.files_key.rpartition("/")[0]
    try:
        lines = place.read(export.files_key).splitlines()
    except KeyError:
        raise DamagedExport(f"{export.files_key} is missing") from None
    for line in lines:
        entry = json.loads(line)
        key = f"{folder}/data/{entry['dataFileS3Key'].rsplit('/', 1)[-1]}"
        yield from _changes_of(place, key, entry)


def _changes_of(place: Place, key: str, entry: Item) -> list[Change]:
    try:
        content = place.read(key)
    except KeyError:
        raise DamagedExport(f"{key} is missing") from None
    if base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode() != entry["md5Checksum"]:
        raise DamagedExport(f"{key} does not have the checksum of its manifest")
    made = [_change(json.loads(line)) for line in gzip.decompress(content).splitlines()]
    if len(made) != int(entry["itemCount"]):
        raise DamagedExport(f"{key} has {len(made)} items, its manifest says {entry['itemCount']}")
    return made


def _change(line: Item) -> Change:
    if "Item" in line:
        return Change(_decoded(line["Item"]), None)
    image = line.get("NewImage")
    return Change(None, _decoded(line["Keys"])) if image is None else Change(_decoded(image), None)


def write_full(place: Place, name: str, table_arn: str, moment_ms: int, parts: Iterable[list[Item]]) -> int:
    """Write a full export, a data file for each part. Returns the number of items."""
    folder, count, listed = f"{ROOT}{name}", 0, []
    for number, items in enumerate(parts):
        key = f"{folder}/data/{number:06d}.json.gz"
        content = gzip.compress("".join(json.dumps({"Item": _encoded(item)}) + "\n" for item in items).encode(), mtime=0)
        place.write(key, content)
        checksum = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        listed.append({"itemCount": len(items), "md5Checksum": checksum, "dataFileS3Key": key})
        count += len(items)
    files_key = f"{folder}/manifest-files.json"
    place.write(files_key, "".join(json.dumps(line) + "\n" for line in listed).encode())
    summary = {
        "version": "2020-06-30",
        "tableArn": table_arn,
        "exportTime": clock.rfc3339(moment_ms),
        "manifestFilesS3Key": files_key,
        "itemCount": count,
        "outputFormat": "DYNAMODB_JSON",
        "exportType": FULL,
    }
    place.write(f"{folder}/{_SUMMARY}", json.dumps(summary).encode())
    return count


def _encoded(value: Any) -> Any:
    """With bytes as base64, as JSON needs them."""
    if isinstance(value, dict):
        return {name: _encoded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_encoded(part) for part in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _decoded(item: Item) -> Item:
    return {name: _attribute(value) for name, value in item.items()}


def _attribute(value: Item) -> Item:
    """An attribute's value, {"S": …}, with its bytes as bytes again."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {"B": base64.b64decode(content)}
    if kind == "BS":
        return {"BS": [base64.b64decode(part) for part in content]}
    if kind == "M":
        return {"M": _decoded(content)}
    if kind == "L":
        return {"L": [_attribute(part) for part in content]}
    return {kind: content}
