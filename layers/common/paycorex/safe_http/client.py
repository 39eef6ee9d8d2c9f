"""Sends one request to the internet: check, resolve, connect, send, receive. Keeps nothing between calls: no cookies, no connections.

Redirects are not followed, proxies and .netrc are never read, nothing is decompressed. Safe to use from many threads.
"""

import time
from collections.abc import Mapping

from paycorex.safe_http.answer import Answer, receive
from paycorex.safe_http.connection import connect
from paycorex.safe_http.deadline import Deadline
from paycorex.safe_http.policy import Policy
from paycorex.safe_http.request import render, transmit
from paycorex.safe_http.resolution import resolve
from paycorex.safe_http.targets import parse_target


def send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    policy: Policy,
    timeout_seconds: float | None = None,
) -> Answer:
    """The receiver's answer, of any status.

    timeout_seconds: can only shorten the policy's total. Raises NotSent (Blocked, ConnectFailed, TlsFailed) when nothing left this
    process, OutcomeUnknown (Timeout, Interrupted) when the receiver may have acted; ValueError for a method or header that must not
    be sent. Returns or raises within the total, whatever the receiver does.
    """
    began = time.monotonic()
    total_seconds = policy.total_seconds if timeout_seconds is None else min(timeout_seconds, policy.total_seconds)
    deadline = Deadline(total_seconds)
    target = parse_target(url, policy)
    request = render(method, target, headers, body)
    connect_deadline = Deadline(min(policy.connect_seconds, total_seconds))
    addresses = resolve(target, policy, connect_deadline)
    connection, address = connect(target, addresses, policy, connect_deadline)
    with connection:
        transmit(connection, request, deadline)
        received = receive(connection, method, policy, deadline)
    return Answer(
        status=received.status,
        headers=received.headers,
        body=received.body,
        truncated=received.truncated,
        duration_ms=round((time.monotonic() - began) * 1000),
        address=address,
    )
