"""What a connector sends: forms and JSON in which every field has a value, because a provider reads meaning into one that is left out."""

import hashlib
import json
from collections.abc import Mapping
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


def multipart(fields: Mapping[str, str], *, name: str, content_type: str, content: bytes) -> tuple[str, bytes]:
    """Fields and one file, `file`, as multipart/form-data (RFC 7578): the header's value, and the body.

    The same content has the same boundary, so a request sent again is the same one. name: of the file, without what would
    end its quotes.
    """
    boundary = hashlib.sha256(content).hexdigest()[:32]
    begin = "Content-Disposition: form-data; name="
    parts = [f'{begin}"{field}"\r\n\r\n{value}\r\n'.encode() for field, value in fields.items()]
    shown = "".join(character for character in name if character.isascii() and character.isprintable() and character not in '"\\')
    head = f'{begin}"file"; filename="{shown}"\r\nContent-Type: {content_type}\r\n\r\n'
    parts.append(head.encode() + content + b"\r\n")
    mark = f"--{boundary}".encode()
    return f"multipart/form-data; boundary={boundary}", b"".join(mark + b"\r\n" + part for part in parts) + mark + b"--\r\n"


def if_given(name: str, value: str | int | None) -> dict[str, str | int]:
    """A field that may be left out on purpose."""
    return {} if value is None else {name: value}


def _refuse_unstated(content: object, path: str) -> None:
    if content is None:
        raise Unstated(f"{path or 'the request'} has no value")
    if isinstance(content, Mapping):
        for name, value in content.items():
            _refuse_unstated(value, f"{path}.{name}" if path else str(name))
