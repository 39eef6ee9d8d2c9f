"""The credentials that requests are signed with: from the environment, or from the container's agent and renewed before they end.

Times are the system's and not `paycorex.clock`'s: that one stands still in simulations, and credentials end there too.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from botocore.exceptions import BotoCoreError, CredentialRetrievalError, PartialCredentialsError

from paycorex import clock

RENEW_SECONDS: Final = 15 * 60
# From here on a failure to renew is the caller's.
MUST_RENEW_SECONDS: Final = 10 * 60
RETRY_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Credentials:
    """`ends_at`: seconds since the epoch; None for those that are not known to end."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    ends_at: float | None = None

    def __post_init__(self) -> None:
        """Raises CredentialRetrievalError for what cannot be in a header."""
        if not all(text.isascii() and text.isprintable() for text in (self.access_key, self.secret_key, self.token or "")):
            raise CredentialRetrievalError(provider="environment", error_msg="the credentials have characters that no header may have")


Source = Callable[[], Credentials]


class Provider:
    """Gives credentials that are good for a while; asks the source again in time. Safe for threads."""

    def __init__(self, source: Source, now: Callable[[], float] = clock.system_seconds) -> None:
        self._source = source
        self._now = now
        self._known: Credentials | None = None
        self._next_attempt = 0.0
        self._lock = threading.Lock()

    def current(self) -> Credentials:
        """Raises what the source raises: NoCredentialsError, PartialCredentialsError or CredentialRetrievalError."""
        known = self._known
        if known is not None and (known.ends_at is None or known.ends_at - self._now() > RENEW_SECONDS):
            return known
        with self._lock:
            return self._renewed(self._known)

    def replace(self, refused: Credentials) -> bool:
        """Ask the source again because a service calls these ended; True when there are others now."""
        with self._lock:
            if self._known == refused:
                self._known = self._source()
            return self._known != refused

    def _renewed(self, known: Credentials | None) -> Credentials:
        now = self._now()
        if known is not None:
            left = RENEW_SECONDS + 1 if known.ends_at is None else known.ends_at - now
            if left > RENEW_SECONDS or (left > MUST_RENEW_SECONDS and now < self._next_attempt):
                return known
        try:
            self._known = self._source()
        except BotoCoreError:
            if known is None or known.ends_at is None or known.ends_at - now <= MUST_RENEW_SECONDS:
                raise
            self._next_attempt = now + RETRY_SECONDS
            return known
        return self._known


def from_environment(environment: Mapping[str, str]) -> Credentials | None:
    """Those that Lambda sets; None when there are none. Raises PartialCredentialsError for a key id without its secret."""
    access_key = environment.get("AWS_ACCESS_KEY_ID")
    if not access_key:
        return None
    secret = environment.get("AWS_SECRET_ACCESS_KEY")
    if not secret:
        raise PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY")
    ends = environment.get("AWS_CREDENTIAL_EXPIRATION")
    return Credentials(access_key, secret, environment.get("AWS_SESSION_TOKEN") or None, parse_end(ends) if ends else None)


def parse_end(text: str) -> float:
    """Seconds since the epoch of an ISO 8601 moment with an offset. Raises CredentialRetrievalError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CredentialRetrievalError(provider="environment", error_msg="the end of the credentials is no moment") from error
    if moment.tzinfo is None:
        raise CredentialRetrievalError(provider="environment", error_msg="the end of the credentials has no offset")
    return moment.timestamp()
