"""What a connector sends: forms and JSON in which every field has a value, because a provider reads meaning into one that is left out."""

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


def if_given(name: str, value: str | int | None) -> dict[str, str | int]:
    """A field that may be left out on purpose."""
    return {} if value is None else {name: value}


def _refuse_unstated(content: object, path: str) -> None:
    if content is None:
        raise Unstated(f"{path or 'the request'} has no value")
    if isinstance(content, Mapping):
        for name, value in content.items():
            _refuse_unstated(value, f"{path}.{name}" if path else str(name))
