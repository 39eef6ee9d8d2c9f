"""Payment links for wallets, per EIP-681: everything in them is exact, so a wallet has nothing to fill in."""

from paycorex.evm.address import checksummed
from paycorex.evm.networks import Asset, Network


def transfer_link(network: Network, asset: Asset, address: str, units: int) -> str:
    """`ethereum:<address>@1?value=…` for the coin, `ethereum:<contract>@1/transfer?address=…&uint256=…` for a token.

    The scheme is `ethereum` on every EVM chain; the chain id tells which.
    """
    if asset.contract is None:
        return f"ethereum:{checksummed(address)}@{network.chain_id}?value={units}"
    return f"ethereum:{checksummed(asset.contract)}@{network.chain_id}/transfer?address={checksummed(address)}&uint256={units}"
