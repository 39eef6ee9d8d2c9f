"""What can go wrong in a call. `error_codes` has a class for each code of the contract."""

from collections.abc import Mapping
from typing import Any


class PayCoreXError(Exception):
    """Everything that this library raises on its own."""


class NotSigned(PayCoreXError):
    """The call needs an API key and a secret, and the client has none."""


class Unreachable(PayCoreXError):
    """No answer came in the time for retries, so the outcome is unknown.

    Make the same call again with `idempotency_key`: it has one effect, and is answered with the first outcome.
    """

    def __init__(self, message: str, *, idempotency_key: str | None) -> None:
        super().__init__(message)
        self.idempotency_key = idempotency_key


class UnreadableAnswer(PayCoreXError):
    """A success whose body is not what this version of the library reads. The call took effect; `body` is what came."""

    def __init__(self, message: str, *, status: int, body: Any) -> None:
        super().__init__(message)
        self.status, self.body = status, body


class WebhookRefused(PayCoreXError):
    """A webhook whose signature, time or body is not right. Answer it with 400, and do nothing with its content."""


class ApiError(PayCoreXError):
    """The API refused the call. The subclasses of `paycorex_client.error_codes` tell the codes apart.

    code: stable, of the contract. details: facts for programs. request_id: for support. retry_after: seconds, when the answer names them.
    """

    code: str = ""

    def __init__(self, status: int, error: Mapping[str, Any], *, retry_after: float | None, idempotency_key: str | None) -> None:
        self.status = status
        self.code = str(error.get("code") or type(self).code)
        self.message = str(error.get("message", ""))
        self.details: Mapping[str, Any] = error.get("details") or {}
        self.request_id = str(error.get("request_id", ""))
        self.doc_url = error.get("doc_url")
        self.retry_after, self.idempotency_key = retry_after, idempotency_key
        super().__init__(f"{self.code}: {self.message} (HTTP {status}, request {self.request_id})")
