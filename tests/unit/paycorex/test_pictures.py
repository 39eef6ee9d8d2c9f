"""Pictures from outside: known by content, bounded, and written anew without anything that is not the picture."""

import base64
import random
import struct
import zlib

import pytest

from paycorex import pictures

JPEG_HEAD = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 8, height: int = 8, *, extra: bytes = b"", after: bytes = b"", lines: bytes | None = None, colour: int = 2) -> bytes:
    line = b"\x00" + bytes([10, 120, 200]) * width
    packed = zlib.compress(line * height if lines is None else lines)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", packed) + chunk(b"IEND", b"") + after


def jpeg(width: int = 16, height: int = 16, *, extra: bytes = b"", after: bytes = b"", components: int = 1) -> bytes:
    table = b"\xff\xdb" + struct.pack(">H", 67) + b"\x00" + bytes([1] * 64)
    parts = b"".join(bytes([number, 0x11, 0]) for number in range(1, components + 1))
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 8 + len(parts), 8, height, width, components) + parts
    huffman = b"\xff\xc4" + struct.pack(">H", 20) + b"\x00" + bytes([1] + [0] * 15) + b"\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00" + b"\x00\xff\x00\x7f"
    return JPEG_HEAD + extra + table + frame + huffman + scan + b"\xff\xd9" + after


def test_a_png_is_written_anew_with_its_pixels_and_nothing_else() -> None:
    hidden = chunk(b"tEXt", b"Comment\x00<script>alert(1)</script>") + chunk(b"eXIf", b"GPS 12.97 77.59")
    read = pictures.read(png(extra=hidden, after=b"<html>PK\x03\x04"))
    assert (read.content_type, read.width, read.height) == ("image/png", 8, 8)
    for left in (b"script", b"GPS", b"html", b"PK"):
        assert left not in read.content
    assert pictures.read(read.content).content == read.content
    assert zlib.decompress(read.content[read.content.index(b"IDAT") + 4 : -16]) == (b"\x00" + bytes([10, 120, 200]) * 8) * 8


def test_a_jpeg_keeps_its_picture_and_loses_what_a_camera_wrote() -> None:
    exif = b"\xff\xe1" + struct.pack(">H", 2 + 20) + b"Exif\x00\x00GPS 12.97 77.59"[:20].ljust(20)
    comment = b"\xff\xfe" + struct.pack(">H", 2 + 8) + b"<script>"
    read = pictures.read(jpeg(extra=exif + comment, after=b"<?php"))
    assert (read.content_type, read.width, read.height) == ("image/jpeg", 16, 16)
    assert pictures.read(jpeg()).content == read.content
    for left in (b"GPS", b"script", b"php", b"JFIF"):
        assert left not in read.content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "a PNG or a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "a PNG or a JPEG"),
        (b"GIF89a" + bytes(40), "a PNG or a JPEG"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a PNG or a JPEG"),
        (b"<html>" + png(), "a PNG or a JPEG"),
        (png()[:-20], "whole"),
        (png()[:40], "whole"),
        (png().replace(b"IDAT", b"IDAX"), "whole"),
        (png(513, 1), "512 pixels"),
        (png(1, 513), "512 pixels"),
        (png(lines=b"\x00" * 10_000_000), "whole"),
        (png(lines=b"\x09" + bytes(24)), "whole"),
        (png(colour=5), "interlaced"),
        (png(colour=3), "palette"),
        (png() + bytes(pictures.MAX_BYTES), "32 KiB"),
        (jpeg()[:-2], "whole"),
        (jpeg(600, 4), "512 pixels"),
        (jpeg(components=4), "three colours"),
        (jpeg(0, 4), "512 pixels"),
        (JPEG_HEAD + b"\xff\xd9", "whole"),
        (JPEG_HEAD, "whole"),
    ],
)
def test_what_is_no_small_picture_is_refused_and_says_what_would_be(content: bytes, says: str) -> None:
    with pytest.raises(pictures.PictureRefused, match=says):
        pictures.read(content)


@pytest.mark.parametrize("text", ["%%%", "data:image/png;base64,iVBORw0KGgo=", "iVBORw0KGgo", "aGVsbG8="])
def test_what_is_no_base64_of_a_picture_is_refused(text: str) -> None:
    with pytest.raises(pictures.PictureRefused):
        pictures.read_base64(text)


@pytest.mark.parametrize("whole", [png(), jpeg()], ids=["png", "jpeg"])
def test_damaged_pictures_are_refused_or_read_and_never_an_error_of_another_kind(whole: bytes) -> None:
    dice = random.Random(5)
    for _ in range(2000):
        damaged = bytearray(whole)
        for _ in range(dice.randrange(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        cut = bytes(damaged[: dice.randrange(len(damaged) + 1)])
        for content in (bytes(damaged), cut):
            try:
                pictures.read(content)
            except pictures.PictureRefused:
                continue


def test_base64_of_a_picture_is_that_picture() -> None:
    assert pictures.read_base64(base64.b64encode(png()).decode()) == pictures.read(png())
