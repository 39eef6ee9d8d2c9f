"""What a connector sends: forms and JSON in which every field has a value, because a provider reads meaning into one that is left out."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

# What a form says; a field that has no value is not in it.
Fields = Mapping[str, str | int]


class Unstated(AssertionError):
    """A field of a request without a value: to leave it out may mean something else, such as all that is left of a payment."""


def form(fields: Fields) -> bytes:
    """The fields, every one of them, as a form's body. Raises Unstated."""
    _refuse_unstated(fields, "")
    return urlencode(fields).encode()


def body(content: Mapping[str, Any]) -> bytes:
    """A JSON document in which every field has a value. Raises Unstated."""
    _refuse_unstated(content, "")
    return json.dumps(content, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Part:
    """One of a form's: a text, or (with `file_name`) a file. content_type: empty for plain text."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = ""
    file_name: str | None = None


def multipart(fields: Mapping[str, str], *, name: str, content_type: str, content: bytes) -> tuple[str, bytes]:
    """Fields and one file, `file`, as `parts` makes them."""
    return parts([*(Part(title, value.encode()) for title, value in fields.items()), Part("file", content, content_type, name)])


def parts(given: Sequence[Part]) -> tuple[str, bytes]:
    """multipart/form-data (RFC 7578): the header's value, and the body.

    The same content has the same boundary, so a request sent again is the same one. A file's name goes without what would end its quotes.
    """
    boundary = hashlib.sha256(b"".join(each.content for each in given)).hexdigest()[:32]
    mark = f"--{boundary}".encode()
    content = b"".join(mark + b"\r\n" + _head(each) + each.content + b"\r\n" for each in given)
    return f"multipart/form-data; boundary={boundary}", content + mark + b"--\r\n"


def _head(part: Part) -> bytes:
    head = f'Content-Disposition: form-data; name="{part.name}"'
    if part.file_name is not None:
        shown = "".join(
            character for character in part.file_name if character.isascii() and character.isprintable() and character not in '"\\'
        )
        head += f'; filename="{shown}"'
    kind = f"\r\nContent-Type: {part.content_type}" if part.content_type else ""
    return f"{head}{kind}\r\n\r\n".encode()


def if_given(name: str, value: str | int | None) -> dict[str, str | int]:
    """A field that may be left out on purpose."""
    return {} if value is None else {name: value}


def _refuse_unstated(content: object, path: str) -> None:
    if content is None:
        raise Unstated(f"{path or 'the request'} has no value")
    if isinstance(content, Mapping):
        for name, value in content.items():
            _refuse_unstated(value, f"{path}.{name}" if path else str(name))
