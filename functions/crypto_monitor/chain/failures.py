"""What can be wrong with a node, by what the monitor should do about it."""


class NodeFailure(Exception):
    """This node is of no use for now. `problem` says why, without its URL, which may hold a key."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Unreachable(NodeFailure):
    """No answer, a refusal to answer (429, 5xx), or an answer that is no JSON-RPC."""


class WrongChain(NodeFailure):
    """The node serves another chain than its setting says."""


class RangeTooLarge(NodeFailure):
    """The node will not answer for so many blocks at once. Ask for fewer."""


class StateGone(NodeFailure):
    """The node has dropped the state of that block; it is not an archive node."""


class Disputed(Exception):
    """Two nodes contradict each other about a block. Nothing at or after it may be believed for now."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"block {number}: {problem}")
        self.number = number
        self.problem = problem
