"""A merchant's client, as one writes it from the documentation: signs with v2 and sends."""

import hashlib
import hmac
import json
import secrets
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
        """The JSON answer. Raises Refused, or OSError without an answer."""
        raw = b"" if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if self.api_key:
            headers |= self._signed(method, path, raw)
        request = urllib.request.Request(self.base_url + path, raw or None, headers, method=method)  # noqa: S310 - our own loopback address
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_seconds) as response:  # noqa: S310
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise Refused(method, path, error.code, error.read().decode(errors="replace")) from error

    def _signed(self, method: str, target: str, raw: bytes) -> dict[str, str]:
        path, _, query = target.partition("?")
        timestamp, nonce, digest = str(time.time_ns() // 1_000_000), secrets.token_hex(16), hashlib.sha256(raw).hexdigest()
        message = f"PCX2\n{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n\n{digest}"
        return {
            "X-API-Key": self.api_key,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Content-SHA256": digest,
            "X-Signature-Version": "2",
            "X-Signature": hmac.new(self.secret.encode(), message.encode(), hashlib.sha256).hexdigest(),
        }
