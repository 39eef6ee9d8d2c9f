"""JSON-RPC 2.0: calls, replies, and what the many texts of errors mean."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from crypto_monitor.chain.failures import NodeFailure, RangeTooLarge, StateGone, Unreachable

Call = tuple[str, list[Any]]
Reply = Mapping[str, Any]

# Providers agree on no code for "too many blocks or logs": these are parts of the texts of geth, Erigon, Infura, Alchemy, QuickNode,
# Ankr, BSC's public nodes and anvil.
_TOO_LARGE: Final = (
    "range",
    "too many",
    "more than",
    "limit exceeded",
    "response size",
    "response too large",
    "query timeout",
    "exceeds max",
)
_STATE_GONE: Final = (
    "missing trie node",
    "state is not available",
    "historical state",
    "pruned",
    "state already",
    "no state available",
    "state unavailable",
)
_RATE_LIMITED: Final = frozenset({429, -32005, -32029})


class Transport(Protocol):
    """Carries calls to one node. Counts them, so that tests and benchmarks can say what a tick costs."""

    calls: int
    posts: int

    def post(self, calls: Sequence[Call], timeout_seconds: float) -> list[Reply]:
        """The replies in the order of the calls. Raises Unreachable."""
        ...


def result_of(reply: Reply) -> Any:
    """The result. Raises RangeTooLarge, StateGone or Unreachable for errors."""
    error = reply.get("error")
    if error is None:
        if "result" not in reply:
            raise Unreachable("a reply has neither result nor error")
        return reply["result"]
    raise failure_of(error)


def failure_of(error: Any) -> NodeFailure:
    """What an error object means."""
    code, message = (error.get("code"), str(error.get("message", "")).lower()) if isinstance(error, Mapping) else (None, str(error))
    if any(text in message for text in _STATE_GONE):
        return StateGone("state of an old block is gone")
    if any(text in message for text in _TOO_LARGE) and "rate" not in message:
        return RangeTooLarge(f"refused with code {code}")
    if code in _RATE_LIMITED:
        return Unreachable("rate limited")
    return Unreachable(f"error {code}")


def in_order(calls: Sequence[Call], answer: Any) -> list[Reply]:
    """A batch's replies by the calls' ids (0, 1, ...). Raises Unreachable when one is missing: half an answer is none."""
    if isinstance(answer, Mapping):
        raise failure_of(answer.get("error") or {})
    if not isinstance(answer, list):
        raise Unreachable("a batch was answered by something else")
    by_id = {reply.get("id"): reply for reply in answer if isinstance(reply, Mapping)}
    try:
        return [by_id[index] for index in range(len(calls))]
    except KeyError as error:
        raise Unreachable("a reply of a batch is missing") from error
