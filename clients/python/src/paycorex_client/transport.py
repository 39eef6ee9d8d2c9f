"""Calls over httpx, one after another."""

import time
from collections.abc import Mapping

import httpx

from paycorex_client.answers import Content, Json
from paycorex_client.attempts import Attempts, Outcome, Policy, content_of, json_of, parsed
from paycorex_client.calls import Call


class Transport:
    """Sends calls and reads their answers. Safe to share between threads, as httpx's client is."""

    def __init__(self, policy: Policy, http: httpx.Client) -> None:
        self._policy, self._http = policy, http

    def answer[T](self, call: Call, answers: Mapping[int, type[T]]) -> T:
        """The object that a call answers. Raises PayCoreXError."""
        return parsed(self._success(call), answers)

    def json(self, call: Call) -> Json:
        """The JSON object that a call answers. Raises PayCoreXError."""
        return json_of(self._success(call))

    def content(self, call: Call) -> Content:
        """The file that a call answers. Raises PayCoreXError."""
        return content_of(self._success(call))

    def _success(self, call: Call) -> httpx.Response:
        attempts = Attempts(self._policy, call)
        while True:
            outcome = self._once(attempts.request())
            pause = attempts.pause(outcome)
            if pause is None:
                return attempts.success(outcome)
            time.sleep(pause)

    def _once(self, request: httpx.Request) -> Outcome:
        try:
            return self._http.send(request)
        except httpx.TransportError as error:
            return error
