"""JPEG: read segment by segment, and written anew with those that make the picture: no places, cameras, comments or profiles."""

from struct import Struct
from typing import Final

from paycorex.pictures.refusal import PictureRefused

SIGNATURE: Final = b"\xff\xd8\xff"
_LENGTH: Final = Struct(">H")
_FRAME: Final = Struct(">BHHB")
_FRAMES: Final = {0xC0, 0xC1, 0xC2}
_TABLES: Final = {0xC4, 0xDB, 0xDD}
_SCAN, _END, _ADOBE, _FRAMELESS = 0xDA, 0xD9, 0xEE, "a JPEG that is whole"
# Grey, or three colours: four are for print, and browsers differ about them.
_COMPONENTS: Final = {1, 3}
_MAX_SEGMENTS: Final = 200


def rewrite(content: bytes, most: int) -> tuple[bytes, int, int]:
    """The same picture anew, with its width and height. most: pixels of either. Raises PictureRefused."""
    parts, size, at = [b"\xff\xd8"], (0, 0), 2
    for _ in range(_MAX_SEGMENTS):
        kind, data, end = _segment(content, at)
        if kind == _END:
            if size == (0, 0) or len(parts) == 1:
                break
            return b"".join([*parts, b"\xff\xd9"]), *size
        if kind in _FRAMES:
            if size != (0, 0):
                break
            size = _size(data, most)
        after = end
        if kind == _SCAN:
            if size == (0, 0):
                break
            after = _scan_end(content, end)
        if kind in _FRAMES | _TABLES or kind == _SCAN or _says_colours(kind, data):
            parts.append(content[at:after])
        elif not (0xE0 <= kind <= 0xEF or kind == 0xFE):
            break
        at = after
    raise PictureRefused(_FRAMELESS)


def components(content: bytes) -> int:
    """How many colours a picture has that `rewrite` wrote: 1 or 3."""
    at = 2
    while True:
        kind, data, at = _segment(content, at)
        if kind in _FRAMES:
            return int(_FRAME.unpack_from(data)[3])


def _segment(content: bytes, at: int) -> tuple[int, bytes, int]:
    """A marker, what follows its length, and where the next one begins."""
    if at + 2 > len(content) or content[at] != 0xFF:
        raise PictureRefused(_FRAMELESS)
    kind = content[at + 1]
    if kind == _END:
        return kind, b"", at + 2
    if at + 4 > len(content):
        raise PictureRefused(_FRAMELESS)
    end = at + 2 + int(_LENGTH.unpack_from(content, at + 2)[0])
    if end < at + 4 or end > len(content):
        raise PictureRefused(_FRAMELESS)
    return kind, content[at + 4 : end], end


def _size(frame: bytes, most: int) -> tuple[int, int]:
    if len(frame) < _FRAME.size:
        raise PictureRefused(_FRAMELESS)
    precision, height, width, colours = _FRAME.unpack_from(frame)
    if precision != 8 or colours not in _COMPONENTS:
        raise PictureRefused("a JPEG in grey or in three colours of 8 bits")
    if not (0 < width <= most and 0 < height <= most):
        raise PictureRefused(f"at most {most} pixels wide and high")
    return width, height


def _scan_end(content: bytes, at: int) -> int:
    """Where the data of a scan end: at a marker that is neither a stuffed byte nor a restart."""
    while (found := content.find(b"\xff", at)) != -1 and found + 1 < len(content):
        following = content[found + 1]
        if following and not 0xD0 <= following <= 0xD7:
            return found
        at = found + 2
    raise PictureRefused(_FRAMELESS)


def _says_colours(kind: int, data: bytes) -> bool:
    """Adobe's segment: whether three colours are RGB."""
    return kind == _ADOBE and data.startswith(b"Adobe") and len(data) == 12
