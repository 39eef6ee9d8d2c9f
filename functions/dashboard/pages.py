"""The merchant's page and the operators': the files that `page_files` lists, with the headers of a page that holds credentials.

The page is public and contains no data; it requests data from the API with requests signed in the browser.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from dashboard.page_files import ASSETS
from paycorex import object_links, settings
from paycorex.errors import NotFound
from paycorex.http import Answer, Request

_HERE: Final = Path(__file__).resolve()
# Beside the rooms where it is deployed, beside their folder in the repository.
_WEB: Final = next(path for path in (_HERE.parents[1] / "web", _HERE.parents[2] / "web") if path.is_dir())
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NO_WEIGHT: Final = re.compile(r"q=0(\.0{0,3})?")
# Names carry no version, so a browser asks each time and is mostly answered that nothing changed.
_CACHED: Final = "no-cache"


@dataclass(frozen=True, slots=True)
class _File:
    """packed: the same, compressed; each has a tag of its own."""

    content: str
    packed: bytes
    content_type: str
    digest: str


def page(request: Request) -> Answer:
    """The page itself."""
    return _served("index.html", request)


def operators_page(request: Request) -> Answer:
    """The operators' page."""
    return _served("operator.html", request)


def icon(request: Request) -> Answer:
    """Its icon."""
    return _served("favicon.svg", request)


def asset(name: str, request: Request) -> Answer:
    """One of its files. Raises NotFound for any other."""
    if name not in ASSETS:
        raise NotFound("file")
    return _served(name, request)


def _policy() -> str:
    """The page talks to this API, and puts files of evidence and reports into their buckets."""
    now = settings.current()
    buckets = [object_links.address(bucket) for bucket in (now.evidence_bucket, now.reports_bucket) if bucket]
    connect = " ".join(["'self'", *buckets])
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {connect}; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )


def _served(name: str, request: Request) -> Answer:
    file = _read(name)
    is_packed = _takes_gzip(request.header("accept-encoding") or "")
    tag = f'"{file.digest}-gzip"' if is_packed else f'"{file.digest}"'
    headers = {"Content-Security-Policy": _policy(), **_HEADERS, "Cache-Control": _CACHED, "ETag": tag, "Vary": "Accept-Encoding"}
    known = {each.strip().removeprefix("W/") for each in (request.header("if-none-match") or "").split(",")}
    if tag in known:
        return Answer(304, "", file.content_type, headers)
    if is_packed:
        return Answer(200, file.packed, file.content_type, {**headers, "Content-Encoding": "gzip"})
    return Answer(200, file.content, file.content_type, headers)


def _takes_gzip(accepted: str) -> bool:
    """Whether a browser takes a compressed answer (RFC 9110, 12.5.3); what it gives no weight it does not take."""
    for each in accepted.split(","):
        coding, _, weight = each.strip().lower().partition(";")
        if coding.strip() == "gzip":
            return not _NO_WEIGHT.fullmatch(weight.strip())
    return False


@cache
def _read(name: str) -> _File:
    path = _WEB / name
    raw = path.read_bytes()
    packed = gzip.compress(raw, mtime=0)
    return _File(raw.decode(), packed, _TYPES[path.suffix], hashlib.sha256(raw).hexdigest()[:24])
