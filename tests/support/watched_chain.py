"""A chain with one watched address, and what tests of its scanner look at."""

from collections.abc import Iterator
from contextlib import contextmanager

from paycorex.evm import networks
from paycorex.records.crypto_transaction import CryptoTransactionItem
from tests.support.chain import TestChain, chain_running, tick, transfers, use_chain
from tests.support.world import Signer, World

ADDRESS = "0x" + "ab" * 20
# Anvil's finalized block is 64 behind its head.
FINALITY = 64


@contextmanager
def watched_chain(world: World, merchant: Signer) -> Iterator[TestChain]:
    """An Ethereum with one watched address and a first tick behind it."""
    with chain_running(networks.ETHEREUM) as chain:
        use_chain(world, chain)
        watch(world, merchant, ADDRESS)
        chain.mine(5)
        assert tick(chain)["problem"] is None
        yield chain


def watch(world: World, who: Signer, address: str) -> None:
    """Have a merchant watch an address."""
    assert world.call(who, "POST", "/v1/crypto/address", {"address": address, "network": "ethereum"}).status == 201


def only(world: World) -> CryptoTransactionItem:
    """The one transfer that there is."""
    (item,) = transfers(world)
    return item


def events(world: World) -> list[str]:
    """The events that the stream of transfers carries, in order."""
    images = [record["dynamodb"].get("NewImage", {}) for record in world.dynamo.drain_stream(world.settings.table("crypto_transactions"))]
    seen: list[str] = []
    last = ""
    for image in images:
        stamp = f"{image['transfer_id']['S']}#{image['sequence']['N']}"
        if "event" in image and stamp != last:
            seen.append(image["event"]["S"])
        last = stamp
    return seen
