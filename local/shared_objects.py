"""A Linux shared object made for a newer glibc, changed so that an older one loads it, and without what only debuggers read.

Nothing moves in the file: the dynamic tables are changed in place, and the file ends where its loaded part ends. So the result depends on
the input alone, and on no tool of the machine that builds. Format: ELF64, little-endian (System V gABI, and GNU's symbol versioning).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_HEADER: Final = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION: Final = struct.Struct("<IIQQQQIIQQ")
_SEGMENT: Final = struct.Struct("<IIQQQQQQ")
_SYMBOL: Final = struct.Struct("<IBBHQQ")
_NEED: Final = struct.Struct("<HHIII")
_VERSION: Final = struct.Struct("<IHHII")
_ELF64_LITTLE: Final = b"\x7fELF\x02\x01"
_LOADED: Final = 1
_DYNAMIC_SYMBOLS, _SYMBOL_VERSIONS, _NEEDED_VERSIONS = 11, 0x6FFFFFFF, 0x6FFFFFFE
_SECTION_TABLE_AT, _SECTION_COUNTS_AT = 40, 58
# A missing version that is only weakly needed does not stop the loader.
_WEAK: Final = 2
# C23's own names of functions that C89 has: they differ in that these read 0b1 as a number.
_C23: Final = "__isoc23_"
_LIBC: Final = "libc.so.6"


class CannotBeChanged(RuntimeError):
    """The file is no such object, or needs something of the newer glibc that the older one has under no name."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a library's symbols that the object needs. at: where that stands in the file."""

    library: str
    name: str
    number: int
    at: int
    is_weak: bool


@dataclass(frozen=True, slots=True)
class _Tables:
    """Where the dynamic tables begin: symbols, their versions, their names, needed versions; and how many symbols there are."""

    symbols: int
    versions: int
    names: int
    needed: int
    count: int


def for_older_glibc(content: bytes, newest: tuple[int, int]) -> bytes:
    """The object, as a glibc of version `newest` loads it. Raises CannotBeChanged, which names the symbols that stand against it."""
    changed = bytearray(content)
    tables = _tables(content)
    versions = {version.number: version for version in needed_versions(content)}
    too_new = {number for number, version in versions.items() if _glibc(version.name) > newest}
    oldest = min((version for version in versions.values() if version.library == _LIBC), key=lambda one: _glibc(one.name))
    lost = []
    for place in range(tables.count):
        (number,) = struct.unpack_from("<H", content, tables.versions + 2 * place)
        if number not in too_new:
            continue
        at = tables.symbols + _SYMBOL.size * place
        name_at = _SYMBOL.unpack_from(content, at)[0]
        name = _text(content, tables.names + name_at)
        if not name.startswith(_C23):
            lost.append(f"{name}@{versions[number].name}")
            continue
        # The plain name is the end of the same text.
        struct.pack_into("<I", changed, at, name_at + len(_C23))
        struct.pack_into("<H", changed, tables.versions + 2 * place, oldest.number)
    if lost:
        raise CannotBeChanged(f"glibc {'.'.join(map(str, newest))} does not have {', '.join(lost)}")
    for number in too_new:
        struct.pack_into("<H", changed, versions[number].at + 4, _WEAK)
    return bytes(changed)


def without_symbols(content: bytes) -> bytes:
    """The object up to the end of what is loaded: section headers, symbols and line numbers are for debuggers."""
    header = _header(content)
    segments = [_SEGMENT.unpack_from(content, header[5] + _SEGMENT.size * place) for place in range(header[10])]
    ends = [offset + in_file for kind, _flags, offset, _address, _physical, in_file, _size, _align in segments if kind == _LOADED]
    kept = bytearray(content[: max(ends)])
    struct.pack_into("<Q", kept, _SECTION_TABLE_AT, 0)
    struct.pack_into("<HHH", kept, _SECTION_COUNTS_AT, _SECTION.size, 0, 0)
    return bytes(kept)


def needed_versions(content: bytes) -> Iterator[Version]:
    """The versions of other libraries' symbols that the object needs. Raises CannotBeChanged."""
    tables = _tables(content)
    need = tables.needed
    while True:
        _version, count, library, first, following = _NEED.unpack_from(content, need)
        at = need + first
        for _ in range(count):
            _hash, flags, number, name, step = _VERSION.unpack_from(content, at)
            yield Version(_text(content, tables.names + library), _text(content, tables.names + name), number, at, bool(flags & _WEAK))
            at += step
        if not following:
            return
        need += following


def _header(content: bytes) -> tuple[int, ...]:
    if content[:6] != _ELF64_LITTLE:
        raise CannotBeChanged("this is no 64-bit little-endian ELF file")
    return _HEADER.unpack_from(content)


def _tables(content: bytes) -> _Tables:
    header = _header(content)
    sections = [_SECTION.unpack_from(content, header[6] + _SECTION.size * place) for place in range(header[12])]
    by_kind = {section[1]: section for section in sections}
    try:
        symbols, versions, needed = by_kind[_DYNAMIC_SYMBOLS], by_kind[_SYMBOL_VERSIONS], by_kind[_NEEDED_VERSIONS]
    except KeyError as missing:
        raise CannotBeChanged("the file has no dynamic symbols with versions") from missing
    names = sections[symbols[6]]
    return _Tables(symbols[4], versions[4], names[4], needed[4], symbols[5] // _SYMBOL.size)


def _glibc(version: str) -> tuple[int, ...]:
    """The numbers of a version of glibc; (0,) for a version of another library."""
    name, _, numbers = version.partition("_")
    return tuple(map(int, numbers.split("."))) if name == "GLIBC" else (0,)


def _text(content: bytes, at: int) -> str:
    return content[at : content.index(0, at)].decode()
