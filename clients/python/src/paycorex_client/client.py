"""The two clients: `PayCoreX`, and `AsyncPayCoreX` for asyncio and trio."""

from types import TracebackType
from typing import Self

import httpx

from paycorex_client.async_transport import AsyncTransport
from paycorex_client.attempts import Policy
from paycorex_client.calls import Credentials
from paycorex_client.resources import AsyncResources, Resources
from paycorex_client.transport import Transport

TIMEOUT_SECONDS = 30.0
RETRY_FOR_SECONDS = 60.0


class PayCoreX(Resources):
    """A merchant's client. Use it as a context manager, or close it; one client serves a whole program.

    base_url: where the API is, such as https://pay.example.com or http://127.0.0.1:8080; a stage or base path belongs to it.
    timeout: seconds for one attempt. retry_for: seconds in which a call whose outcome is unknown, or that the server asks to repeat, is
    tried again; 0 turns retries off. http: an httpx.Client of your own, for a proxy or certificates; it is not closed here.
    """

    def __init__(
        self,
        api_key: str | None = None,
        secret: str | None = None,
        *,
        base_url: str,
        timeout: float = TIMEOUT_SECONDS,
        retry_for: float = RETRY_FOR_SECONDS,
        http: httpx.Client | None = None,
    ) -> None:
        self._http, self._own = http or httpx.Client(), http is None
        super().__init__(Transport(_policy(api_key, secret, base_url, timeout, retry_for), self._http))

    def close(self) -> None:
        """Close the connections."""
        if self._own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class AsyncPayCoreX(AsyncResources):
    """As `PayCoreX`, with `await` and `async for`."""

    def __init__(
        self,
        api_key: str | None = None,
        secret: str | None = None,
        *,
        base_url: str,
        timeout: float = TIMEOUT_SECONDS,
        retry_for: float = RETRY_FOR_SECONDS,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._http, self._own = http or httpx.AsyncClient(), http is None
        super().__init__(AsyncTransport(_policy(api_key, secret, base_url, timeout, retry_for), self._http))

    async def close(self) -> None:
        """Close the connections."""
        if self._own:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()


def _policy(api_key: str | None, secret: str | None, base_url: str, timeout: float, retry_for: float) -> Policy:
    if (api_key is None) != (secret is None):
        raise ValueError("api_key and secret are given together")
    credentials = None if api_key is None or secret is None else Credentials(api_key, secret)
    return Policy(base_url.rstrip("/"), credentials, timeout, retry_for)
