"""Reorganisations: what they take is taken back, what they bring back is found, and no transfer becomes another."""

from collections.abc import Callable, Iterator

import pytest

from crypto_monitor.chain.light_transport import LightTransport
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.scanner import confirmation, reorganisations
from crypto_monitor.stores import cursors as cursor_store
from local.chain_contracts import runtime_code
from tests.support.chain import DISPERSER, TestChain, tick, transfers
from tests.support.logs import Log
from tests.support.watched_chain import ADDRESS, FINALITY, events, only, watch, watched_chain
from tests.support.world import Signer, World

ETHER = 10**18
USDC = 10**6
# Pays these amounts to these addresses in one transaction; its hash.
Payer = Callable[..., str]


@pytest.fixture
def chain(world: World, merchant: Signer) -> Iterator[TestChain]:
    with watched_chain(world, merchant) as chain:
        yield chain


def test_a_transfer_that_a_reorganisation_drops_is_taken_back_and_found_again(world: World, chain: TestChain) -> None:
    """Acceptance 57: dropped before finality it is reorged; mined again in another block it is credited once, there."""
    tx_hash = chain.send(ADDRESS, ETHER)
    chain.mine(3)
    tick(chain)
    first = only(world)
    chain.rpc("anvil_reorg", 3, [])
    tick(chain)
    assert only(world).status == "reorged"
    assert chain.send(ADDRESS, ETHER) == tx_hash
    chain.mine(2)
    tick(chain)
    assert (only(world).status, only(world).block_hash != first.block_hash) == ("detected", True)
    chain.mine(FINALITY + 12)
    tick(chain)
    assert (only(world).status, int(only(world).incarnation)) == ("confirmed", 1)
    assert events(world) == ["crypto.detected", "crypto.reorged", "crypto.detected", "crypto.confirmed"]


def test_a_transfer_that_never_comes_back_stays_uncredited(world: World, chain: TestChain) -> None:
    """Acceptance 57: dropped and never mined again."""
    chain.send(ADDRESS, ETHER)
    chain.mine(3)
    tick(chain)
    chain.rpc("anvil_reorg", 4, [])
    chain.mine(FINALITY + 20)
    for _ in range(3):
        tick(chain)
    assert (only(world).status, int(only(world).incarnation)) == ("reorged", 0)
    assert events(world) == ["crypto.detected", "crypto.reorged"]


def test_a_reorganisation_below_finality_takes_a_confirmed_transfer_back(world: World, chain: TestChain, log: Log) -> None:
    """Acceptance 58: after the credit the block vanishes: reorged, the event that reverses the books, and the line that rings the alarm."""
    chain.send(ADDRESS, ETHER)
    chain.mine(FINALITY + 20)
    tick(chain)
    assert only(world).status == "confirmed"
    chain.rpc("anvil_reorg", FINALITY + 25, [])
    chain.mine()
    tick(chain)
    assert only(world).status == "reorged"
    assert events(world) == ["crypto.detected", "crypto.confirmed", "crypto.reorged"]
    assert [line["message"] for line in log.lines].count(confirmation.TAKEN_BACK) == 1


@pytest.fixture
def payer(world: World, chain: TestChain) -> Payer:
    """A contract with USDC to pay out."""
    usdc = chain.deploy("USDC")
    chain.mint(usdc, 100 * USDC)
    chain.send_token(usdc, DISPERSER, 50 * USDC)
    chain.mine()
    tick(chain)

    def pay(*payouts: tuple[str, int]) -> str:
        return chain.send_tokens(usdc, payouts, payer=4)

    return pay


def tokens_at(world: World) -> list[tuple[str, int, str]]:
    return sorted((item.to_address, int(item.amount), item.status) for item in transfers(world))


def test_log_indexes_that_a_reorganisation_shifts_mix_no_transfers(world: World, merchant: Signer, chain: TestChain, payer: Payer) -> None:
    """A transaction pays two addresses, one of them twice the same; afterwards another one's log comes first in its block."""
    other = "0x" + "cb" * 20
    watch(world, merchant, other)
    payouts = ((ADDRESS, USDC), (other, 2 * USDC), (ADDRESS, USDC))
    tx_hash = payer(*payouts)
    chain.mine()
    tick(chain)
    chain.rpc("anvil_reorg", 1, [])
    chain.send_token(chain.deploy("USDC"), "0x" + "99" * 20, USDC)
    assert payer(*payouts) == tx_hash
    chain.mine(FINALITY + 12)
    assert tick(chain)["problem"] is None
    assert tick(chain)["problem"] is None
    assert tokens_at(world) == [(ADDRESS, USDC, "confirmed"), (ADDRESS, USDC, "confirmed"), (other, 2 * USDC, "confirmed")]


def test_a_transaction_that_pays_somebody_else_after_a_reorganisation(
    world: World, merchant: Signer, chain: TestChain, payer: Payer
) -> None:
    """What it moved first is taken back, what it moves now is another transfer."""
    other = "0x" + "cb" * 20
    watch(world, merchant, other)
    tx_hash = payer((ADDRESS, USDC))
    chain.mine()
    tick(chain)
    chain.rpc("anvil_reorg", 1, [])
    assert payer((other, USDC)) == tx_hash
    chain.mine(FINALITY + 12)
    tick(chain)
    assert tick(chain)["problem"] is None
    assert tokens_at(world) == [(ADDRESS, USDC, "reorged"), (other, USDC, "confirmed")]


def test_what_a_fee_left_is_compared_after_a_reorganisation_like_any_other(world: World, chain: TestChain) -> None:
    """The record says what arrived, the log what was sent: no contradiction, or the comparing would never end."""
    usdt = chain.deploy("USDT", runtime_code("OnePercentToken"))
    chain.mint(usdt, 100 * USDC)
    chain.mine(2)
    tick(chain)
    chain.rpc("anvil_reorg", 1, [])
    chain.send_token(usdt, ADDRESS, 50 * USDC)
    chain.mine(FINALITY + 12)
    tick(chain)
    tick(chain)
    assert tokens_at(world) == [(ADDRESS, 49_500_000, "confirmed")]
    world.clock.now += 200
    chain.mine()
    assert tick(chain)["problem"] is None
    cursor = cursor_store.find("ethereum")
    assert cursor is not None
    assert cursor.recheck_from is None


def test_a_reorganisation_while_the_scanner_goes_back_is_noticed(world: World, merchant: Signer, chain: TestChain) -> None:
    """Going back drops the hashes that would have shown it; the transfers above are compared all the same."""
    chain.send(ADDRESS, ETHER)
    chain.mine(FINALITY + 12)
    tick(chain)
    assert only(world).status == "confirmed"
    go_back(chain, int(only(world).block_number) - 1)
    chain.rpc("anvil_reorg", chain.head() - int(only(world).block_number) + 1, [])
    chain.mine(FINALITY + 20)
    for _ in range(2):
        tick(chain)
    assert only(world).status == "reorged"


def go_back(chain: TestChain, number: int) -> None:
    """What looking back for a late address does, in a tick that ends right after it."""
    nodes = [Node(url, chain.network, LightTransport(url), lambda: 5.0) for url in chain.urls(proxied=True).split()]
    cursor = cursor_store.acquire("ethereum", "test", until_ms=0)
    assert cursor is not None
    reorganisations.roll_back(cursor, number, NodeSet.connect(chain.network, nodes, lambda _node: None))
