"""Pages of text as PDF (ISO 32000-1): headings, lines and tables on A4. What they say is for others to decide.

Tables are set in Courier, whose letters are equally wide, so that columns need no font's metrics and no font is carried along: every
reader has the standard fonts. They have the letters of Western Europe (Windows code page 1252); any other is printed as a question mark.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pydyf  # type: ignore[import-untyped]  # it comes without types

_WIDTH: Final = 595
_HEIGHT: Final = 842
_MARGIN: Final = 42
_FONTS: Final = {"F1": "Courier", "F2": "Helvetica-Bold", "F3": "Helvetica"}
_TEXT_SIZE: Final = 7
_LEADING: Final = 10
# A letter of Courier is 600 thousandths of its size wide.
LETTERS: Final = (_WIDTH - 2 * _MARGIN) * 10 // (_TEXT_SIZE * 6)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: letters it is wide, and whether it is aligned at its right end."""

    title: str
    letters: int
    right: bool = False


@dataclass(slots=True)
class Pages:
    """A document that is written from above. The same content makes the same bytes: no time of now is in it."""

    title: str
    _streams: list[Any] = field(default_factory=list)
    _left: int = 0

    def __post_init__(self) -> None:
        self._text("F2", 15, self.title)
        self._left -= 8

    def heading(self, text: str) -> None:
        """A heading, with room above it; never the last line of a page."""
        self._room(46)
        self._left -= 12
        self._text("F2", 10, text)
        self._left -= 3

    def line(self, text: str) -> None:
        """Lines of text, broken where they are full."""
        for start in range(0, max(len(text), 1), LETTERS):
            self._text("F1", _TEXT_SIZE, text[start : start + LETTERS])

    def facts(self, facts: Iterable[tuple[str, object]]) -> None:
        """Names and what they are, a line each."""
        for name, value in facts:
            self.line(f"{name:<24} {'' if value is None else value}")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
        """A table; what is too long for its column is cut."""
        self.line(_row(columns, [column.title for column in columns]))
        self.line("-" * min(sum(column.letters + 1 for column in columns), LETTERS))
        for row in rows:
            self.line(_row(columns, row))

    def written(self) -> bytes:
        """The document."""
        document = pydyf.PDF()
        document.info["Title"] = pydyf.String(self.title)
        fonts = pydyf.Dictionary({name: self._font(document, base) for name, base in _FONTS.items()})
        for number, stream in enumerate(self._streams, start=1):
            _show(stream, "F3", 7, _MARGIN, 24, f"{number} / {len(self._streams)}")
            document.add_object(stream)
            page = {"Type": "/Page", "Parent": document.pages.reference, "MediaBox": pydyf.Array([0, 0, _WIDTH, _HEIGHT])}
            page |= {"Contents": stream.reference, "Resources": pydyf.Dictionary({"Font": fonts})}
            document.add_page(pydyf.Dictionary(page))
        target = io.BytesIO()
        document.write(target)
        return target.getvalue()

    @staticmethod
    def _font(document: Any, base: str) -> Any:
        font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{base}", "Encoding": "/WinAnsiEncoding"})
        document.add_object(font)
        return font.reference

    def _text(self, font: str, size: int, text: str) -> None:
        self._room(size)
        self._left -= max(_LEADING, size + 3)
        _show(self._streams[-1], font, size, _MARGIN, self._left, text)

    def _room(self, points: int) -> None:
        """Begin another page where there is less room than that."""
        if not self._streams or self._left - points < _MARGIN:
            self._streams.append(pydyf.Stream(compress=True))
            self._left = _HEIGHT - _MARGIN


def _row(columns: Sequence[Column], cells: Sequence[object]) -> str:
    texts = ("" if cell is None else str(cell) for cell in cells)
    return " ".join(_cell(column, text) for column, text in zip(columns, texts, strict=True)).rstrip()


def _cell(column: Column, text: str) -> str:
    # An amount is never cut: a row that is too long is broken.
    if column.right:
        return text.rjust(column.letters)
    return text[: column.letters].ljust(column.letters)


def _show(stream: Any, font: str, size: int, x: int, y: int, text: str) -> None:
    stream.begin_text()
    stream.set_font_size(font, size)
    stream.move_text_to(x, y)
    stream.show_text_string(_printable(text))
    stream.end_text()


def _printable(text: str) -> bytes:
    return "".join(letter if letter.isprintable() else " " for letter in text).encode("cp1252", "replace")
