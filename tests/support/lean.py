"""Lean clients of a server on this machine, whose waits are written down and not made."""

import ssl
from collections.abc import Callable
from typing import Any

from paycorex.aws_client import SERVICES, LeanClient, Limits
from paycorex.aws_client.connection import Pool
from paycorex.aws_client.credentials import Credentials, Provider
from paycorex.aws_client.endpoints import endpoint_of
from paycorex.aws_client.retries import Retries
from paycorex.aws_client.trust import Trust

KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token")
QUICK = Limits(connect_seconds=2, read_seconds=5, answer_seconds=10, sends=2)


_opened: list[Pool] = []


def close_all() -> None:
    """End the connections of all clients made here."""
    while _opened:
        _opened.pop().close()


class Lean:
    """A client, and what it waited between its sends. A test that makes some ends with `close_all`."""

    def __init__(
        self,
        url: str,
        service: str = "dynamodb",
        *,
        limits: Limits = QUICK,
        context: ssl.SSLContext | None = None,
        source: Callable[[], Credentials] = lambda: KEYS,
        now: Callable[[], float] | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.waits: list[float] = []
        known = {"AWS_REGION": "ap-south-1", "AWS_ENDPOINT_URL": url} | (environment or {})
        endpoint = endpoint_of(service, known)
        self.pool = Pool(endpoint, limits, None if context is None else Trust(context))
        _opened.append(self.pool)
        timed: Any = {} if now is None else {"now": now}
        self.client: Any = LeanClient(
            SERVICES[service],
            endpoint,
            pool=self.pool,
            credentials=Provider(source),
            # The longest wait each time.
            retries=Retries(limits.sends, SERVICES[service].backoff_seconds, 20, dice=lambda: 1.0),
            environment=known,
            sleep=self.waits.append,
            **timed,
        )
