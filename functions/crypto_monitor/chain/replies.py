"""JSON-RPC 2.0: calls and replies."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from crypto_monitor.chain.failures import Unreachable
from crypto_monitor.chain.refusals import failure_of

Call = tuple[str, list[Any]]
Reply = Mapping[str, Any]
VERSION: Final = "2.0"


class Transport(Protocol):
    """Carries calls to one node. Counts them, so that tests and benchmarks can say what a tick costs."""

    calls: int
    posts: int

    def post(self, calls: Sequence[Call], timeout_seconds: float) -> list[Reply]:
        """The replies in the order of the calls. Raises NodeFailure."""
        ...


def batch_of(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """The calls as a batch, with the ids 0, 1, ..."""
    return [{"jsonrpc": VERSION, "id": index, "method": method, "params": params} for index, (method, params) in enumerate(calls)]


def result_of(reply: Reply) -> Any:
    """The result. Raises NodeFailure for errors."""
    error = reply.get("error")
    if error is None:
        if "result" not in reply:
            raise Unreachable("a reply has neither result nor error")
        return reply["result"]
    raise failure_of(error)


def in_order(calls: Sequence[Call], answer: Any) -> list[Reply]:
    """A batch's replies by the calls' ids (0, 1, ...). Raises Unreachable when one is missing: half an answer is none."""
    if isinstance(answer, Mapping):
        raise failure_of(answer.get("error"))
    if not isinstance(answer, list):
        raise Unreachable("a batch was answered by something else")
    by_id: dict[int, Reply] = {}
    for reply in answer:
        identity = reply.get("id") if isinstance(reply, Mapping) else None
        if isinstance(identity, int) and not isinstance(identity, bool):
            by_id.setdefault(identity, reply)
    try:
        return [by_id[index] for index in range(len(calls))]
    except KeyError as error:
        raise Unreachable("a reply of a batch is missing") from error
