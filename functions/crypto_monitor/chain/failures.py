"""Failures of a node, by what the monitor should do next."""


class NodeFailure(Exception):
    """This node cannot be used in this tick. `problem` says why, without the node's URL, which may contain a key."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Unreachable(NodeFailure):
    """No answer (a time-out, 5xx, a refused key), or an answer that is no JSON-RPC."""


class RateLimited(NodeFailure):
    """The node's rate limit was reached. Use another node; do not call this one for `rest_seconds`."""

    def __init__(self, rest_seconds: int) -> None:
        super().__init__("rate limited")
        self.rest_seconds = rest_seconds


class Narrower(NodeFailure):
    """The node refused this request and may accept a smaller one. Ask for fewer blocks; with only one block, use another node."""


class RangeTooLarge(Narrower):
    """The node refuses so many blocks, logs or bytes in one request."""


class Refused(Narrower):
    """An unknown error. It may or may not concern the size of the request."""


class WrongChain(NodeFailure):
    """The node serves another chain than the one it is configured for."""


class StateGone(NodeFailure):
    """The node no longer has the state of that block: it is not an archive node."""


class Disputed(Exception):
    """Two nodes contradict each other about a block. The scan must not pass it."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"block {number}: {problem}")
        self.number = number
        self.problem = problem
