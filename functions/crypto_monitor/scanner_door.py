"""Door of the scanner: EventBridge Scheduler calls it every minute for each network, possibly twice, late, or not at all.

Input: `{"network": "ethereum"}`. One tick at a time holds the network's lease; another one ends at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from crypto_monitor.chain import node_addresses
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.chain.replies import Transport
from crypto_monitor.chain.web3_transport import Web3Transport
from crypto_monitor.scanner import tick as scanner
from crypto_monitor.scanner import transfer_guard
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores.cursors import CursorItem
from paycorex import aws, caching, clock, ids, redaction
from paycorex.evm import networks
from paycorex.evm.networks import Network

logger: Final = redaction.logger("crypto_scanner")
redaction.guard_root()

# A lease lasts this much longer than its tick, because clocks differ; a killed tick delays the next by no more than this and its own time.
LEASE_SPARE_MS: Final = 2_000
NODE_TIMEOUT_SECONDS: Final = 8.0
MIN_TIMEOUT_SECONDS: Final = 0.3
# Connecting to all nodes takes at most one in so many parts of a tick, however many nodes do not answer.
CONNECT_PART: Final = 3

_nodes: dict[tuple[str, str], Node] = {}
_rests: dict[str, int] = {}
_verified: set[str] = set()


class Context(Protocol):
    """What the handler uses of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int:
        """How long this invocation may still take."""
        ...


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """One tick. Raises MonitorStalled from the third failure in a row on, and at once when the nodes' addresses cannot be read."""
    network = networks.named(str(event.get("network")))
    urls = node_addresses.of(network.name)
    if not urls:
        return {"network": network.name, "skipped": "the network is not followed"}
    remaining = context.get_remaining_time_in_millis
    cursor = cursor_store.acquire(network.name, ids.new("att"), until_ms=clock.now_ms() + remaining() + LEASE_SPARE_MS)
    if cursor is None:
        return {"network": network.name, "skipped": "another tick holds the lease"}
    try:
        report = scanner.tick(_node_set(network, urls, remaining), cursor, remaining)
        failed = _end(cursor, problem=report.problem)
    except cursor_store.LeaseLost:
        return {"network": network.name, "skipped": "the lease was lost"}
    log = logger.warning if report.problem else logger.info
    log("tick", extra=asdict(report))
    if failed >= scanner.ALARM_AFTER_TICKS:
        raise scanner.MonitorStalled(f"{network.name}: {failed} failed ticks: {report.problem}")
    return asdict(report)


def _end(cursor: CursorItem, *, problem: str | None) -> int:
    failed = int(cursor.failed_ticks) + 1 if problem else 0
    cursor_store.change(cursor, lease_until=0, failed_ticks=failed)
    return failed


def _node_set(network: Network, urls: tuple[str, ...], remaining_ms: Callable[[], int]) -> NodeSet:
    timeout = _Timeout(remaining_ms, nodes=len(urls))
    node_set = NodeSet.connect(network, _nodes_of(network, urls, timeout), lambda node: _verify_header(node, timeout), _rests)
    timeout.is_connected = True
    return node_set


@dataclass(slots=True)
class _Timeout:
    """How long to wait for a node's response. While connecting it is short, so that nodes that do not respond leave time for the others."""

    remaining_ms: Callable[[], int]
    nodes: int
    is_connected: bool = False

    def seconds(self) -> float:
        left = (self.remaining_ms() - scanner.SPARE_MS) / 1000
        most = NODE_TIMEOUT_SECONDS if self.is_connected else min(NODE_TIMEOUT_SECONDS, left / CONNECT_PART / self.nodes)
        return max(min(most, left), MIN_TIMEOUT_SECONDS)


def _nodes_of(network: Network, urls: tuple[str, ...], timeout: _Timeout) -> list[Node]:
    nodes = []
    for position, url in enumerate(urls):
        label = f"{network.name}-{position}"
        known = _nodes.get((network.name, url))
        if known is None or known.label != label:
            # Another node has this label now: what was noted about the one before does not hold for it.
            _verified.discard(label)
            _rests.pop(label, None)
        node = Node(label, network, known.transport if known else Web3Transport(url), timeout.seconds)
        _nodes[network.name, url] = node
        nodes.append(node)
    return nodes


def _verify_header(node: Node, timeout: _Timeout) -> None:
    """At the first connection to a node, web3 reads its newest header with the network's middleware."""
    if node.label not in _verified and isinstance(node.transport, Web3Transport):
        node.transport.read_header(node.network, timeout.seconds())
        _verified.add(node.label)


def transports() -> list[Transport]:
    """The transports of this environment, with their counts of calls."""
    return [node.transport for node in _nodes.values()]


def forget() -> None:
    """Clear what this execution environment has cached, as in a new one."""
    _nodes.clear()
    _verified.clear()
    _rests.clear()
    transfer_guard.forget()


caching.on_forget(forget)
aws.warm("dynamodb")
