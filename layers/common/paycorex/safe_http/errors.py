"""Why no answer came back, sorted by what a caller may do next: try again elsewhere, or first find out what happened.

`NotSent`: not one byte of the request left, so another receiver may be tried. `OutcomeUnknown`: the receiver may have acted on the
request, so for money only the same receiver may be asked again, with the same idempotency key. Messages never repeat a URL's path.
"""

from typing import ClassVar


class SendError(Exception):
    """A request that got no usable answer. `error_class` is the stable word for logs and the delivery list."""

    error_class: ClassVar[str] = "failed"


class NotSent(SendError):
    """The request did not leave this process."""


class Blocked(NotSent):
    """The target is not one PayCoreX may talk to. `reason` is for people and safe to show to the merchant."""

    error_class = "blocked"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BlockedTarget(Blocked):
    """The URL itself is refused, before any name is looked up."""


class BlockedAddress(Blocked):
    """The name leads to at least one address outside the public internet."""


class ConnectFailed(NotSent):
    """No connection: refused, unreachable, or reset before it was ready."""

    error_class = "connect_failed"


class ResolveFailed(ConnectFailed):
    """The name has no address."""

    error_class = "dns_failed"


class ConnectTimedOut(ConnectFailed):
    """Looking up, connecting and shaking hands took longer than the policy's `connect_seconds`."""

    error_class = "connect_timeout"


class TlsFailed(NotSent):
    """The receiver could not prove, in TLS 1.2 or later, that it is the named host."""

    error_class = "tls_failed"


class OutcomeUnknown(SendError):
    """The request may have been received. `status` is the answer's, where at least its head had arrived in full, else None."""

    error_class = "unknown"

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Timeout(OutcomeUnknown):
    """The wall clock ran out while sending or while the answer was still arriving."""

    error_class = "timeout"


class Interrupted(OutcomeUnknown):
    """The connection ended before the answer did."""

    error_class = "interrupted"


class BadAnswer(Interrupted):
    """What came back is not HTTP, or its head or framing is larger than the policy allows."""

    error_class = "bad_answer"
