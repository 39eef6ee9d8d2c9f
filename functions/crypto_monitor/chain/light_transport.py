"""The light transport: JSON-RPC over urllib3, for the status route, whose cold start cannot afford web3 (see docs/decisions)."""

import json
from collections.abc import Sequence
from typing import Any, Final

import urllib3

from crypto_monitor.chain import answers
from crypto_monitor.chain.failures import Unreachable
from crypto_monitor.chain.replies import Call, Reply, batch_of, in_order

_HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}


class LightTransport:
    """One node. Its URL is an operator's setting and may hold a key, so it is in no message and no repr."""

    def __init__(self, url: str) -> None:
        self.calls = 0
        self.posts = 0
        self._url: Final = url
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=2, retries=False, headers=_HEADERS)

    def post(self, calls: Sequence[Call], timeout_seconds: float) -> list[Reply]:
        """The replies in the order of the calls. Raises NodeFailure."""
        self.calls += len(calls)
        self.posts += 1
        return in_order(calls, self._exchange(json.dumps(batch_of(calls)).encode(), timeout_seconds))

    def _exchange(self, body: bytes, timeout_seconds: float) -> Any:
        timeout = urllib3.Timeout(connect=min(2.0, timeout_seconds), read=timeout_seconds)
        try:
            with self._pool.request("POST", self._url, body=body, timeout=timeout, preload_content=False, redirect=False) as response:
                return answers.read(response, response.headers, timeout_seconds)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(type(error).__name__) from None
