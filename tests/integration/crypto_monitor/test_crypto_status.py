"""Acceptance 66: the status route asks a real chain, and shows a transaction only to whom it pays."""

from collections.abc import Iterator

import pytest

from crypto_monitor.status import PER_MINUTE
from paycorex.evm import networks
from tests.support.chain import TestChain, chain_running, tick, use_chain
from tests.support.gateway import Reply
from tests.support.world import Signer, World

ETHER = 10**18
ADDRESS = "0x" + "ab" * 20


@pytest.fixture
def chain(world: World, merchant: Signer) -> Iterator[TestChain]:
    with chain_running(networks.ETHEREUM) as chain:
        use_chain(world, chain)
        assert world.call(merchant, "POST", "/v1/crypto/address", {"address": ADDRESS, "network": "ethereum"}).status == 201
        chain.mine(3)
        tick(chain)
        yield chain


def ask(world: World, who: Signer, tx_hash: str) -> Reply:
    return world.call(who, "GET", f"/v1/crypto/status/{tx_hash}?network=ethereum")


def test_a_transaction_is_shown_from_the_pool_to_its_confirmation(world: World, merchant: Signer, chain: TestChain) -> None:
    """Before the monitor has seen it, too: the chain is asked, not the table."""
    tx_hash = chain.send(ADDRESS, 15 * ETHER // 10)
    pooled = ask(world, merchant, tx_hash).body
    assert (pooled["status"], pooled["confirmations"], pooled["block_number"]) == ("pending", 0, None)
    chain.mine()
    mined = ask(world, merchant, tx_hash).body
    assert (mined["status"], mined["confirmations"], mined["block_number"]) == ("pending", 1, chain.head())
    (transfer,) = mined["transfers"]
    assert (transfer["asset"], transfer["amount"], transfer["status"]) == ("ETH", "1.5", None)
    chain.mine(11)
    assert ask(world, merchant, tx_hash).body["status"] == "confirmed"


def test_a_token_transfer_is_shown_with_its_token(world: World, merchant: Signer, chain: TestChain) -> None:
    usdc = chain.deploy("USDC")
    chain.mint(usdc, 10**9)
    tx_hash = chain.send_token(usdc, ADDRESS, 2_500_000)
    chain.mine()
    (transfer,) = ask(world, merchant, tx_hash).body["transfers"]
    assert (transfer["asset"], transfer["amount"]) == ("USDC", "2.5")


def test_a_reorganised_transaction_is_said_to_be(world: World, merchant: Signer, chain: TestChain) -> None:
    tx_hash = chain.send(ADDRESS, ETHER)
    chain.mine(2)
    tick(chain)
    chain.rpc("anvil_reorg", 3, [])
    assert ask(world, merchant, tx_hash).body["status"] == "reorged"


def test_what_does_not_concern_a_merchant_is_not_found_for_it(world: World, merchant: Signer, chain: TestChain) -> None:
    """Unknown, somebody else's, and another merchant's transaction are one answer."""
    other = world.register("Other")
    theirs = chain.send(ADDRESS, ETHER)
    nobodys = chain.send("0x" + "99" * 20, ETHER)
    chain.mine()
    tick(chain)
    replies = [ask(world, other, tx_hash) for tx_hash in (theirs, nobodys, "0x" + "77" * 32)]
    assert {reply.status for reply in replies} == {404}
    assert len({str(reply.without_request_id()) for reply in replies}) == 1
    assert ask(world, merchant, theirs).status == 200


def test_a_bad_hash_costs_no_call_to_the_chain(world: World, merchant: Signer, chain: TestChain) -> None:
    before = sum(proxy.posts for proxy in chain.proxies)
    assert ask(world, merchant, "0x1234").status == 400
    assert sum(proxy.posts for proxy in chain.proxies) == before


def test_each_merchant_may_ask_so_often_a_minute(world: World, merchant: Signer, chain: TestChain) -> None:
    """Acceptance 66: the limit is per merchant, and refused requests do not reach the chain."""
    tx_hash = chain.send(ADDRESS, ETHER)
    world.clock.now += 60 - world.clock.now % 60
    for _ in range(PER_MINUTE):
        assert ask(world, merchant, tx_hash).status == 200
    before = sum(proxy.posts for proxy in chain.proxies)
    refused = ask(world, merchant, tx_hash)
    assert (refused.status, refused.code) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) <= 60
    assert sum(proxy.posts for proxy in chain.proxies) == before
    assert ask(world, world.register("Other"), tx_hash).status == 404
    world.clock.now += 60
    assert ask(world, merchant, tx_hash).status == 200


def test_the_second_node_answers_when_the_first_does_not(world: World, merchant: Signer, chain: TestChain) -> None:
    tx_hash = chain.send(ADDRESS, ETHER)
    chain.proxies[0].fault = lambda: "429"
    assert ask(world, merchant, tx_hash).status == 200
    chain.proxies[1].fault = lambda: "garbage"
    unavailable = ask(world, merchant, tx_hash)
    assert (unavailable.status, unavailable.code) == (503, "provider_unavailable")
    assert "127.0.0.1" not in unavailable.raw.decode()
