"""What can be wrong with a node, by what the monitor should do about it."""


class NodeFailure(Exception):
    """This node is of no use for now. `problem` says why, without its URL, which may hold a key."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Unreachable(NodeFailure):
    """No answer (a time-out, 5xx, a refused key), or an answer that is no JSON-RPC."""


class RateLimited(NodeFailure):
    """The node was asked too often. Ask another one, and this one not before `rest_seconds` are over."""

    def __init__(self, rest_seconds: int) -> None:
        super().__init__("rate limited")
        self.rest_seconds = rest_seconds


class Narrower(NodeFailure):
    """The node did not answer this question; a smaller one it may. Ask for fewer blocks; where there is only one, ask another node."""


class RangeTooLarge(Narrower):
    """The node says that it will not answer for so many blocks, logs or bytes at once."""


class Refused(Narrower):
    """An error that is not known here. It may be about the size of the question, and it may not."""


class WrongChain(NodeFailure):
    """The node serves another chain than its setting says."""


class StateGone(NodeFailure):
    """The node has dropped the state of that block; it is not an archive node."""


class Disputed(Exception):
    """Two nodes contradict each other about a block. Nothing at or after it may be believed for now."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"block {number}: {problem}")
        self.number = number
        self.problem = problem
