"""A merchant's client, as anybody would write one from the documentation: signs with v1 and sends."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any


class Refused(RuntimeError):
    """An answer that is not a 2xx."""

    def __init__(self, method: str, path: str, status: int, body: str) -> None:
        super().__init__(f"{method} {path} was answered with {status}: {body[:500]}")
        self.status = status


@dataclass(frozen=True, slots=True, repr=False)
class Client:
    """Calls the API at `base_url`, signed when there are credentials."""

    base_url: str
    api_key: str = ""
    secret: str = ""
    timeout_seconds: float = 30

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer. Raises Refused, or OSError when nobody answers."""
        raw = b"" if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if self.api_key:
            timestamp = str(int(time.time()))
            signature = hmac.new(self.secret.encode(), timestamp.encode() + raw, hashlib.sha256).hexdigest()
            headers |= {"X-API-Key": self.api_key, "X-Timestamp": timestamp, "X-Signature": signature}
        request = urllib.request.Request(self.base_url + path, raw or None, headers, method=method)  # noqa: S310 - our own loopback address
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_seconds) as response:  # noqa: S310
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise Refused(method, path, error.code, error.read().decode(errors="replace")) from error
