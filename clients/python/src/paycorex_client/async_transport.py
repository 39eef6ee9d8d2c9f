"""Calls over httpx, for asyncio and trio."""

from collections.abc import Mapping

import anyio
import httpx

from paycorex_client.answers import Content, Json
from paycorex_client.attempts import Attempts, Outcome, Policy, content_of, json_of, parsed
from paycorex_client.calls import Call


class AsyncTransport:
    """Sends calls and reads their answers."""

    def __init__(self, policy: Policy, http: httpx.AsyncClient) -> None:
        self._policy, self._http = policy, http

    async def answer[T](self, call: Call, answers: Mapping[int, type[T]]) -> T:
        """The object that a call answers. Raises PayCoreXError."""
        return parsed(await self._success(call), answers)

    async def json(self, call: Call) -> Json:
        """The JSON object that a call answers. Raises PayCoreXError."""
        return json_of(await self._success(call))

    async def content(self, call: Call) -> Content:
        """The file that a call answers. Raises PayCoreXError."""
        return content_of(await self._success(call))

    async def _success(self, call: Call) -> httpx.Response:
        attempts = Attempts(self._policy, call)
        while True:
            outcome = await self._once(attempts.request())
            pause = attempts.pause(outcome)
            if pause is None:
                return attempts.success(outcome)
            await anyio.sleep(pause)

    async def _once(self, request: httpx.Request) -> Outcome:
        try:
            return await self._http.send(request)
        except httpx.TransportError as error:
            return error
