"""Calls to a provider's HTTP API: every trouble on the way is one of two, by whether the provider may have acted on the request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from paycorex import safe_http, settings
from payments.connectors import documents
from payments.connectors.model import CredentialsRefused
from payments.connectors.results import Contradicts, Declined, Fault, Unavailable, Unknown

LOOKUP_SECONDS: Final = 5
# What a charge may take; with what comes before it, less than the request's own time.
CHARGE_SECONDS: Final = 10
# A page of a report: lines by the hundred, each with what it is about.
REPORT_SECONDS: Final = 20
REPORT_BYTES: Final = 2 * 1024 * 1024


class NotSent(Exception):
    """The provider did not act on the request: not reached, overloaded, or (NotAccepted) it does not accept our credentials.

    rest_seconds: how long it asked to be left alone.
    """

    def __init__(self, reason: str, rest_seconds: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.rest_seconds = rest_seconds


class NotAccepted(NotSent):
    """The provider does not accept the credentials, or what their account asks for: nothing that comes later mends it but other settings.

    code: `unauthorized` or `forbidden`.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"The provider answered {status}: it does not accept the credentials, or not for this.")
        self.code = "unauthorized" if status == 401 else "forbidden"


class OutcomeUnknown(Exception):
    """The provider may have acted on the request."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """An answer that means something: 2xx, or a refusal of what was asked."""

    status: int
    document: Any

    @property
    def is_success(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status < 300

    def body(self) -> Any:
        """The document of a question about what happened. Raises OutcomeUnknown: to refuse to tell is not to say that nothing did."""
        if not self.is_success:
            raise OutcomeUnknown(f"The provider answered {self.status}.")
        return self.document


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, timeout_seconds: int | None = None) -> ProviderResponse:
    """What the provider says, in JSON. Raises NotSent, OutcomeUnknown."""
    return _read(exchange(method, url, headers, body, timeout_seconds=timeout_seconds))


def _read(answer: safe_http.Answer) -> ProviderResponse:
    if answer.status == HTTPStatus.NO_CONTENT:
        # It has no content (RFC 9110 15.3.5).
        return ProviderResponse(answer.status, {})
    try:
        return ProviderResponse(answer.status, documents.parse(answer.body))
    except documents.Malformed as error:
        raise OutcomeUnknown("The provider's answer could not be read.") from error


def ask_report(url: str, headers: Mapping[str, str]) -> ProviderResponse:
    """A page of a report, which may be longer and take longer than another answer. Raises NotSent, OutcomeUnknown."""
    return _read(exchange("GET", url, headers, timeout_seconds=REPORT_SECONDS, max_bytes=REPORT_BYTES))


def exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    timeout_seconds: int | None = None,
    max_bytes: int | None = None,
) -> safe_http.Answer:
    """An answer that means something, in whatever form it is: 2xx, or a refusal of what was asked. Raises NotSent, OutcomeUnknown."""
    is_local = settings.current().stage == "local"
    policy = safe_http.Policy.local() if is_local else safe_http.Policy.public()
    policy = policy if max_bytes is None else replace(policy, max_body_bytes=max_bytes)
    try:
        answer = safe_http.send(method, url, headers, body, policy=policy, timeout_seconds=timeout_seconds or CHARGE_SECONDS)
    except safe_http.NotSent as trouble:
        raise NotSent(f"The provider could not be reached ({trouble.error_class}).") from trouble
    except safe_http.OutcomeUnknown as trouble:
        raise OutcomeUnknown(f"The provider did not answer ({trouble.error_class}).") from trouble
    _refuse_meaningless(answer)
    return answer


def _refuse_meaningless(answer: safe_http.Answer) -> None:
    if answer.status == 429:
        raise NotSent("The provider is rate limiting.", safe_http.retry_after_seconds(answer.headers))
    if answer.status in {401, 403}:
        raise NotAccepted(answer.status)
    if answer.status >= 500 or answer.status == 409 or answer.status < 200 or 300 <= answer.status < 400:
        # 409: the same idempotency key is being worked on.
        raise OutcomeUnknown(f"The provider answered {answer.status}.")
    if answer.truncated:
        raise OutcomeUnknown("The provider's answer was too long.")


def errors_as_results[**P, R](call: Callable[P, R]) -> Callable[P, R | Unavailable | Unknown | Contradicts]:
    """Errors of a call as results: what was not sent is Unavailable, what may have been carried out is Unknown."""

    @wraps(call)
    def guarded(*arguments: P.args, **named: P.kwargs) -> R | Unavailable | Unknown | Contradicts:
        try:
            return call(*arguments, **named)
        except NotAccepted as refused:
            # It is up, and leaving it alone for a while mends nothing: no matter for a circuit breaker.
            return Unavailable(refused.reason, is_theirs=False)
        except NotSent as trouble:
            return Unavailable(trouble.reason, rest_seconds=trouble.rest_seconds)
        except OutcomeUnknown as trouble:
            return Unknown(trouble.reason)
        except documents.Contradiction as contradiction:
            return contradiction.result
        except documents.Malformed:
            return Unknown("The provider's answer could not be read.")

    return guarded


def refusable[**P, R](call: Callable[P, R]) -> Callable[P, R | Declined]:
    """For what takes money: that the credentials are not accepted is an answer, and another provider may be asked.

    Not for a question about what happened, which may have been a success under credentials that were accepted then.
    """

    @wraps(call)
    def guarded(*arguments: P.args, **named: P.kwargs) -> R | Declined:
        try:
            return call(*arguments, **named)
        except NotAccepted as refused:
            return Declined(refused.code, refused.reason, retryable=True, fault=Fault.SETUP)

    return guarded


def no_money_moves[**P, R](call: Callable[P, R]) -> Callable[P, R | Unavailable]:
    """The same for calls that move no money: whatever the outcome of one, another provider may be asked."""

    @wraps(call)
    def guarded(*arguments: P.args, **named: P.kwargs) -> R | Unavailable:
        found = errors_as_results(call)(*arguments, **named)
        if isinstance(found, Contradicts):
            return Unavailable(found.detail)
        return Unavailable(found.reason) if isinstance(found, Unknown) else found

    return guarded


def check_credentials(method: str, url: str, headers: Mapping[str, str]) -> None:
    """A harmless call. Raises CredentialsRefused, ConnectionError."""
    is_local = settings.current().stage == "local"
    policy = safe_http.Policy.local() if is_local else safe_http.Policy.public()
    try:
        answer = safe_http.send(method, url, headers, b"", policy=policy, timeout_seconds=LOOKUP_SECONDS)
    except safe_http.SendError as trouble:
        raise ConnectionError(trouble.error_class) from trouble
    if answer.status in {401, 403}:
        raise CredentialsRefused(f"The provider answered {answer.status}.")
    if answer.status != 200:
        raise ConnectionError(f"status {answer.status}")


shown = documents.shown
