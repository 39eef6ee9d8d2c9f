"""The scanner against a real node: depth, things that are no money, catching up, two at once."""

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from crypto_monitor import deposit_addresses
from crypto_monitor.scanner import balance_audit
from crypto_monitor.stores import cursors as cursor_store
from local.chain_contracts import runtime_code
from local.crypto_demo import XPUB
from paycorex import aws, storage
from paycorex.evm import networks
from paycorex.records.crypto_transaction import CryptoTransactionItem
from tests.fakes import rpc_proxy
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth
from tests.support.chain import Context, TestChain, forget, tick, transfers, use_chain
from tests.support.logs import Log
from tests.support.watched_chain import ADDRESS, FINALITY, events, only, watch, watched_chain
from tests.support.world import Signer, World
from tests.unit.paycorex.test_extended_key import JUNK, account_key

ETHER = 10**18
USDC = 10**6


@pytest.fixture
def chain(world: World, merchant: Signer) -> Iterator[TestChain]:
    with watched_chain(world, merchant) as chain:
        yield chain


def states(world: World) -> list[tuple[str, str, str]]:
    return [(item.asset, item.amount, item.status) for item in transfers(world)]


def test_money_counts_at_the_floor_and_when_it_is_final(world: World, chain: TestChain) -> None:
    """Acceptance 56: floor-1, floor and finalized: confirming, confirming, success; twenty more ticks change nothing."""
    chain.send(ADDRESS, ETHER)
    chain.mine()
    tick(chain)
    chain.mine(networks.ETHEREUM.confirmations - 2)
    tick(chain)
    assert only(world).status == "detected"
    chain.mine()
    tick(chain)
    assert only(world).status == "detected"
    chain.mine(FINALITY)
    tick(chain)
    assert (only(world).status, int(only(world).incarnation)) == ("confirmed", 1)
    before = world.dump()["test-crypto_transactions"]
    for _ in range(20):
        assert tick(chain)["decisions"]["confirmed"] == 0
    assert world.dump()["test-crypto_transactions"] == before
    assert events(world) == ["crypto.detected", "crypto.confirmed"]


def test_what_is_no_money_is_not_credited(world: World, chain: TestChain) -> None:
    """Acceptance 59: reverted, a contract creation, zero value, one wei."""
    reverting = "0x" + "cd" * 20
    watch(world, world.register("Other"), reverting)
    chain.rpc("anvil_setCode", reverting, runtime_code("Reverter"))
    chain.send(reverting, ETHER)
    chain.rpc("eth_sendTransaction", {"from": chain.payers[0], "value": hex(ETHER), "data": "0x00", "gas": hex(200_000)})
    chain.send(ADDRESS, 0)
    chain.send(ADDRESS, 1)
    chain.mine(FINALITY + 12)
    tick(chain)
    tick(chain)
    assert sorted(states(world)) == [("ETH", str(ETHER), "failed")]
    assert events(world) == []


def test_coins_that_a_contract_sends_inside_are_put_up_for_review(world: World, merchant: Signer, chain: TestChain, log: Log) -> None:
    """Acceptance 59: a contract-internal transfer shows in no transaction and no log; within two ticks there is a review, and an alarm."""
    deposit = deposit_addresses.deposit(
        merchant.merchant_id, str(account_key(JUNK)), networks.ETHEREUM, payment_id="pay_" + "a" * 26, user_id=None
    )
    storage.transact([deposit.watch])
    chain.rpc("anvil_setBalance", deposit.address, "0x0")  # anvil endows the addresses of its own mnemonic
    tick(chain)
    forwarder = "0x" + "fe" * 20
    chain.rpc("anvil_setCode", forwarder, runtime_code("Forwarder"))
    chain.send(deposit.address, ETHER, payer=5)
    chain.send(forwarder, 2 * ETHER, data="0x" + deposit.address[2:].rjust(64, "0"), payer=5)
    chain.mine()
    tick(chain)
    tick(chain)
    assert sorted(states(world)) == [("ETH", str(ETHER), "detected"), ("ETH", str(2 * ETHER), "review")]
    forget()
    tick(chain)
    assert len(transfers(world)) == 2
    assert [line["message"] for line in log.lines].count(balance_audit.UNEXPLAINED) == 1


def test_a_transfer_that_nodes_dispute_does_not_hide_coins_that_came_inside(world: World, merchant: Signer, chain: TestChain) -> None:
    """However long it stays undecided, the balances of deposit addresses are compared."""
    deposit = deposit_addresses.deposit(merchant.merchant_id, XPUB, networks.ETHEREUM, payment_id="pay_" + "a" * 26, user_id=None)
    storage.transact([deposit.watch])
    chain.send(ADDRESS, ETHER)
    chain.mine()
    tick(chain)
    chain.proxies[1].lies.append(rpc_proxy.forged_receipt)
    forwarder = "0x" + "fe" * 20
    chain.rpc("anvil_setCode", forwarder, runtime_code("Forwarder"))
    chain.send(forwarder, 2 * ETHER, data="0x" + deposit.address[2:].rjust(64, "0"), payer=5)
    chain.mine(FINALITY + 12)
    assert tick(chain)["decisions"]["disputed"] == 1
    assert sorted(states(world)) == [("ETH", str(ETHER), "detected"), ("ETH", str(2 * ETHER), "review")]


def test_coins_that_come_back_in_another_block_need_no_review(world: World, merchant: Signer, chain: TestChain) -> None:
    """What a reorganisation takes from a deposit address it explains, and what is mined again it explains again."""
    deposit = deposit_addresses.deposit(merchant.merchant_id, XPUB, networks.ETHEREUM, payment_id="pay_" + "a" * 26, user_id=None)
    storage.transact([deposit.watch])
    tick(chain)
    for _ in range(3):
        chain.send(deposit.address, ETHER)
        chain.mine()
        tick(chain)
        assert states(world) == [("ETH", str(ETHER), "detected")]
        chain.rpc("anvil_reorg", 1, [])
        chain.mine()
        tick(chain)
        assert states(world) == [("ETH", str(ETHER), "reorged")]


def test_only_allow_listed_tokens_count_and_by_what_they_moved(world: World, chain: TestChain) -> None:
    """Acceptance 60: fake symbol, a log that moves nothing, 2^256-1, a fee on the way, 6 decimals, a transfer that returns nothing."""
    usdc = chain.deploy("USDC")
    usdt = chain.deploy("USDT", runtime_code("OnePercentTokenWithoutAnswer"))
    fake = "0x" + "f0" * 20
    chain.rpc("anvil_setCode", fake, runtime_code("SilentToken"))
    chain.mint(usdc, 100 * USDC)
    chain.mint(usdt, 100 * USDC)
    chain.mine()
    chain.send_token(fake, ADDRESS, 1_000_000 * USDC)
    chain.send_token(usdc, ADDRESS, 25 * USDC)
    chain.send_token(usdt, ADDRESS, 50 * USDC)
    chain.send_token(usdc, ADDRESS, 0)
    chain.mine(FINALITY + 12)
    tick(chain)
    tick(chain)
    expected = [("USDC", str(25 * USDC), "confirmed"), ("USDT", str(49_500_000), "confirmed")]
    assert sorted(states(world)) == expected
    chain.deploy("USDC", runtime_code("SilentToken"))
    chain.send_token(usdc, ADDRESS, 2**256 - 1)
    chain.mine(FINALITY + 12)
    report = tick(chain)
    assert (report["problem"], report["last"]) == (None, chain.head())
    tick(chain)
    assert sorted(states(world)) == sorted([*expected, ("USDC", str(2**256 - 1), "failed")])


def test_two_payers_in_one_block_share_what_a_fee_left(world: World, chain: TestChain) -> None:
    usdt = chain.deploy("USDT", runtime_code("TenPercentToken"))
    for payer in (0, 1):
        chain.mint(usdt, 100 * USDC, payer)
    chain.mine()
    chain.send_token(usdt, ADDRESS, 10 * USDC, payer=0)
    chain.send_token(usdt, ADDRESS, 30 * USDC, payer=1)
    chain.mine(FINALITY + 12)
    tick(chain)
    tick(chain)
    assert sorted(states(world)) == [("USDT", str(27 * USDC), "confirmed"), ("USDT", str(9 * USDC), "confirmed")]


def test_a_long_outage_is_caught_up_with_three_seconds_a_tick(world: World, chain: TestChain) -> None:
    """Acceptance 62: 5,000 blocks with 20 deposits; ticks of less than 3 seconds credit all of them once, and no block is skipped."""
    use_chain(world, chain, proxied=False)
    for _ in range(20):
        chain.send(ADDRESS, ETHER)
        chain.mine(250)
    ranges: list[tuple[int, int]] = []
    ticks = 0
    final = chain.head() - FINALITY
    while ticks < 3 or ranges[-1][1] < chain.head() or any(item.status == "detected" for item in older_than(world, final)):
        report = tick(chain, RealTime(3_000))
        assert report["problem"] is None
        ranges.append((report["first"], report["last"]))
        ticks += 1
        assert ticks < 200
    passed = [(first, last) for first, last in ranges if last >= first]
    assert passed[0][0] == 6
    assert passed[-1][1] == chain.head()
    assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(passed))
    assert len(passed) > 1
    assert len(transfers(world)) == 20
    assert {(item.status, int(item.incarnation)) for item in older_than(world, final)} == {("confirmed", 1)}


def older_than(world: World, number: int) -> list[CryptoTransactionItem]:
    return [item for item in transfers(world) if int(item.block_number) < number]


class RealTime(Context):
    """A context whose time really passes, and by 40 ms at every look besides: a fast machine needs several ticks too."""

    LOOK = 40

    def __init__(self, milliseconds: int) -> None:
        super().__init__(milliseconds)
        self._until = time.monotonic() + milliseconds / 1000

    def get_remaining_time_in_millis(self) -> int:
        self._until -= self.LOOK / 1000
        return int((self._until - time.monotonic()) * 1000)


def test_only_one_tick_at_a_time_holds_the_lease(world: World, chain: TestChain) -> None:
    """Acceptance 63: a second tick ends at once; a tick whose lease ran out and was taken over can write nothing any more."""
    from crypto_monitor.stores import transfers as transfer_store

    chain.send(ADDRESS, ETHER)
    chain.mine()
    tick(chain)
    mine = cursor_store.acquire("ethereum", "one", until_ms=int(world.clock.now * 1000) + 60_000)
    assert mine is not None
    assert "holds the lease" in tick(chain)["skipped"]
    world.clock.now += 61
    assert tick(chain)["problem"] is None
    before = world.dump()
    with pytest.raises(cursor_store.LeaseLost):
        cursor_store.change(mine, number=10**6)
    with pytest.raises(cursor_store.LeaseLost):
        transfer_store.change(mine, only(world), event="crypto.confirmed", status="confirmed")
    assert world.dump() == before


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.COMMIT_THEN_TIMEOUT])
def test_a_tick_killed_at_any_write_is_finished_by_the_next(world: World, chain: TestChain, fault: Fault) -> None:
    """Acceptance 63: killed at every call to the store in turn, among them after the credit and before the cursor: one credit."""
    usdc = chain.deploy("USDC")
    chain.mint(usdc, 100 * USDC)
    chain.send(ADDRESS, ETHER)
    chain.send_token(usdc, ADDRESS, 5 * USDC)
    chain.mine(FINALITY + 20)
    healthy = FaultyClient(world.dynamo)
    position = 1
    while True:
        faulty = FaultyClient(world.dynamo, Nth(position, fault))
        aws.use("dynamodb", faulty)
        try:
            tick(chain)
            ended = True
        except (Killed, storage.OutcomeUnknown, storage.Unavailable):
            ended = False
        aws.use("dynamodb", healthy)
        forget()
        world.clock.now += 100
        if ended and all(logged.fault is Fault.PASS for logged in faulty.log):
            break
        position += 1
    tick(chain)
    assert sorted((item.asset, item.status, int(item.incarnation)) for item in transfers(world)) == [
        ("ETH", "confirmed", 1),
        ("USDC", "confirmed", 1),
    ]
    assert sorted(events(world)) == ["crypto.confirmed", "crypto.confirmed", "crypto.detected", "crypto.detected"]
    assert position > 10


def test_the_number_of_calls_does_not_depend_on_the_number_of_addresses(world: World, merchant: Signer, chain: TestChain) -> None:
    """Ten watched addresses and ten thousand cost the same calls."""
    from paycorex.records.crypto_address import watched

    def calls_of_a_tick() -> int:
        forget()
        chain.mine(20)
        before = sum(len(proxy.calls) for proxy in chain.proxies)
        tick(chain)
        return sum(len(proxy.calls) for proxy in chain.proxies) - before

    few = calls_of_a_tick()
    for number in range(10_000):
        address = f"0x{number + 1:040x}"
        item = watched(
            merchant_id=merchant.merchant_id, network="ethereum", address=address, user_id=None, now_ms=int(world.clock.time() * 1000)
        )
        world.dynamo.put_item(TableName=world.settings.table("crypto_addresses"), Item=item.serialize())
    assert calls_of_a_tick() == few
