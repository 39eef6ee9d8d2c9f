"""Small pictures from outside, such as a logo: known by their content, bounded, and written anew with nothing but the picture in them.

PNG (ISO/IEC 15948) and JPEG (ITU-T T.81) only: SVG can carry scripts, and a page of PDF takes no other format as it is.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from paycorex.pictures import jpeg, png
from paycorex.pictures.refusal import PictureRefused

__all__ = ["MAX_BYTES", "MAX_PIXELS", "PNG", "Picture", "PictureRefused", "read", "read_base64"]

# A body of the API has 64 KiB, and base64 makes four bytes of three.
MAX_BYTES: Final = 32 * 1024
# What is written anew may be packed worse than it came, and no picture of these dimensions needs more.
MAX_STORED_BYTES: Final = 48 * 1024
# Wide and high: four times as much as a page shows, for screens of small dots.
MAX_PIXELS: Final = 512
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read and written anew. width and height are in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def read(content: bytes) -> Picture:
    """The picture in these bytes, without anything that is not part of it. Raises PictureRefused, which says what is wrong."""
    if len(content) > MAX_BYTES:
        raise PictureRefused(f"at most {MAX_BYTES // 1024} KiB")
    if content.startswith(png.SIGNATURE):
        return Picture(*_written(png.rewrite(content, MAX_PIXELS), PNG))
    if content.startswith(jpeg.SIGNATURE):
        return Picture(*_written(jpeg.rewrite(content, MAX_PIXELS), JPEG))
    raise PictureRefused("a PNG or a JPEG")


def read_base64(text: str) -> Picture:
    """The same of base64 (RFC 4648, section 4). Raises PictureRefused."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PictureRefused("a PNG or a JPEG in base64") from error
    return read(content)


def _written(done: tuple[bytes, int, int], content_type: str) -> tuple[bytes, str, int, int]:
    content, width, height = done
    if len(content) > MAX_STORED_BYTES:
        raise PictureRefused(f"at most {MAX_BYTES // 1024} KiB")
    return content, content_type, width, height
