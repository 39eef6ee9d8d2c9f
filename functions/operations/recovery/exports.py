"""Exporting the stack's tables: by DynamoDB itself, all of them at one same second, or item by item where there is no such service.

DynamoDB's export needs point-in-time recovery, reads nothing from the table, and may write into a bucket of another region. The other one
scans: it shows one moment only of tables that are not written meanwhile (copies made by `paycorex restore`, or a fenced stack).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched
from typing import Any, Final

from operations.recovery import export_files, tables
from operations.recovery.places import Bucket, Place
from paycorex import aws, clock

ITEMS_PER_FILE: Final = 10_000
# The newest second that DynamoDB surely can show.
SHOWN_AFTER_MS: Final = 5 * 60 * 1000
# DynamoDB's own bounds of an incremental export's period.
MIN_PERIOD_MS: Final = 15 * 60 * 1000
MAX_PERIOD_MS: Final = 24 * 3600 * 1000


class CannotExport(Exception):
    """The export is not possible; nothing was started, or the text says what was."""


def scan_all(prefix: str, place: Place) -> dict[str, int]:
    """Write every table below a prefix as a full export. Returns the items by noun. Raises CannotExport, ClientError."""
    moment = clock.now_ms()
    written = {}
    for noun in _some(prefix):
        name = f"{moment}-{noun}"
        parts = (list(part) for part in batched(_items(prefix + noun), ITEMS_PER_FILE, strict=False))
        written[noun] = export_files.write_full(place, name, tables.arn(prefix + noun), moment, parts)
    return written


def start(prefix: str, bucket: Bucket, since_ms: int | None, until_ms: int) -> list[str]:
    """Have DynamoDB export every table as it is at `until_ms`, or what changed since another moment. Returns the exports' ARNs.

    Raises CannotExport for a period that DynamoDB does not export; ClientError.
    """
    if since_ms is not None and not MIN_PERIOD_MS <= until_ms - since_ms <= MAX_PERIOD_MS:
        raise CannotExport("an incremental export covers from 15 minutes to 24 hours")
    asked: dict[str, Any] = {"S3Bucket": bucket.name, "S3Prefix": bucket.prefix.rstrip("/"), "ExportFormat": "DYNAMODB_JSON"}
    if not asked["S3Prefix"]:
        del asked["S3Prefix"]
    if since_ms is None:
        asked |= {"ExportType": export_files.FULL, "ExportTime": _moment(until_ms)}
    else:
        period = {"ExportFromTime": _moment(since_ms), "ExportToTime": _moment(until_ms), "ExportViewType": "NEW_IMAGE"}
        asked |= {"ExportType": export_files.INCREMENTAL, "IncrementalExportSpecification": period}
    arns = []
    for noun in _some(prefix):
        answer = aws.dynamodb_for_operators().export_table_to_point_in_time(TableArn=tables.arn(prefix + noun), **asked)
        arns.append(answer["ExportDescription"]["ExportArn"])
    return arns


def _some(prefix: str) -> list[str]:
    found = tables.nouns(prefix)
    if not found:
        raise CannotExport(f"there are no tables {prefix}*")
    return found


def _items(table: str) -> Iterator[dict[str, Any]]:
    for page in aws.dynamodb_for_operators().get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC)
