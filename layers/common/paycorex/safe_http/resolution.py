"""Turns a target into the addresses that may be connected to: asked once, all answers checked, none asked for again.

One blocked address refuses the name. A name with a public and a private address is either an attack (the connection falls over to
the private one) or a mistake, and both are refused.
"""

import queue
import threading
from collections.abc import Sequence
from typing import Final

from paycorex.safe_http.addresses import blocked_because, read_address
from paycorex.safe_http.deadline import Deadline
from paycorex.safe_http.errors import BlockedAddress, ConnectTimedOut, ResolveFailed
from paycorex.safe_http.policy import Policy
from paycorex.safe_http.targets import Target

# Never asked of a resolver: a hosts file can lead `localhost` anywhere.
_LOOPBACK_ADDRESSES: Final = {"127.0.0.1": ("127.0.0.1",), "::1": ("::1",), "localhost": ("127.0.0.1", "::1")}


def resolve(target: Target, policy: Policy, deadline: Deadline) -> tuple[str, ...]:
    """The target's addresses in canonical notation, at least one. Raises BlockedAddress, ResolveFailed, ConnectTimedOut."""
    if target.loopback:
        return _LOOPBACK_ADDRESSES[target.host]
    answers = _ask(target, policy, deadline)
    if not answers:
        raise ResolveFailed("the name has no address")
    return tuple(_check(answer) for answer in answers)


def _check(answer: str) -> str:
    address = read_address(answer)
    if address is None:
        raise BlockedAddress("the name leads to something that is not an address")
    reason = blocked_because(address)
    if reason is not None:
        raise BlockedAddress(f"the name leads to an address outside the public internet ({reason})")
    return str(address)


def _ask(target: Target, policy: Policy, deadline: Deadline) -> Sequence[str]:
    """The resolver's answers. On a thread of its own: getaddrinfo takes no timeout, and a name server may take its time."""
    outcome: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            outcome.put(policy.resolver(target.host, target.port))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised in the caller's thread
            outcome.put(error)

    threading.Thread(target=ask, name="safe_http-resolve", daemon=True).start()
    try:
        answers = outcome.get(timeout=deadline.remaining_seconds())
    except (queue.Empty, TimeoutError) as error:
        raise ConnectTimedOut("the name was not resolved in time") from error
    if isinstance(answers, OSError):
        raise ResolveFailed("the name does not resolve") from answers
    if isinstance(answers, Exception):
        raise answers
    return answers
