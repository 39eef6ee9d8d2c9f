"""Text out of a bank's bytes: byte order marks, UTF-16, UTF-8, and the one-byte code page that is left; and what no statement has."""

import codecs
from typing import Final

from settlements.bank.readers.statement import UnreadableFile

# Some 75,000 lines. The libraries of these formats keep about 25 times the file in memory, of 512 MB.
MAX_TEXT_BYTES: Final = 8_000_000
MAX_LINE_CHARACTERS: Final = 4096
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAMPLE: Final = 400


def decode(data: bytes) -> str:
    """The text of a file, with `\\n` at the ends of lines. Raises UnreadableFile: too large, empty, or not text."""
    if len(data) > MAX_TEXT_BYTES:
        raise UnreadableFile(f"the file is larger than {MAX_TEXT_BYTES // 1_000_000} MB; ask the bank for shorter periods")
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile("the file is empty")
    if "\0" in text:
        raise UnreadableFile("the file is not text")
    return text


def without_long_lines(text: str) -> str:
    """The text, if none of its lines is longer than a format has them. Raises UnreadableFile."""
    longest = max(map(len, text.split("\n")))
    if longest > MAX_LINE_CHARACTERS:
        raise UnreadableFile(f"the file has a line of {longest} characters; a statement has none over {MAX_LINE_CHARACTERS}")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    wide = _wide_encoding(data[:_SAMPLE])
    if wide is not None:
        return _strictly(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Every byte means something here, and the characters that matter (digits, references) are ASCII in all of these code pages.
        return data.decode("cp1252", errors="replace")


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of plain text is zero."""
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > half * 0.8:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > half * 0.8 else None


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as failed:
        raise UnreadableFile(f"the file says that it is {encoding}, and is not") from failed
