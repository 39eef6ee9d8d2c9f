"""The set of a network's nodes in one tick. One is the reader, the others are witnesses; a failing node is left out of the tick."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto_monitor.chain.failures import NodeFailure, RateLimited, WrongChain
from crypto_monitor.chain.node import Node, NodeStatus
from paycorex import clock, redaction
from paycorex.evm.networks import Network

logger: Final = redaction.logger("crypto_scanner")

# A node this far behind the newest head is stale, and does not read.
MAX_LAG_MS: Final = 60_000
# A node whose `finalized` is this far behind another's does not follow finality.
MAX_FINALITY_LAG_MS: Final = 1_800_000
# How many nodes must agree before money is credited; one, when only one is configured.
QUORUM: Final = 2


def is_stale(network: Network, head: int, newest: int) -> bool:
    """True when a node with this head is so far behind the newest one that it has stopped following the chain."""
    return head < newest - max(MAX_LAG_MS // network.block_ms, 2)


@dataclass(slots=True)
class NodeSet:
    """The nodes that responded, with their status. failures: `node: problem` of those that did not.

    rests: until when a rate-limited node is not called, by its label, in milliseconds since the epoch; the caller keeps it between ticks.
    """

    network: Network
    configured: int
    live: dict[Node, NodeStatus]
    failures: list[str] = field(default_factory=list)
    rests: dict[str, int] = field(default_factory=dict)

    @classmethod
    def connect(
        cls, network: Network, nodes: Sequence[Node], verify: Callable[[Node], None], rests: dict[str, int] | None = None
    ) -> "NodeSet":
        """Read the status of every node that does not rest; `verify` may refuse one at its first connection. Two posts a node at most."""
        node_set = cls(network, len(nodes), {}, rests={} if rests is None else rests)
        for node in nodes:
            if clock.now_ms() < node_set.rests.get(node.label, 0):
                node_set.failures.append(f"{node.label}: rate limited, and resting")
                continue
            try:
                verify(node)
                node_set.live[node] = node.status()
            except NodeFailure as failure:
                node_set.drop(node, failure)
        return node_set

    @property
    def quorum(self) -> int:
        """How many nodes must agree before money is credited."""
        return min(QUORUM, self.configured)

    @property
    def head(self) -> int:
        """The number of the newest block that the reader has and a witness can confirm; the reader's own where every witness is stale."""
        reader = self.reader
        confirmed = [status.head.number for node, status in self._fresh().items() if node is not reader]
        return min([self.live[reader].head.number, *([max(confirmed)] if confirmed else [])])

    @property
    def reader(self) -> Node:
        """The first node that is not stale. Raises LookupError when there is none."""
        for node in self._fresh():
            return node
        raise LookupError("no node answers")

    @property
    def confirmer_count(self) -> int:
        """How many nodes can confirm: they are not stale and, where the network has finality, follow it."""
        fresh = self._fresh().values()
        if not self.network.finalized:
            return len(fresh)
        known = [status.finalized for status in fresh if status.finalized is not None]
        lag = max(MAX_FINALITY_LAG_MS // self.network.block_ms, 2)
        return sum(number >= max(known) - lag for number in known)

    @property
    def witnesses(self) -> list[Node]:
        """Every other live node."""
        reader = self.reader
        return [node for node in self.live if node is not reader]

    def _fresh(self) -> dict[Node, NodeStatus]:
        newest = max((status.head.number for status in self.live.values()), default=0)
        return {node: status for node, status in self.live.items() if not is_stale(self.network, status.head.number, newest)}

    def drop(self, node: Node, failure: NodeFailure) -> None:
        """Leave a node out of this tick."""
        self.live.pop(node, None)
        if isinstance(failure, RateLimited):
            self.rests[node.label] = clock.now_ms() + failure.rest_seconds * 1_000
        self.failures.append(f"{node.label}: {failure.problem}")
        log = logger.error if isinstance(failure, WrongChain) else logger.warning
        log("node left out", extra={"network": self.network.name, "node": node.label, "problem": failure.problem})
