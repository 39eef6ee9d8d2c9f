"""The attempts of one call: when to try again, and what the last outcome means. The same for both kinds of client; it opens no connection.

A call is tried again when its outcome is unknown or the server asks for it, always under the same Idempotency-Key, so that it has one
effect. No attempt begins later than `retry_for` seconds after the first.
"""

import email.utils
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from paycorex_client.answers import Content, Json
from paycorex_client.calls import Call, Credentials, idempotency_key, prepare
from paycorex_client.error_codes import BY_CODE
from paycorex_client.errors import ApiError, Unreachable, UnreadableAnswer

_RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})
_RETRIED_CODES = frozenset({"request_in_progress"})
# A wrong address or header: no later attempt is any better.
_OWN_MISTAKES = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.25, 8.0
Outcome = httpx.Response | httpx.TransportError


@dataclass(frozen=True, slots=True)
class Policy:
    """Where calls go, as whom, and how long they may take. timeout: of one attempt; retry_for: from the first attempt to the last one."""

    base_url: str
    credentials: Credentials | None
    timeout: float
    retry_for: float


class Attempts:
    """The attempts of one call. Ask `request`, send it, then ask `pause`: seconds to wait before the next attempt, None after the last."""

    def __init__(self, policy: Policy, call: Call) -> None:
        self._policy, self._call = policy, call
        self._key = idempotency_key(call)
        self._ends = time.monotonic() + policy.retry_for
        self._pause = _FIRST_PAUSE_SECONDS

    def request(self) -> httpx.Request:
        """The next attempt's request, signed at this moment."""
        sent = prepare(self._call, self._policy.credentials, self._key)
        timeout = self._policy.timeout if self._call.timeout is None else self._call.timeout
        return httpx.Request(
            sent.method,
            self._policy.base_url + sent.target,
            headers=dict(sent.headers),
            content=sent.body or None,
            extensions={"timeout": httpx.Timeout(timeout).as_dict()},
        )

    def pause(self, outcome: Outcome) -> float | None:
        """Seconds until the next attempt; None when this outcome stays."""
        if not self._may_change(outcome):
            return None
        asked = _retry_after(outcome) if isinstance(outcome, httpx.Response) else None
        # Spread, so that clients who were cut off together do not come back together.
        pause = asked if asked is not None else random.uniform(self._pause / 2, self._pause)  # noqa: S311 - no secret
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        return pause if time.monotonic() + pause <= self._ends else None

    def _may_change(self, outcome: Outcome) -> bool:
        if not isinstance(outcome, httpx.Response):
            return not isinstance(outcome, _OWN_MISTAKES)
        return outcome.status_code in _RETRIED_STATUSES or (outcome.status_code == 409 and _error(outcome).get("code") in _RETRIED_CODES)

    def success(self, outcome: Outcome) -> httpx.Response:
        """The answer, if it is one. Raises Unreachable, or the ApiError of the answer's code."""
        if not isinstance(outcome, httpx.Response):
            what = f"{self._call.method} {self._call.path}"
            raise Unreachable(f"{what}: {type(outcome).__name__}: {outcome}", idempotency_key=self._key) from outcome
        if outcome.is_success:
            return outcome
        error = _error(outcome)
        kind = BY_CODE.get(str(error.get("code")), ApiError)
        raise kind(outcome.status_code, error, retry_after=_retry_after(outcome), idempotency_key=self._key)


def parsed[T](response: httpx.Response, answers: Mapping[int, type[T]]) -> T:
    """The object of a success, by its status. Raises UnreadableAnswer."""
    body = json_of(response)
    kind = answers.get(response.status_code) or next(iter(answers.values()))
    return object_of(body, kind, response.status_code)


def object_of[T](body: Any, kind: type[T], status: int) -> T:
    """An object of the contract. Raises UnreadableAnswer."""
    try:
        return TypeAdapter(kind).validate_python(body)
    except ValidationError as error:
        raise UnreadableAnswer(f"the answer is no {kind.__name__}: {error}", status=status, body=body) from error


def json_of(response: httpx.Response) -> Json:
    """The JSON object of a success. Raises UnreadableAnswer."""
    try:
        body = response.json()
    except ValueError as error:
        raise UnreadableAnswer("the answer is no JSON", status=response.status_code, body=response.text) from error
    if not isinstance(body, dict):
        raise UnreadableAnswer("the answer is no JSON object", status=response.status_code, body=body)
    return body


def content_of(response: httpx.Response) -> Content:
    """The file of a success."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Content(headers.get("content-type", "").partition(";")[0].strip(), response.content, headers)


def _error(response: httpx.Response) -> Mapping[str, Any]:
    """The contract's error, or what a proxy in between said."""
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        error = None
    return error if isinstance(error, dict) else {"message": response.text[:500]}


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of `Retry-After` (RFC 9110, 10.2.3), a number or a date."""
    given = response.headers.get("retry-after", "")
    if given.isdecimal():
        return float(given)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(given).timestamp() - time.time())
    except ValueError:
        return None
