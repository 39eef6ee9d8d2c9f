"""Files of imports in the bucket: the link by which a merchant puts one, and parts of it."""

import hashlib
from typing import Final

from paycorex import object_links, settings
from paycorex.records.settlement_import import SettlementImportItem

LINK_SECONDS: Final = 3600
CONTENT_TYPE: Final = "application/octet-stream"
# What is held of a file at once.
PART_BYTES: Final = 1024 * 1024
_HASHED_AT_ONCE: Final = 8 * 1024 * 1024


def link(item: SettlementImportItem) -> object_links.Link:
    """Where the file is put: of exactly its size, and with its digest."""
    digest, bucket = bytes.fromhex(str(item.sha256)), settings.current().reports_bucket
    size = int(item.size or 0)
    return object_links.to_write(bucket, _key(item), content_type=CONTENT_TYPE, size=size, seconds=LINK_SECONDS, sha256=digest)


def part(item: SettlementImportItem, start: int, etag: str | None = None, size: int | None = None) -> object_links.Part | None:
    """A part of the file; None when it is not there, or was put again since. Raises object_links.Unreadable."""
    return object_links.part(settings.current().reports_bucket, _key(item), start=start, size=size or PART_BYTES, etag=etag)


def digest_of(item: SettlementImportItem, etag: str) -> str | None:
    """The SHA-256 of the whole file, read once more; None when it was put again since. Raises object_links.Unreadable."""
    digest, position = hashlib.sha256(), 0
    while position < int(item.size or 0):
        found = part(item, position, etag, _HASHED_AT_ONCE)
        if found is None or not found.content:
            return None
        digest.update(found.content)
        position += len(found.content)
    return digest.hexdigest()


def _key(item: SettlementImportItem) -> str:
    return f"{item.merchant_id}/{item.import_id}"
