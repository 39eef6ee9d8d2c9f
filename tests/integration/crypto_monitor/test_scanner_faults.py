"""Acceptance 61: nodes that fail and nodes that lie. Nothing is credited on disagreement, and the cursor never skips a block."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from crypto_monitor import deposit_addresses
from local.crypto_demo import XPUB
from paycorex import storage
from paycorex.evm import networks
from paycorex.evm.networks import Network
from tests.fakes import rpc_proxy
from tests.fakes.rpc_proxy import RpcProxy
from tests.support.chain import TestChain, chain_running, forget, tick, transfers, use_chain
from tests.support.world import World

ETHER = 10**18
ADDRESS = "0x" + "ab" * 20
DEEP = 64 + 12
WAITS = "credit waits: too few nodes can confirm"


def prepared(world: World, chain: TestChain) -> None:
    use_chain(world, chain)
    merchant = world.register()
    body = {"address": ADDRESS, "network": chain.network.name}
    assert world.call(merchant, "POST", "/v1/crypto/address", body).status == 201
    usdc = chain.deploy("USDC")
    chain.mint(usdc, 10**24)
    chain.mine(2)
    assert tick(chain)["problem"] is None


@pytest.fixture
def chain(world: World) -> Iterator[TestChain]:
    with chain_running(networks.ETHEREUM) as chain:
        prepared(world, chain)
        yield chain


def pay(chain: TestChain) -> None:
    usdc = chain.network.asset("USDC")
    assert usdc.contract is not None
    chain.send(ADDRESS, ETHER)
    chain.send_token(usdc.contract, ADDRESS, 5 * 10**usdc.decimals)
    chain.mine()


def statuses(world: World) -> list[tuple[str, str]]:
    return sorted((item.asset, item.status) for item in transfers(world))


def settle(world: World, chain: TestChain) -> None:
    """Once everybody tells the truth again, everything is credited, once."""
    chain.heal()
    forget()
    for _ in range(3):
        world.clock.now += 60
        tick(chain)
    assert statuses(world) == [("ETH", "confirmed"), ("USDC", "confirmed")]
    assert {int(item.incarnation) for item in transfers(world)} == {1}


def fails(how: str) -> Callable[[RpcProxy], None]:
    def apply(proxy: RpcProxy) -> None:
        proxy.fault = lambda: how

    return apply


def lies(*lie: rpc_proxy.Lie) -> Callable[[RpcProxy], None]:
    def apply(proxy: RpcProxy) -> None:
        proxy.lies.extend(lie)

    return apply


ONE_IS_USELESS = {
    "rate limited": fails("429"),
    "maintenance page": fails("garbage"),
    "half an answer": fails("half"),
    "wrong chain": lies(rpc_proxy.wrong_chain),
}


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("problem", ONE_IS_USELESS)
def test_with_one_node_lost_money_is_seen_but_not_credited(world: World, chain: TestChain, problem: str, which: int) -> None:
    """The other node is followed; credit waits for a second word, and from the third tick on an alarm rings."""
    from crypto_monitor.scanner.tick import MonitorStalled

    ONE_IS_USELESS[problem](chain.proxies[which])
    forget()
    pay(chain)
    chain.mine(DEEP)
    report = tick(chain)
    tick(chain)
    assert (report["problem"], report["last"]) == (WAITS, chain.head())
    with pytest.raises(MonitorStalled):
        tick(chain)
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    settle(world, chain)


def test_a_node_that_never_answers_costs_its_time_and_no_more(world: World, chain: TestChain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crypto_monitor.scanner_door.NODE_TIMEOUT_SECONDS", 0.5)
    chain.proxies[0].fault = lambda: "timeout"
    pay(chain)
    chain.mine(DEEP)
    report = tick(chain)
    assert (report["problem"], report["last"]) == (WAITS, chain.head())
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    settle(world, chain)


def test_a_stale_node_does_not_read_and_does_not_dispute(world: World, chain: TestChain) -> None:
    chain.proxies[0].lies.append(rpc_proxy.stale_head(chain.head()))
    pay(chain)
    chain.mine(DEEP)
    report = tick(chain)
    tick(chain)
    assert (report["problem"], report["last"]) == (WAITS, chain.head())
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    settle(world, chain)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("finality", [None, "0x0"])
def test_a_node_without_finality_stops_credit_and_raises_an_alarm(world: World, chain: TestChain, finality: str | None, which: int) -> None:
    """It answers and follows the chain, and can confirm nothing: as good as gone."""
    chain.proxies[which].lies.append(rpc_proxy.finalized_at(finality))
    forget()
    pay(chain)
    chain.mine(400)
    report = tick(chain)
    assert (report["problem"], report["last"]) == (WAITS, chain.head())
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    settle(world, chain)


@pytest.mark.parametrize("text", ["internal error", "response too large"])
def test_a_reader_that_cannot_serve_blocks_is_left_out_and_the_other_reads(world: World, chain: TestChain, text: str) -> None:
    """It greets like a healthy node; only what it is asked then fails, every time."""
    chain.proxies[0].lies.append(rpc_proxy.no_full_blocks(text))
    pay(chain)
    chain.mine(DEEP)
    report = tick(chain)
    assert (report["problem"], report["last"]) == (WAITS, chain.head())
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    settle(world, chain)


def test_blocks_that_are_not_there_yet_are_waited_for(world: World, chain: TestChain) -> None:
    """A node that knows its head and not its blocks: the cursor stays, and nothing is skipped."""
    before = chain.head()
    chain.proxies[0].lies.append(rpc_proxy.null_blocks)
    pay(chain)
    chain.mine(DEEP)
    assert tick(chain)["last"] == before
    assert statuses(world) == []
    settle(world, chain)


@pytest.mark.parametrize("which", [0, 1])
def test_nodes_with_different_hashes_stop_the_cursor_and_raise_an_alarm(world: World, chain: TestChain, which: int) -> None:
    """From the third failed tick on the function fails, which is what its alarm looks at."""
    from crypto_monitor.scanner.tick import MonitorStalled

    before = chain.head()
    chain.proxies[which].lies.append(rpc_proxy.lying_hash)
    pay(chain)
    chain.mine(DEEP)
    for _ in range(2):
        report = tick(chain)
        assert (report["last"], report["problem"] is None) == (before, False)
    for _ in range(2):
        with pytest.raises(MonitorStalled):
            tick(chain)
    assert statuses(world) == []
    settle(world, chain)
    assert tick(chain)["problem"] is None


def test_both_nodes_gone_is_a_failed_tick(world: World, chain: TestChain) -> None:
    for proxy in chain.proxies:
        fails("429")(proxy)
    before = chain.head()
    pay(chain)
    report = tick(chain)
    assert (report["problem"], report["last"]) == ("no node answers", before)
    chain.mine(DEEP)
    settle(world, chain)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("lie", [rpc_proxy.empty_logs, rpc_proxy.truncated_logs(0)])
def test_logs_that_one_node_leaves_out_are_noticed(world: World, chain: TestChain, lie: rpc_proxy.Lie, which: int) -> None:
    """Empty everywhere: the block is disputed and not passed. Empty in ranges only: asked for by hash, they are found."""
    chain.proxies[which].lies.append(lie)
    pay(chain)
    tick(chain)
    tick(chain)
    chain.mine(DEEP)
    with_tokens = [("ETH", "detected"), ("USDC", "detected")]
    assert statuses(world) == ([] if lie is rpc_proxy.empty_logs else with_tokens)
    settle(world, chain)


@pytest.mark.parametrize("lie", [rpc_proxy.empty_logs, rpc_proxy.truncated_logs(0)])
def test_logs_that_the_only_node_leaves_out_are_found_by_the_blooms(world: World, chain: TestChain, lie: rpc_proxy.Lie) -> None:
    """The block's bloom filter promises a Transfer that the answer lacks: asked by hash, then by receipts, it is there."""
    fails("429")(chain.proxies[1])
    chain.proxies[0].lies.append(lie)
    pay(chain)
    tick(chain)
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    chain.mine(DEEP)
    settle(world, chain)


def test_logs_that_both_nodes_cut_alike_are_found_by_the_blooms(world: World, chain: TestChain) -> None:
    """Two addresses of one provider share its index: their answers agree and are both too short."""
    for proxy in chain.proxies:
        proxy.lies.append(rpc_proxy.truncated_logs(0))
    pay(chain)
    tick(chain)
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    chain.mine(DEEP)
    settle(world, chain)


@pytest.mark.parametrize("is_alone", [True, False])
def test_logs_cut_in_the_middle_of_a_block_are_found(world: World, chain: TestChain, *, is_alone: bool) -> None:
    """The contract was seen in that block, so its bloom is satisfied: the block that ends an answer is asked for again by its hash."""
    usdc = chain.network.asset("USDC").contract
    assert usdc is not None
    if is_alone:
        fails("429")(chain.proxies[1])
    for proxy in chain.proxies:
        proxy.lies.append(rpc_proxy.truncated_logs(2))
    for units in (1, 2, 3):
        chain.send_token(usdc, ADDRESS, units * 10**6)
    chain.mine()
    for units in (4, 5):
        chain.send_token(usdc, ADDRESS, units * 10**6)
    chain.mine()
    tick(chain)
    assert sorted(int(item.amount) for item in transfers(world)) == [units * 10**6 for units in (1, 2, 3, 4, 5)]


def test_logs_that_the_only_node_cuts_within_a_block_however_asked_are_found_by_receipts(world: World, chain: TestChain) -> None:
    """By hash the answer ends at the same log; the receipts of the block have them all."""
    usdc = chain.network.asset("USDC").contract
    assert usdc is not None
    fails("429")(chain.proxies[1])
    chain.proxies[0].lies.append(rpc_proxy.capped_logs(2))
    for _block in range(2):
        for units in (1, 2, 3):
            chain.send_token(usdc, ADDRESS, units * 10**6)
        chain.mine()
    tick(chain)
    assert sorted(int(item.amount) for item in transfers(world)) == [units * 10**6 for units in (1, 1, 2, 2, 3, 3)]


def test_transactions_that_the_reading_node_leaves_out_are_noticed(world: World, chain: TestChain) -> None:
    """Under the block's true hash: the witness's list of transactions tells, and the cursor stays before the block."""
    before = chain.head()
    chain.proxies[0].lies.append(rpc_proxy.omitted_transactions)
    pay(chain)
    report = tick(chain)
    assert (report["last"], report["problem"] is None) == (before, False)
    assert statuses(world) == []
    chain.mine(DEEP)
    settle(world, chain)


def test_a_block_that_the_witness_does_not_have_yet_is_not_passed_on_one_word(world: World, chain: TestChain) -> None:
    """A witness is a block behind all the time; the reading node must not hide payments in the block between."""
    before = chain.head()
    chain.proxies[0].lies.append(rpc_proxy.omitted_transactions)
    chain.proxies[1].lies.append(rpc_proxy.stale_head(before))
    pay(chain)
    assert tick(chain)["last"] == before
    chain.mine(DEEP)
    settle(world, chain)


def test_a_range_that_a_node_refuses_is_split(world: World, chain: TestChain) -> None:
    for proxy in chain.proxies:
        proxy.lies.append(rpc_proxy.range_limit(3))
    chain.mine(10)
    pay(chain)
    chain.mine(DEEP)
    assert tick(chain)["last"] == chain.head()
    tick(chain)
    assert statuses(world) == [("ETH", "confirmed"), ("USDC", "confirmed")]


def test_a_forged_receipt_credits_nothing(world: World, chain: TestChain) -> None:
    """One node says that a transaction failed, the other that it did not: neither is believed, and an alarm rings."""
    from crypto_monitor.scanner.tick import MonitorStalled

    pay(chain)
    tick(chain)
    chain.proxies[1].lies.append(rpc_proxy.forged_receipt)
    chain.mine(DEEP)
    for _ in range(2):
        assert tick(chain)["decisions"]["disputed"] == 2
    with pytest.raises(MonitorStalled):
        tick(chain)
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    settle(world, chain)


def test_a_reading_node_that_calls_a_payment_reverted_is_not_believed(world: World, chain: TestChain) -> None:
    """From the first sight on, before there is anything to decide: the payment is not lost."""
    chain.proxies[0].lies.append(rpc_proxy.forged_receipt)
    pay(chain)
    tick(chain)
    assert statuses(world) == [("ETH", "detected"), ("USDC", "detected")]
    chain.mine(DEEP)
    settle(world, chain)


def test_a_made_up_transfer_is_never_credited(world: World, chain: TestChain) -> None:
    """The reading node raises the value of a payment in an otherwise true block; the other node's transaction tells."""

    def generous(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[1] is True and result:
            result["transactions"] = [
                {**entry, "value": hex(10**24)} if entry["to"] == ADDRESS else entry for entry in result["transactions"]
            ]
        if method == "eth_getTransactionByHash" and result and result["to"] == ADDRESS:
            return {**result, "value": hex(10**24)}
        return result

    chain.proxies[0].lies.append(generous)
    pay(chain)
    chain.mine(DEEP)
    for _ in range(2):
        tick(chain)
    assert statuses(world) == [("ETH", "detected"), ("USDC", "confirmed")]


def test_a_credit_is_taken_back_however_long_the_second_node_is_away(world: World, chain: TestChain) -> None:
    """One node follows a reorganisation below finality, alone for ten minutes: the question stays open until the other is back."""
    from crypto_monitor.scanner.tick import MonitorStalled

    pay(chain)
    chain.mine(DEEP)
    for _ in range(2):
        tick(chain)
    assert statuses(world) == [("ETH", "confirmed"), ("USDC", "confirmed")]
    fails("429")(chain.proxies[1])
    chain.rpc("anvil_reorg", DEEP + 1, [])
    chain.mine()
    for _ in range(10):
        world.clock.now += 60
        chain.mine()
        with suppress(MonitorStalled):
            tick(chain)
    assert statuses(world) == [("ETH", "confirmed"), ("USDC", "confirmed")]
    chain.heal()
    forget()
    tick(chain)
    assert statuses(world) == [("ETH", "reorged"), ("USDC", "reorged")]


def test_a_token_is_not_credited_by_its_log_when_no_balance_could_be_asked(world: World, chain: TestChain) -> None:
    """Nodes that answer everything but balances, at the moment when they count."""

    def busy(method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_call":
            raise rpc_proxy.RpcRefused(-32005, "rate limit")
        return result

    for proxy in chain.proxies:
        proxy.lies.append(busy)
    pay(chain)
    chain.mine(DEEP)
    tick(chain)
    assert ("USDC", "detected") in statuses(world)
    settle(world, chain)


# Answers that take everything from a token transfer: nothing ever moved; no contract was there.
ONE_NODES_WORD = {"nothing moved": "0x" + "0" * 64, "no contract": "0x"}


@pytest.mark.parametrize("which", [0, 1])
def test_a_token_is_not_judged_by_one_node_while_the_other_has_no_state(world: World, chain: TestChain, which: int) -> None:
    chain.proxies[which].lies.append(rpc_proxy.balances(ONE_NODES_WORD["nothing moved"]))
    chain.proxies[1 - which].lies.append(rpc_proxy.without_state)
    pay(chain)
    chain.mine(DEEP)
    for _ in range(2):
        report = tick(chain)
        assert report["decisions"]["disputed"] == 1
    assert statuses(world) == [("ETH", "confirmed"), ("USDC", "detected")]
    settle(world, chain)


@pytest.mark.parametrize("how", ONE_NODES_WORD)
def test_what_one_node_says_of_a_balance_does_not_contradict_a_log(world: World, chain: TestChain, how: str) -> None:
    """An empty answer is no opinion; zeros are one, which the other node does not share."""
    chain.proxies[1].lies.append(rpc_proxy.balances(ONE_NODES_WORD[how]))
    pay(chain)
    chain.mine(DEEP)
    tick(chain)
    tick(chain)
    assert statuses(world) == [("ETH", "confirmed"), ("USDC", "confirmed" if how == "no contract" else "detected")]
    settle(world, chain)


def test_where_no_node_has_the_state_the_log_is_believed(world: World, chain: TestChain) -> None:
    for proxy in chain.proxies:
        proxy.lies.append(rpc_proxy.without_state)
    pay(chain)
    chain.mine(DEEP)
    tick(chain)
    tick(chain)
    assert statuses(world) == [("ETH", "confirmed"), ("USDC", "confirmed")]


@pytest.mark.parametrize("which", [0, 1])
def test_one_node_that_makes_up_a_balance_starts_no_search_for_money(world: World, chain: TestChain, which: int) -> None:
    """Nor does what it takes away: the next true balance would look like money that was never recorded."""
    who = world.register("Other")
    deposit = deposit_addresses.deposit(who.merchant_id, XPUB, chain.network, payment_id="pay_" + "a" * 26, user_id=None)
    storage.transact([deposit.watch])
    chain.send(deposit.address, ETHER)
    chain.mine()
    tick(chain)
    for made_up in (3 * ETHER, 0):
        chain.proxies[which].lies.append(rpc_proxy.balances("0x" + f"{made_up:064x}"))
        chain.mine()
        tick(chain)
        chain.heal()
        chain.mine()
        tick(chain)
    assert statuses(world) == [("ETH", "detected")]


def test_nodes_that_stand_still_raise_an_alarm(world: World, chain: TestChain) -> None:
    """They answer, they agree, and they show nothing new: a stale provider, or a network that has stopped."""
    from crypto_monitor.scanner.tick import MonitorStalled

    chain.mine()
    assert tick(chain)["problem"] is None
    world.clock.now += 900
    assert "no node has a block after" in tick(chain)["problem"]
    tick(chain)
    with pytest.raises(MonitorStalled):
        tick(chain)
    chain.mine()
    assert tick(chain)["problem"] is None


@pytest.mark.parametrize("network", [networks.POLYGON, networks.BSC])
def test_chains_with_long_extra_data_are_followed(world: World, network: Network) -> None:
    """97 bytes of extra data, read through web3's middleware when a node is met; chain ids 137 and 56, their own floors and tokens."""
    with chain_running(network) as chain:
        for proxy in chain.proxies:
            proxy.lies.append(rpc_proxy.proof_of_authority)
        prepared(world, chain)
        pay(chain)
        chain.mine(network.confirmations + 64)
        for _ in range(2):
            assert tick(chain)["problem"] is None
        assert statuses(world) == sorted([(network.native.symbol, "confirmed"), ("USDC", "confirmed")])


def test_a_network_without_the_middleware_refuses_such_headers(world: World, chain: TestChain) -> None:
    for proxy in chain.proxies:
        proxy.lies.append(rpc_proxy.proof_of_authority)
    forget()
    assert tick(chain)["problem"] == "no node answers"
