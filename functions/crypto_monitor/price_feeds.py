"""Prices from Chainlink's feeds on Ethereum, read by eth_call from the deployment's own nodes.

Feeds answer in US dollars with 8 decimals. A price must be fresh, and two nodes must not differ by more than a percent; of two, the lower
one is used, which asks for more coins, in the merchant's favour. Addresses: https://docs.chain.link/data-feeds/price-feeds/addresses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from crypto_monitor.chain import node_addresses
from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.light_transport import LightTransport
from crypto_monitor.chain.node import Node
from paycorex import caching, clock
from paycorex.caching import TimedCache
from paycorex.errors import Refusal, UnsupportedCurrency
from paycorex.evm.networks import ETHEREUM

CACHE_SECONDS: Final = 30
TIMEOUT_SECONDS: Final = 3.0
_DECIMALS: Final = 8
_MAX_DIFFERENCE: Final = Fraction(1, 100)
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed and how old its answer may be: its own heartbeat, and an hour for a late update."""

    contract: str
    max_age_seconds: int


_FEEDS: Final = MappingProxyType(
    {
        "ETH": _Feed("0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419", 2 * _HOUR),
        "BNB": _Feed("0x14e613ac84a31f709eadbdf89c6cc390fdc9540a", 25 * _HOUR),
        "POL": _Feed("0x7bac85a8a13a4bcd8abb3eb7d6b4d632c5a57676", 2 * _HOUR),
        "USDC": _Feed("0x8fffffd4afb6115b954bd326cbe7b4ba576818f6", 25 * _HOUR),
        "USDT": _Feed("0x3e7d1eab13ad0104d2750b8863b489d65364e32d", 25 * _HOUR),
        "INR": _Feed("0x605d5c2fbcedb217d7987fc0951b5753069bc360", 25 * _HOUR),
        "EUR": _Feed("0xb49f677943bc038e9857d61e7d053caa2c1734c1", 25 * _HOUR),
        "GBP": _Feed("0x5c0ab2d9b5a7ed9f470386e82bb36a3613cdd4b5", 25 * _HOUR),
        "JPY": _Feed("0xbce206cae7f0ec07b545edde332a47c2f75bbeb3", 25 * _HOUR),
    }
)
LATEST_ROUND_DATA: Final = "0xfeaf968c"

_cache: TimedCache[Fraction] = TimedCache(lifetime_seconds=CACHE_SECONDS, max_entries=32)
# With the addresses that they were made for.
_nodes: dict[tuple[str, ...], list[Node]] = {}


class PriceUnavailable(Refusal):
    """No reliable price. Nothing was written."""

    code = "provider_unavailable"


def dollars(symbol: str) -> Fraction:
    """What one coin, or one unit of a currency, is worth in US dollars. Raises UnsupportedCurrency or PriceUnavailable."""
    if symbol == "USD":
        return Fraction(1)
    feed = _FEEDS.get(symbol)
    if feed is None:
        raise UnsupportedCurrency("There is no price feed for this currency.", details={"field": "currency"})
    known = _cache.get(symbol)
    if known is None:
        known = agreed([answer for node in _ethereum() if (answer := _ask(node, feed)) is not None])
        _cache.put(symbol, known)
    return known


def agreed(answers: Sequence[Fraction]) -> Fraction:
    """The lowest of several answers that differ by at most a percent. Raises PriceUnavailable."""
    if not answers or max(answers) > min(answers) * (1 + _MAX_DIFFERENCE):
        raise PriceUnavailable("No price could be agreed on. Retry with the same Idempotency-Key.")
    return min(answers)


def _ask(node: Node, feed: _Feed) -> Fraction | None:
    """A node's answer; None when it fails, or the answer is stale or no price."""
    try:
        words = node.view(feed.contract, LATEST_ROUND_DATA, words=5)
    except NodeFailure:
        return None
    answer, updated_at = words[1], words[3]
    fresh = clock.now_seconds() - updated_at <= feed.max_age_seconds
    # Above half of the range an int256 is negative.
    return Fraction(answer, 10**_DECIMALS) if fresh and 0 < answer < 1 << 255 else None


def _ethereum() -> list[Node]:
    urls = node_addresses.of_if_known(ETHEREUM.name)
    if urls not in _nodes:
        _nodes.clear()
        _nodes[urls] = [Node(f"prices-{at}", ETHEREUM, LightTransport(url), lambda: TIMEOUT_SECONDS) for at, url in enumerate(urls)]
    return _nodes[urls]


def forget() -> None:
    """Clear what this execution environment has cached, as in a new one."""
    _nodes.clear()
    _cache.clear()


caching.on_forget(forget)
