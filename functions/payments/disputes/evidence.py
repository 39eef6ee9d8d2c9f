"""Evidence: texts and files that a merchant gives for its answer. Files go from the merchant to the bucket by a signed link, and are looked
at before they are used: what is not of its type and size is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from paycorex import clock, ids, object_links, settings, storage
from paycorex.errors import InvalidRequest, LimitExceeded, Refusal, TemporarilyUnavailable
from paycorex.records.dispute import DisputeItem
from payments.connectors.disputing import Document
from payments.disputes import reports, states
from payments.disputes.evidence_kinds import MAX_ALL_TEXT_CHARACTERS, MAX_FILE_BYTES, MAX_FILES

LINK_SECONDS: Final = 900
AWAITING, READY, REFUSED = "awaiting_upload", "ready", "refused"
_BEGINS: Final[Mapping[str, bytes]] = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
_BEGINNING_BYTES: Final = max(map(len, _BEGINS.values()))


class EvidenceClosed(Refusal):
    """The dispute takes no evidence any more: it was answered, it is over, or its time is."""

    code = "evidence_closed"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that will be uploaded."""

    kind: str
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a file of the evidence is put, until expires_ms."""

    file_id: str
    link: object_links.Link
    expires_ms: int


def refuse_closed(item: DisputeItem) -> None:
    """Raises EvidenceClosed."""
    given = item.evidence or {}
    is_over = item.respond_by is not None and clock.now_ms() >= int(item.respond_by)
    if item.status not in states.ANSWERABLE or item.answering is not None or given.get("submitted_at") or is_over:
        raise EvidenceClosed(f"The dispute is {item.status} and takes no evidence.", details={"status": item.status})


def add(item: DisputeItem, text: Mapping[str, str], files: Sequence[NewFile], claim_id: str, claim: Sequence[storage.Write]) -> DisputeItem:
    """Keep texts (each replaces the one of its kind) and announce files. claim_id: names them, the same for a retry.

    Raises EvidenceClosed, LimitExceeded, TemporarilyUnavailable; storage.TransactionRefused when the claim is taken.
    """

    def edit(found: DisputeItem) -> bool:
        refuse_closed(found)
        given = dict(found.evidence or {})
        texts = {**given.get("text", {}), **text}
        kept = list(given.get("files", ()))
        new = [_announced(claim_id, number, each) for number, each in enumerate(files)]
        known = {each["file_id"] for each in kept}
        kept += [each for each in new if each["file_id"] not in known]
        if sum(map(len, texts.values())) > MAX_ALL_TEXT_CHARACTERS:
            raise LimitExceeded(f"At most {MAX_ALL_TEXT_CHARACTERS} characters of text.", details={"limit": MAX_ALL_TEXT_CHARACTERS})
        if len(kept) > MAX_FILES:
            raise LimitExceeded(f"At most {MAX_FILES} files.", details={"limit": MAX_FILES})
        found.evidence = {**given, "text": texts, "files": kept}
        return False

    return reports.revise(item, edit, claim=claim)


def uploads(item: DisputeItem) -> list[Upload]:
    """A link for each file that was announced and is not used yet."""
    expires_ms = clock.now_ms() + LINK_SECONDS * 1000
    return [Upload(each["file_id"], _link(item, each), expires_ms) for each in _files(item) if each["status"] == AWAITING]


def check_uploaded(item: DisputeItem) -> None:
    """Look at each file's size and first bytes. Raises InvalidRequest for one that is missing or not what it was announced as,
    TemporarilyUnavailable.
    """
    for file in _files(item):
        with _bucket_answers():
            found = object_links.part(settings.current().evidence_bucket, _key(item, file), start=0, size=_BEGINNING_BYTES)
        _refuse_other(file, None if found is None else found.size, b"" if found is None else found.content)


def documents(item: DisputeItem) -> tuple[Document, ...]:
    """The files. Each is read when its connector wants it: together they may be as large as a function's memory."""
    return tuple(
        Document(each["file_id"], each["kind"], each["name"], each["content_type"], partial(_content, item, each)) for each in _files(item)
    )


def texts(item: DisputeItem) -> dict[str, str]:
    """The texts by kind, without those that were taken back by an empty one."""
    return {kind: text for kind, text in (item.evidence or {}).get("text", {}).items() if text}


def _files(item: DisputeItem) -> list[dict[str, Any]]:
    return list((item.evidence or {}).get("files", ()))


def _announced(claim_id: str, number: int, file: NewFile) -> dict[str, Any]:
    return {
        "file_id": ids.derive("dsf", claim_id, str(number)),
        "kind": file.kind,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "status": AWAITING,
    }


def _key(item: DisputeItem, file: Mapping[str, Any]) -> str:
    return f"{item.merchant_id}/{item.dispute_id}/{file['file_id']}"


def _link(item: DisputeItem, file: Mapping[str, Any]) -> object_links.Link:
    bucket = settings.current().evidence_bucket
    return object_links.to_write(bucket, _key(item, file), content_type=file["content_type"], size=int(file["size"]), seconds=LINK_SECONDS)


def _content(item: DisputeItem, file: Mapping[str, Any]) -> bytes:
    """Raises what check_uploaded raises."""
    with _bucket_answers():
        content = object_links.read(settings.current().evidence_bucket, _key(item, file), max_bytes=MAX_FILE_BYTES)
    _refuse_other(file, None if content is None else len(content), content or b"")
    return content or b""


def _refuse_other(file: Mapping[str, Any], size: int | None, beginning: bytes) -> None:
    details = {"file_id": file["file_id"]}
    if size is None:
        raise InvalidRequest(f"The file {file['name']} was not uploaded.", details=details)
    if size != int(file["size"]) or not beginning.startswith(_BEGINS[file["content_type"]]):
        raise InvalidRequest(f"The file {file['name']} is no {file['content_type']} of {file['size']} bytes.", details=details)


@contextmanager
def _bucket_answers() -> Iterator[None]:
    try:
        yield
    except object_links.Unreadable as trouble:
        raise TemporarilyUnavailable("The files cannot be read now. Try again.") from trouble
