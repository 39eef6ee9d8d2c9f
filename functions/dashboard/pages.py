"""The merchant's page and the operators': the files that `page_files` lists, with the headers of a page that holds credentials.

The page is public and contains no data; it requests data from the API with requests signed in the browser.
"""

from functools import cache
from pathlib import Path
from typing import Final

from dashboard.page_files import ASSETS
from paycorex import object_links, settings
from paycorex.errors import NotFound
from paycorex.http import Answer, Request
from paycorex.http.static_files import StaticFile

_HERE: Final = Path(__file__).resolve()
# Beside the rooms where it is deployed, beside their folder in the repository.
_WEB: Final = next(path for path in (_HERE.parents[1] / "web", _HERE.parents[2] / "web") if path.is_dir())
_HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Names carry no version, so a browser asks each time and is mostly answered that nothing changed.
_CACHED: Final = "no-cache"


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
    return _read(name).served(request, {"Content-Security-Policy": _policy(), **_HEADERS, "Cache-Control": _CACHED})


@cache
def _read(name: str) -> StaticFile:
    return StaticFile.read(_WEB / name)
