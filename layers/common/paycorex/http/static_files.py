"""Files that are served as they are in the repository: read, compressed and named by their content once in an environment."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from paycorex.http.answers import Answer
from paycorex.http.compression import VARY, gzipped, takes_gzip
from paycorex.http.request import Request

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_DIGITS: Final = 24


@dataclass(frozen=True, slots=True)
class StaticFile:
    """content: UTF-8. packed: the same by gzip. digest: of the content; each of the two forms has a tag of its own made of it."""

    content: str
    packed: bytes
    content_type: str
    digest: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises OSError, UnicodeDecodeError, KeyError for an ending that names no type."""
        raw = path.read_bytes()
        return cls(raw.decode(), gzipped(raw), _TYPES[path.suffix], hashlib.sha256(raw).hexdigest()[:_DIGITS])

    def served(self, request: Request, headers: Mapping[str, str]) -> Answer:
        """200 in the form that the browser takes, 304 where it has that form already (RFC 9110, 13.1.2). headers: what else it says."""
        is_packed = takes_gzip(request.headers)
        tag = f'"{self.digest}-gzip"' if is_packed else f'"{self.digest}"'
        said = {**headers, "ETag": tag, **VARY}
        known = {each.strip().removeprefix("W/") for each in (request.header("if-none-match") or "").split(",")}
        if tag in known:
            return Answer(304, "", self.content_type, said)
        if is_packed:
            return Answer(200, self.packed, self.content_type, {**said, "Content-Encoding": "gzip"})
        return Answer(200, self.content, self.content_type, said)
