"""Reads one HTTP/1.1 answer from a connection, within bounds. What it reads from gives the next bytes, and none at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Read = Callable[[], bytes]

_MAX_HEAD_BYTES: Final = 64 * 1024
_MAX_SIZE_LINE_BYTES: Final = 1024
_END: Final = b"\r\n"


class Incomplete(Exception):
    """The connection ended before the answer did."""


class Unreadable(Exception):
    """What came is no answer that can be read, or is too large."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`headers`: names in lower case, repeated ones joined by ", ". `reusable`: another request may follow on the same connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    reusable: bool


def receive(read: Read, max_body_bytes: int) -> HttpAnswer:
    """The next answer that is not an interim one. Raises Incomplete, Unreadable, and what `read` raises."""
    buffer = _Buffer(read)
    status = 100
    while 100 <= status < 200:
        version, status, headers = _parse_head(buffer.until(_END + _END, _MAX_HEAD_BYTES))
    body, framed = _read_body(buffer, status, headers, max_body_bytes)
    keeps = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    return HttpAnswer(status, headers, body, reusable=framed and keeps and buffer.is_empty)


class _Buffer:
    """Bytes that were received and not used yet."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._bytes = b""

    @property
    def is_empty(self) -> bool:
        return not self._bytes

    def until(self, mark: bytes, max_bytes: int) -> bytes:
        """What comes before the mark; the mark is dropped."""
        while (at := self._bytes.find(mark)) < 0:
            if len(self._bytes) > max_bytes:
                raise Unreadable("the answer's head or framing is too large")
            self._bytes += self._more()
        found, self._bytes = self._bytes[:at], self._bytes[at + len(mark) :]
        return found

    def exactly(self, count: int) -> bytes:
        parts, have = [self._bytes], len(self._bytes)
        while have < count:
            parts.append(self._more())
            have += len(parts[-1])
        whole = parts[0] if len(parts) == 1 else b"".join(parts)
        self._bytes = whole[count:]
        return whole[:count]

    def rest(self, max_bytes: int) -> bytes:
        """All until the connection ends."""
        parts, have = [self._bytes], len(self._bytes)
        while have <= max_bytes and (part := self._read()):
            parts.append(part)
            have += len(part)
        if have > max_bytes:
            raise Unreadable("the answer is too large")
        self._bytes = b""
        return b"".join(parts)

    def _more(self) -> bytes:
        part = self._read()
        if not part:
            raise Incomplete
        return part


def _parse_head(head: bytes) -> tuple[str, int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if version not in {"HTTP/1.1", "HTTP/1.0"} or not (rest[:3].isascii() and rest[:3].isdecimal() and rest[3:4] in {"", " "}):
        raise Unreadable("not an HTTP answer")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise Unreadable("a header without a colon")
        key = name.lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    return version, int(rest[:3]), headers


def _read_body(buffer: _Buffer, status: int, headers: dict[str, str], max_bytes: int) -> tuple[bytes, bool]:
    """The body, and whether its end was marked by something else than the connection's."""
    if status in {204, 304}:
        return b"", True
    if headers.get("content-encoding", "identity") != "identity":
        raise Unreadable("a compressed answer, which was not asked for")
    coding = headers.get("transfer-encoding")
    if coding is not None:
        if coding.lower() != "chunked":
            raise Unreadable("an unknown transfer coding")
        return _read_chunks(buffer, max_bytes), True
    announced = headers.get("content-length")
    if announced is None:
        return buffer.rest(max_bytes), False
    return buffer.exactly(_size(announced, 10, max_bytes)), True


def _read_chunks(buffer: _Buffer, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    left = max_bytes
    while size := _size(buffer.until(_END, _MAX_SIZE_LINE_BYTES).split(b";")[0].strip().decode("latin-1"), 16, left):
        parts.append(buffer.exactly(size))
        left -= size
        if buffer.exactly(len(_END)) != _END:
            raise Unreadable("a chunk without its end")
    trailer_bytes = 0
    while line := buffer.until(_END, _MAX_SIZE_LINE_BYTES):
        trailer_bytes += len(line)
        if trailer_bytes > _MAX_HEAD_BYTES:
            raise Unreadable("the answer's head or framing is too large")
    return b"".join(parts)


def _size(text: str, base: int, max_bytes: int) -> int:
    digits = "0123456789abcdef"[:base]
    if not text or text.lower().strip(digits):
        raise Unreadable("a length that is no number")
    size = int(text, base) if len(text) < 20 else max_bytes + 1
    if size > max_bytes:
        raise Unreadable("the answer is too large")
    return size
