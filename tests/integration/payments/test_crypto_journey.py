"""A crypto payment from its creation to the books, over a real node: the payer's link, the scanner's ticks, the stream, the ledger."""

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest

from paycorex.evm import networks
from paycorex.ledger import Account, balance_of
from tests.fakes import rpc_proxy
from tests.support.chain import TestChain, chain_running, forget, tick, use_chain
from tests.support.crypto import Books, Monitor, books_of, merchant_with_key, pay_by_crypto, status_of
from tests.support.payments import findings, show
from tests.support.payments import tick as janitor_tick
from tests.support.world import Signer, World

THOUSAND = 100_000
DEEP = 64 + 12


@pytest.fixture
def who(world: World) -> Signer:
    return merchant_with_key(world)


@pytest.fixture
def chain(world: World) -> Iterator[TestChain]:
    """A chain whose blocks are made at about the world's time."""
    with chain_running(networks.ETHEREUM) as chain:
        use_chain(world, chain)
        chain.mine(2)
        tick(chain)
        yield chain


def pay_link(chain: TestChain, uri: str, *, payer: int = 5, share: int = 100) -> str:
    """What a wallet does with an EIP-681 link: `share` percent of it."""
    parts = urlsplit(uri)
    target, _, rest = parts.path.partition("@")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert parts.scheme == "ethereum"
    assert rest.partition("/")[0] == str(chain.network.chain_id)
    if "/transfer" in rest:
        return chain.send_token(target.lower(), query["address"].lower(), int(query["uint256"]) * share // 100, payer=payer)
    return chain.send(target.lower(), int(query["value"]) * share // 100, payer=payer)


def settle(world: World, who: Signer, chain: TestChain) -> None:
    """Two ticks a minute apart, and the stream's records, twice."""
    monitor = Monitor(world, who)
    for _ in range(2):
        world.clock.now += 60
        tick(chain)
        records = monitor.stream()
        for _again in range(2):
            assert monitor.deliver(records) == {"batchItemFailures": []}


@pytest.mark.parametrize("asset", ["ETH", "USDC"])
def test_a_payment_by_link_settles_when_it_is_final(world: World, who: Signer, chain: TestChain, asset: str) -> None:
    """Acceptance 56: seen, at the floor, final: processing, processing, success; one credit."""
    usdc = chain.deploy("USDC")
    chain.mint(usdc, 10**12, 5)
    payment = pay_by_crypto(world, who, asset=asset)
    tx_hash = pay_link(chain, payment["next_action"]["crypto_uri"])
    chain.mine()
    settle(world, who, chain)
    assert status_of(world, who, payment) == "processing"
    chain.mine(networks.ETHEREUM.confirmations)
    settle(world, who, chain)
    assert (status_of(world, who, payment), books_of(who)) == ("processing", Books(0, 0, 0))
    chain.mine(DEEP)
    for _ in range(5):
        settle(world, who, chain)
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 0, -THOUSAND))
    seen = world.call(who, "GET", f"/v1/crypto/status/{tx_hash}?network=ethereum").body
    assert (seen["status"], seen["payment_ids"]) == ("confirmed", [payment["payment_id"]])


def test_two_halves_and_a_wrong_token_over_a_real_chain(world: World, who: Signer, chain: TestChain) -> None:
    """Acceptance 64: halves settle together; USDC to an address that waits for ETH is held."""
    usdc = chain.deploy("USDC")
    chain.mint(usdc, 10**12, 5)
    payment = pay_by_crypto(world, who)
    uri, address = payment["next_action"]["crypto_uri"], payment["next_action"]["address"].lower()
    pay_link(chain, uri, share=50)
    chain.mine()
    pay_link(chain, uri, share=50, payer=6)
    chain.send_token(usdc, address, 5 * 10**6, payer=5)
    chain.mine(DEEP)
    settle(world, who, chain)
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 40_000, -140_000))
    reasons = sorted(money["reason"] for money in show(world, who, payment["payment_id"])["late_money"])
    assert reasons == ["underpaid", "wrong_asset"]


def test_a_deep_reorganisation_reverses_the_books_and_a_new_block_settles_again(world: World, who: Signer, chain: TestChain) -> None:
    """Acceptance 58 and 57: the credit is reversed by new entries, the old ones stay; mined again it is credited again, once."""
    payment = pay_by_crypto(world, who)
    uri = payment["next_action"]["crypto_uri"]
    chain.mine()
    tx_hash = pay_link(chain, uri)
    chain.mine(DEEP)
    settle(world, who, chain)
    assert books_of(who) == Books(THOUSAND, 0, -THOUSAND)
    entries = world.dump()["test-ledgers"]
    chain.rpc("anvil_reorg", DEEP + 1, [])
    chain.mine()
    settle(world, who, chain)
    assert (status_of(world, who, payment), books_of(who)) == ("pending", Books(0, 0, 0))
    assert all(entry in world.dump()["test-ledgers"] for entry in entries)
    assert pay_link(chain, uri) == tx_hash
    chain.mine(DEEP)
    forget()
    settle(world, who, chain)
    assert (status_of(world, who, payment), books_of(who)) == ("success", Books(THOUSAND, 0, -THOUSAND))


def test_money_that_comes_after_its_time_is_held(world: World, who: Signer, chain: TestChain) -> None:
    """Acceptance 64: the block's own time decides, and what is late is never lost."""
    payment = pay_by_crypto(world, who)
    uri = payment["next_action"]["crypto_uri"]
    chain.mine()
    chain.rpc("evm_setNextBlockTimestamp", int(world.clock.now) + 7_000)
    chain.mine()
    world.clock.now += 7_000
    tick(chain)
    janitor_tick(world, after_seconds=200)
    assert status_of(world, who, payment) == "pending"
    janitor_tick(world, after_seconds=3_600)
    assert status_of(world, who, payment) == "failed"
    chain.rpc("evm_setNextBlockTimestamp", int(world.clock.now))
    pay_link(chain, uri)
    chain.mine(DEEP)
    settle(world, who, chain)
    assert (status_of(world, who, payment), books_of(who)) == ("failed", Books(0, THOUSAND, -THOUSAND))


def test_three_chains_at_once_settle_each_its_own_payments(world: World, who: Signer) -> None:
    """Chain ids 1, 137 and 56 side by side, the last two with long extra data: one key, coins and tokens on each."""
    with ExitStack() as stack:
        chains = [stack.enter_context(chain_running(network)) for network in networks.NETWORKS.values()]
        for chain in chains:
            use_chain(world, chain)
            for proxy in chain.proxies if chain.network.proof_of_authority else ():
                proxy.lies.append(rpc_proxy.proof_of_authority)
            chain.mint(chain.deploy("USDC"), 10**30, 5)
            chain.mine(2)
            tick(chain)
        made = [
            (chain, pay_by_crypto(world, who, network=chain.network.name, asset=asset))
            for chain in chains
            for asset in (chain.network.native.symbol, "USDC")
        ]
        for chain, payment in made:
            pay_link(chain, payment["next_action"]["crypto_uri"])
        for chain in chains:
            chain.mine(DEEP + chain.network.confirmations)
            settle(world, who, chain)
        assert {status_of(world, who, payment) for _, payment in made} == {"success"}
    accounts = [Account.clearing(who.merchant_id, network, "INR") for network in networks.NETWORKS]
    assert [balance_of(account) for account in accounts] == [-2 * THOUSAND] * 3
    assert balance_of(Account.of_merchant(who.merchant_id, "INR")) == 6 * THOUSAND
    assert findings() == []
