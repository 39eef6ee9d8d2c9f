"""Exporting the stack's tables: by DynamoDB itself, all of them at one same second, or item by item where there is no such service.

DynamoDB's export needs point-in-time recovery, reads nothing from the table, and may write into a bucket of another region. The other one
scans: it shows one moment only of tables that are not written meanwhile (copies made by `paycorex restore`, or a fenced stack).
"""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any, Final

from botocore.exceptions import ClientError

from operations.recovery import export_files, tables
from operations.recovery.places import Bucket, Place
from paycorex import aws, clock

ITEMS_PER_FILE: Final = 10_000
# The newest second that DynamoDB surely can show.
SHOWN_AFTER_MS: Final = 5 * 60 * 1000
# DynamoDB's own bounds of an incremental export's period.
MIN_PERIOD_MS: Final = 15 * 60 * 1000
MAX_PERIOD_MS: Final = 24 * 3600 * 1000
_MAX_TOKEN: Final = 64


class CannotExport(Exception):
    """The export is not possible; nothing was started, or the text says what was."""


def scan_all(prefix: str, place: Place) -> dict[str, int]:
    """Write every table below a prefix as a full export. Returns the items by noun. Raises NoTables, ClientError."""
    moment = clock.now_ms()
    written = {}
    for noun in tables.some(prefix):
        name = f"{moment}-{noun}"
        parts = (list(part) for part in batched(_items(prefix + noun), ITEMS_PER_FILE, strict=False))
        written[noun] = export_files.write_full(place, name, tables.arn(prefix + noun), moment, parts)
    return written


def start(names: Iterable[str], bucket: Bucket, since_ms: int | None, until_ms: int) -> list[str]:
    """Have DynamoDB export tables as they are at `until_ms`, or what changed since another moment. Returns the exports' ARNs.

    Asked again within eight hours it is the same export. A table that is refused keeps none of the others from its export. Raises
    CannotExport for a period that DynamoDB does not export, and for refused tables, naming them.
    """
    if since_ms is not None and not MIN_PERIOD_MS <= until_ms - since_ms <= MAX_PERIOD_MS:
        raise CannotExport("an incremental export covers from 15 minutes to 24 hours")
    asked, arns, refused = _request(bucket, since_ms, until_ms), [], []
    for name in names:
        token = f"{name}-{since_ms}-{until_ms}"[-_MAX_TOKEN:]
        try:
            answer = aws.dynamodb_for_operators().export_table_to_point_in_time(TableArn=tables.arn(name), ClientToken=token, **asked)
        except ClientError as refusal:
            refused.append(f"{name}: {refusal}")
            continue
        arns.append(answer["ExportDescription"]["ExportArn"])
    if refused:
        raise CannotExport(f"{len(arns)} tables are exported; not exported: {'; '.join(refused)}")
    return arns


def _request(bucket: Bucket, since_ms: int | None, until_ms: int) -> dict[str, Any]:
    """What all tables' exports have in common."""
    asked: dict[str, Any] = {"S3Bucket": bucket.name, "ExportFormat": "DYNAMODB_JSON"}
    if bucket.prefix:
        asked["S3Prefix"] = bucket.prefix.rstrip("/")
    if since_ms is None:
        return asked | {"ExportType": export_files.FULL, "ExportTime": until_ms // 1000}
    period = {"ExportFromTime": since_ms // 1000, "ExportToTime": until_ms // 1000, "ExportViewType": "NEW_IMAGE"}
    return asked | {"ExportType": export_files.INCREMENTAL, "IncrementalExportSpecification": period}


def have_full(names: Iterable[str]) -> bool:
    """Whether each table has a full export that did not fail, of the 90 days that DynamoDB remembers. Raises ClientError."""
    return all(any(_is_full(export) for export in _known(tables.arn(name))) for name in names)


def _known(table_arn: str) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"TableArn": table_arn}
    while True:
        page = aws.dynamodb_for_operators().list_exports(**asked)
        yield from page["ExportSummaries"]  # type: ignore[misc]  # a TypedDict is a dict
        if "NextToken" not in page:
            return
        asked["NextToken"] = page["NextToken"]


def _is_full(export: dict[str, Any]) -> bool:
    return bool(export.get("ExportType", export_files.FULL) == export_files.FULL and export["ExportStatus"] != "FAILED")


def _items(table: str) -> Iterator[dict[str, Any]]:
    for page in aws.dynamodb_for_operators().get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]
