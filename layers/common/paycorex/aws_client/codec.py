"""Requests to JSON and answers from it. Binary values are base64 on the wire and bytes inside, as with botocore."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from paycorex.aws_client.services import Service

# What an answer with a binary attribute value has in it; without them it needs no second look.
_BINARY_MARKS: Final = (b'"B"', b'"BS"')


def encode(request: Mapping[str, Any]) -> bytes:
    """The body of a request. Raises TypeError for a value that the protocol has no form for."""
    return _ENCODER.encode(request).encode()


def decode(service: Service, body: bytes) -> dict[str, Any]:
    """The members of an answer. Raises ValueError for a body that is none."""
    if not body:
        return {}
    is_binary = service.has_items and any(mark in body for mark in _BINARY_MARKS)
    answer = json.loads(body, object_hook=_with_bytes) if is_binary else json.loads(body)
    if not isinstance(answer, dict):
        msg = "an answer is an object"
        raise ValueError(msg)  # noqa: TRY004 - what is wrong is the answer's text
    for name in service.blobs & answer.keys():
        answer[name] = b64decode(answer[name], validate=True)
    return answer


def _with_bytes(found: dict[str, Any]) -> dict[str, Any]:
    """One object of an answer. Only an attribute value has `B` with a text or `BS` with a list: an attribute of that name has an object."""
    if len(found) != 1 or ("B" not in found and "BS" not in found):
        return found
    if isinstance(value := found.get("B"), str):
        return {"B": b64decode(value, validate=True)}
    if isinstance(values := found.get("BS"), list):
        return {"BS": [b64decode(value, validate=True) for value in values]}
    return found


def _wire(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode()
    if isinstance(value, Mapping):
        return dict(value)
    msg = f"{type(value).__name__} has no form in JSON"
    raise TypeError(msg)


_ENCODER: Final = json.JSONEncoder(default=_wire, separators=(",", ":"), allow_nan=False)
