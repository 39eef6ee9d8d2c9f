"""The merchant's page: static files, listed one by one, with the security headers of a page that holds credentials.

The page is public and contains no data; it requests data from the API with requests signed in the browser.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

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
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_SCRIPTS: Final = (
    *(
        "account",
        "api",
        "app",
        "ask",
        "audit",
        "charts",
        "crypto",
        "dom",
        "forms",
        "holds",
        "keys",
        "ledger",
        "links",
        "money",
        "names",
        "overview",
        "payment",
        "payment_parts",
    ),
    *(
        "disputes",
        "drawer",
        "passkeys",
        "payments",
        "people",
        "reconciliation",
        "refunds",
        "secrets",
        "settings",
        "settlements",
        "signin",
        "statements",
        "table",
        "time",
        "uploads",
        "uplot",
        "webhooks",
        "whereabouts",
    ),
)
ASSETS: Final = frozenset({*(f"{name}.js" for name in _SCRIPTS), "style.css", "uplot.css", "uplot-LICENSE.txt"})
_HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Names carry no version, so a browser asks each time and is mostly answered that nothing changed.
_CACHED: Final = "no-cache"


@dataclass(frozen=True, slots=True)
class _File:
    content: str
    content_type: str
    tag: str


def page(request: Request) -> Answer:
    """The page itself."""
    return _served("index.html", request)


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
    headers = {"Content-Security-Policy": _policy(), **_HEADERS, "Cache-Control": _CACHED, "ETag": file.tag}
    known = {tag.strip().removeprefix("W/") for tag in (request.header("if-none-match") or "").split(",")}
    if file.tag in known:
        return Answer(304, "", file.content_type, headers)
    return Answer(200, file.content, file.content_type, headers)


@cache
def _read(name: str) -> _File:
    path = _WEB / name
    raw = path.read_bytes()
    return _File(raw.decode(), _TYPES[path.suffix], f'"{hashlib.sha256(raw).hexdigest()[:24]}"')
