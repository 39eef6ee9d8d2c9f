"""Asking the chain about one transaction while somebody waits for the answer: through the light transport, the first node that answers."""

from typing import Any, Final

from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.light import LightTransport
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.shapes import Receipt
from paycorex import settings
from paycorex.errors import Refusal
from paycorex.evm.networks import Network

TIMEOUT_SECONDS: Final = 4.0
# The transaction (raw, None when unknown), its receipt, and the number of the newest block.
Facts = tuple[Any, Receipt | None, int]

_nodes: dict[str, list[Node]] = {}


class ProviderUnavailable(Refusal):
    """No node of the network answered."""

    code = "provider_unavailable"


def transaction(network: Network, tx_hash: str) -> Facts:
    """Raises ProviderUnavailable."""
    urls = settings.current().rpc_urls(network.name)
    if network.name not in _nodes:
        _nodes[network.name] = [Node(f"{network.name}-{at}", network, LightTransport(url), _timeout) for at, url in enumerate(urls)]
    for node in _nodes[network.name]:
        try:
            raw, receipt, greeting = node.transaction(tx_hash)
        except NodeFailure:
            continue
        if greeting is not None:
            return raw, receipt, greeting.head.number
    raise ProviderUnavailable(f"No node of {network.name} answers.")


def _timeout() -> float:
    return TIMEOUT_SECONDS


def forget() -> None:
    """What a new execution environment knows: nothing."""
    _nodes.clear()
