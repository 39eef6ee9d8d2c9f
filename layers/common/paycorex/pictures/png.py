"""PNG: read chunk by chunk, its pixels unpacked within their exact size, and written anew with the chunks that make the picture."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Final

from paycorex.pictures.refusal import PictureRefused

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = Struct(">IIBBBBB")
_LENGTH: Final = Struct(">I")
# Samples of a pixel by colour type, and the depths that each may have.
CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS: Final = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
PALETTE: Final = 3
_MAX_CHUNKS: Final = 200
_MAX_FILTER: Final = 4


@dataclass(frozen=True, slots=True)
class Image:
    """What a PNG says. lines: unpacked, each with its filter's byte before it."""

    width: int
    height: int
    depth: int
    colour: int
    palette: bytes
    transparency: bytes
    lines: bytes

    @property
    def line_bytes(self) -> int:
        """Of one line, without its filter's byte."""
        return (self.width * self.depth * CHANNELS[self.colour] + 7) // 8


def rewrite(content: bytes, most: int) -> tuple[bytes, int, int]:
    """The same picture anew, with its width and height. most: pixels of either. Raises PictureRefused."""
    image = parse(content, most)
    parts = [SIGNATURE, _chunk(b"IHDR", _HEADER.pack(image.width, image.height, image.depth, image.colour, 0, 0, 0))]
    for name, data in ((b"PLTE", image.palette), (b"tRNS", image.transparency)):
        if data:
            parts.append(_chunk(name, data))
    parts += [_chunk(b"IDAT", zlib.compress(image.lines, 9)), _chunk(b"IEND", b"")]
    return b"".join(parts), image.width, image.height


def parse(content: bytes, most: int) -> Image:
    """What it says. Raises PictureRefused for what is damaged, interlaced, too large, or unpacks to more than its pixels."""
    chunks = _chunks(content)
    name, head = next(chunks, (b"", b""))
    if name != b"IHDR" or len(head) != _HEADER.size:
        raise PictureRefused("a PNG that is whole")
    width, height, depth, colour, packing, filtering, interlace = _HEADER.unpack(head)
    if not (0 < width <= most and 0 < height <= most):
        raise PictureRefused(f"at most {most} pixels wide and high")
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlace:
        raise PictureRefused("a PNG that is not interlaced")
    found = {b"PLTE": b"", b"tRNS": b"", b"IDAT": b""}
    for name, data in chunks:
        if name in found:
            found[name] = found[name] + data if name == b"IDAT" else data
    palette, transparency = found[b"PLTE"], found[b"tRNS"]
    is_indexed = colour == PALETTE
    if (len(palette) % 3 or len(palette) > 768 or (is_indexed and not palette)) or len(transparency) > max(6, len(palette) // 3):
        raise PictureRefused("a PNG whose palette is whole")
    image = Image(width, height, depth, colour, palette if is_indexed else b"", transparency, b"")
    return Image(width, height, depth, colour, image.palette, transparency, _unpacked(found[b"IDAT"], image))


def _unpacked(packed: bytes, image: Image) -> bytes:
    step = image.line_bytes + 1
    expected = step * image.height
    unpacker = zlib.decompressobj()
    try:
        lines = unpacker.decompress(packed, expected + 1)
    except zlib.error as error:
        raise PictureRefused("a PNG that is whole") from error
    if len(lines) != expected or not unpacker.eof or any(filtering > _MAX_FILTER for filtering in lines[::step]):
        raise PictureRefused("a PNG that is whole")
    return lines


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Up to the end of the picture. Raises PictureRefused."""
    at = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if at + 12 > len(content):
            break
        length = _LENGTH.unpack_from(content, at)[0]
        end = at + 8 + length
        if end + 4 > len(content):
            break
        name, data = content[at + 4 : at + 8], content[at + 8 : end]
        if zlib.crc32(name + data) != _LENGTH.unpack_from(content, end)[0]:
            break
        if name == b"IEND":
            return
        yield name, data
        at = end + 4
    raise PictureRefused("a PNG that is whole")


def _chunk(name: bytes, data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + name + data + _LENGTH.pack(zlib.crc32(name + data))
