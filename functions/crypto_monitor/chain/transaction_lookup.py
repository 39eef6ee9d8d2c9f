"""One transaction, looked up while a client waits: through the light transport, from the first nodes that respond."""

from collections.abc import Iterator
from typing import Final

from crypto_monitor.chain import node_addresses
from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.light_transport import LightTransport
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.node_set import QUORUM
from crypto_monitor.chain.shapes import Receipt, Transaction
from paycorex import caching
from paycorex.errors import Refusal
from paycorex.evm.networks import Network

TIMEOUT_SECONDS: Final = 4.0
# The transaction (None when unknown), its receipt, and the number of the newest block.
Facts = tuple[Transaction | None, Receipt | None, int]

# By network, with the addresses that they were made for.
_nodes: dict[str, tuple[tuple[str, ...], list[Node]]] = {}


class ProviderUnavailable(Refusal):
    """No node of the network answered."""

    code = "provider_unavailable"


def transaction(network: Network, tx_hash: str) -> Facts:
    """The facts of the first node that responds. Raises ProviderUnavailable."""
    return next(answers(network, tx_hash))


def answers(network: Network, tx_hash: str) -> Iterator[Facts]:
    """The facts of each node that responds, in the order of the settings. A node is called when its facts are needed.

    Raises ProviderUnavailable when none answers.
    """
    is_answered = False
    for node in _nodes_of(network):
        try:
            raw, receipt, status = node.transaction(tx_hash)
        except NodeFailure:
            continue
        if status is not None:
            is_answered = True
            yield raw, receipt, status.head.number
    if not is_answered:
        raise ProviderUnavailable(f"No node of {network.name} answers.")


def quorum(network: Network) -> int:
    """How many nodes must agree before money is moved."""
    return min(QUORUM, len(_nodes_of(network)))


def _nodes_of(network: Network) -> list[Node]:
    urls = node_addresses.of_if_known(network.name)
    if network.name not in _nodes or _nodes[network.name][0] != urls:
        made = [Node(f"{network.name}-{at}", network, LightTransport(url), _timeout) for at, url in enumerate(urls)]
        _nodes[network.name] = (urls, made)
    return _nodes[network.name][1]


def _timeout() -> float:
    return TIMEOUT_SECONDS


def forget() -> None:
    """Clear what this execution environment has cached, as in a new one."""
    _nodes.clear()


caching.on_forget(forget)
