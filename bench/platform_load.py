"""Clients of the local platform: wallet payments over HTTP, signed, each on a connection that stays; how long the answers took."""

import hashlib
import hmac
import http.client
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

PATIENCE_SECONDS: Final = 120


class NotAnswered(RuntimeError):
    """An answer that is not the one that was asked for; the message has its status and body."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is signed. key: the idempotency key, or nothing."""

    method: str
    path: str
    raw: bytes
    key: str


class Caller:
    """One client with a connection of its own, which signs with v2."""

    def __init__(self, base_url: str, api_key: str = "", secret: str = "") -> None:
        address = urlsplit(base_url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE_SECONDS)
        self._api_key, self._secret = api_key, secret.encode()

    def call(self, method: str, path: str, body: Any, *, key: str = "") -> Any:
        """The JSON answer. key: the idempotency key. Raises NotAnswered for anything but a 2xx, OSError without an answer."""
        raw = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **self._signed(Message(method, path, raw, key))} | (
            {"Idempotency-Key": key} if key else {}
        )
        self._connection.request(method, path, raw, headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status // 100 != 2:
            raise NotAnswered(f"{method} {path}: {response.status} {content[:300]!r}")
        return json.loads(content)

    def _signed(self, message: Message) -> dict[str, str]:
        if not self._api_key:
            return {}
        timestamp, nonce, digest = str(time.time_ns() // 1_000_000), secrets.token_hex(16), hashlib.sha256(message.raw).hexdigest()
        signed = f"PCX2\n{message.method}\n{message.path}\n\n{timestamp}\n{nonce}\n{message.key}\n{digest}"
        return {
            "X-API-Key": self._api_key,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Content-SHA256": digest,
            "X-Signature-Version": "2",
            "X-Signature": hmac.new(self._secret, signed.encode(), hashlib.sha256).hexdigest(),
        }


@dataclass
class Load:
    """What a load came to: seconds of each answered call, the calls that failed by their reason, and the time of the whole."""

    latencies: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answered calls a second."""
        return len(self.latencies) / self.seconds

    def at(self, share: float) -> float:
        """Seconds under which this share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def together(calls: Sequence[Iterable[Callable[[], Any]]]) -> Load:
    """Run each client's calls one after the other, all clients at once, beginning together."""
    load, lock, gate = Load(), threading.Lock(), threading.Barrier(len(calls) + 1)

    def client(own: Iterable[Callable[[], Any]]) -> None:
        gate.wait()
        for call in own:
            began = time.perf_counter()
            try:
                call()
            except (NotAnswered, OSError, http.client.HTTPException) as error:
                with lock:
                    load.failed[str(error)[:160]] += 1
                continue
            with lock:
                load.latencies.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client, args=(own,)) for own in calls]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - began
    return load
