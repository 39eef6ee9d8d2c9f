"""The networks that PayCoreX takes money on, and the assets it takes there.

Tokens are allow-listed by contract: a token's name and symbol are whatever its author wrote, and mean nothing.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from paycorex.errors import Refusal

NetworkName = Literal["ethereum", "polygon", "bsc"]


class UnsupportedNetwork(Refusal):
    """Not a network, or not an asset of the network, that PayCoreX takes."""

    code = "unsupported_network"


@dataclass(frozen=True, slots=True)
class Asset:
    """A coin or token.

    contract: canonical address, None for the network's own coin. dust_units: a transfer of less is dust: it is neither recorded nor
    booked, and a payment of less is refused.
    """

    symbol: str
    decimals: int
    contract: str | None
    dust_units: int

    def is_dust(self, units: int) -> bool:
        """True for an amount that is too little to be recorded or booked; nothing at all is dust, too."""
        return units < self.dust_units


@dataclass(frozen=True, slots=True)
class Network:
    """One chain. title: its name as people write it.

    confirmations: the least depth at which money counts (1 = in the newest block); it must also be `finalized` where the chain says so.
    proof_of_authority: headers carry more than Ethereum's 32 bytes of extra data. block_ms: how long a block takes at least, usually.
    """

    name: NetworkName
    title: str
    chain_id: int
    confirmations: int
    finalized: bool
    proof_of_authority: bool
    block_ms: int
    native: Asset
    tokens: tuple[Asset, ...]

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The coin first, then the tokens."""
        return (self.native, *self.tokens)

    def asset(self, symbol: str | None) -> Asset:
        """An asset by symbol, the coin by default. Raises UnsupportedNetwork."""
        for asset in self.assets:
            if symbol is None or asset.symbol == symbol:
                return asset
        known = [asset.symbol for asset in self.assets]
        raise UnsupportedNetwork(f"{self.name} does not take this asset.", details={"field": "asset", "assets": known})

    def token_at(self, contract: str) -> Asset | None:
        """The allow-listed token of a canonical contract address."""
        return next((token for token in self.tokens if token.contract == contract), None)


# Dust limits, per asset. Of a coin, in its smallest units: worth less than a cent of a US dollar each, and far less than any payment.
ETH_DUST_UNITS: Final = 10**12
POL_DUST_UNITS: Final = 10**15
BNB_DUST_UNITS: Final = 10**12
# Of a token that follows a dollar: a cent has this many decimals.
CENT_DECIMALS: Final = 2


def _coin(symbol: str, dust_units: int) -> Asset:
    return Asset(symbol, 18, None, dust_units)


def _token(symbol: str, decimals: int, contract: str) -> Asset:
    return Asset(symbol, decimals, contract.lower(), dust_units=10 ** (decimals - CENT_DECIMALS))


ETHEREUM: Final = Network(
    name="ethereum",
    title="Ethereum",
    chain_id=1,
    confirmations=12,
    finalized=True,
    proof_of_authority=False,
    block_ms=12_000,
    native=_coin("ETH", ETH_DUST_UNITS),
    tokens=(
        _token("USDC", 6, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        _token("USDT", 6, "0xdAC17F958D2ee523a2206206994597C13D831ec7"),
    ),
)
POLYGON: Final = Network(
    name="polygon",
    title="Polygon",
    chain_id=137,
    confirmations=64,
    finalized=True,
    proof_of_authority=True,
    block_ms=2_000,
    native=_coin("POL", POL_DUST_UNITS),
    tokens=(
        _token("USDC", 6, "0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359"),
        _token("USDT", 6, "0xc2132D05D31c914a87C6611C10748AEb04B58e8F"),
    ),
)
BSC: Final = Network(
    name="bsc",
    title="BNB Smart Chain",
    chain_id=56,
    confirmations=15,
    finalized=True,
    proof_of_authority=True,
    block_ms=450,
    native=_coin("BNB", BNB_DUST_UNITS),
    tokens=(
        _token("USDC", 18, "0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d"),
        _token("USDT", 18, "0x55d398326f99059fF775485246999027B3197955"),
    ),
)
NETWORKS: Final = MappingProxyType({network.name: network for network in (ETHEREUM, POLYGON, BSC)})


def named(name: str) -> Network:
    """Raises UnsupportedNetwork."""
    for network in NETWORKS.values():
        if network.name == name:
            return network
    raise UnsupportedNetwork("Not a network that PayCoreX takes.", details={"field": "network", "networks": list(NETWORKS)})


def format_units(units: int, decimals: int) -> str:
    """An amount of a chain's smallest units as a decimal string of coins, without superfluous zeros: 1500000 of 6 decimals is `1.5`."""
    whole, fraction = divmod(units, 10**decimals)
    digits = str(fraction).rjust(decimals, "0").rstrip("0")
    return f"{whole}.{digits}" if digits and fraction else str(whole)
