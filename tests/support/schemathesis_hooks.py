"""Hooks of Schemathesis (SCHEMATHESIS_HOOKS): how requests are signed, and which operations it must not try."""

import os
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import GenerationMode, auth
from schemathesis.core.parameters import ParameterLocation

from tests.support.world import Signer


class Signed(AuthBase):
    """Signs what is about to be sent, as it will be sent."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request with its v2 headers."""
        who = Signer(os.environ["CONTRACT_API_KEY"], os.environ["CONTRACT_SECRET"])
        parts = urlsplit(str(request.url))
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        body = request.body or b""
        key = request.headers.get("Idempotency-Key")
        headers = who.v2(
            str(request.method),
            target,
            body.encode() if isinstance(body, str) else body,
            key=key.decode("latin-1") if isinstance(key, bytes) else key,
        )
        request.headers.update(headers)
        return request


auth.set_from_requests(Signed())  # type: ignore[attr-defined]  # a method that the function carries at run time


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """Not what leaves signature headers out: they would be put back. (`ignored_auth` sends without any.)"""
    headers = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return headers is None or headers.mode is not GenerationMode.NEGATIVE
