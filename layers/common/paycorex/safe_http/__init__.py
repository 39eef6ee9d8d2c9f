"""The only HTTP client for the internet, for webhooks and connectors alike.

`send` makes one request under a `Policy`; `parse_target` refuses a URL early, when it is registered. What a target may be is in
`targets`, which addresses are public in `addresses`, what a caller does after a failure in `errors`.
"""

from paycorex.safe_http.answer import Answer
from paycorex.safe_http.client import send
from paycorex.safe_http.errors import (
    BadAnswer,
    Blocked,
    BlockedAddress,
    BlockedTarget,
    ConnectFailed,
    ConnectTimedOut,
    Interrupted,
    NotSent,
    OutcomeUnknown,
    ResolveFailed,
    SendError,
    Timeout,
    TlsFailed,
)
from paycorex.safe_http.policy import Policy
from paycorex.safe_http.retry_after import retry_after_seconds
from paycorex.safe_http.targets import Target, parse_target

__all__ = [
    "Answer",
    "BadAnswer",
    "Blocked",
    "BlockedAddress",
    "BlockedTarget",
    "ConnectFailed",
    "ConnectTimedOut",
    "Interrupted",
    "NotSent",
    "OutcomeUnknown",
    "Policy",
    "ResolveFailed",
    "SendError",
    "Target",
    "Timeout",
    "TlsFailed",
    "parse_target",
    "retry_after_seconds",
    "send",
]
