"""More transfers than a tick can record, judge or compare: each tick goes on where the last one stopped, and no other payment waits."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from crypto_monitor.chain.shapes import Block
from crypto_monitor.scanner import busy_addresses, confirmation, detection, watchlist
from crypto_monitor.scanner.block_transfers import Found
from crypto_monitor.scanner.tick import MonitorStalled
from crypto_monitor.stores import busy_addresses as busy_store
from crypto_monitor.stores import cursors as cursor_store
from paycorex import clock
from paycorex.evm import networks
from paycorex.records.crypto_address import watched as watched_record
from paycorex.records.crypto_transaction import CryptoTransactionItem
from tests.fakes.paper_chain import Budgeted, PaperChain, on_paper, restart, timed_tick
from tests.support.chain import transfers
from tests.support.crypto import Monitor, expected_units, merchant_with_key, pay_by_crypto, status_of
from tests.support.world import Signer, World

ETHER = 10**18
# So deep a block is final on paper.
DEEP = 80
FLOOD = 10_000
BLOCKS = 25


@pytest.fixture
def chain(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperChain]:
    with on_paper(world, monkeypatch) as chain:
        assert timed_tick(chain)["problem"] is None
        yield chain


@pytest.fixture
def shop(world: World) -> Signer:
    return merchant_with_key(world)


@pytest.fixture
def other(world: World) -> Signer:
    return merchant_with_key(world, name="Other shop")


def address_of(payment: dict[str, Any]) -> str:
    address: str = payment["next_action"]["address"]
    return address.lower()


def cursor_of(world: World) -> cursor_store.CursorItem:
    cursor = cursor_store.find("ethereum")
    assert cursor is not None
    return cursor


def watch_directly(world: World, merchant_id: str, address: str, *, age_ms: int) -> None:
    """A watched address, written as the door does, without its limits."""
    made_at = clock.now_ms() - age_ms
    item = watched_record(merchant_id=merchant_id, network="ethereum", address=address, user_id=None, now_ms=made_at)
    world.dynamo.put_item(TableName=world.settings.table("crypto_addresses"), Item=item.serialize())


def flood(chain: PaperChain, to: str, units: int, *, asset: str = "ETH", count: int = FLOOD) -> None:
    each = [(to, units + place if units else 0) for place in range(count // BLOCKS)]
    for _ in range(BLOCKS):
        chain.mine(each if asset == "ETH" else (), each if asset == "USDC" else ())


class Progress:
    """What the ticks did: where the cursor stood, and how many transfers there were in each status."""

    def __init__(self, world: World, chain: PaperChain) -> None:
        self.world = world
        self.chain = chain
        self.places: list[tuple[int, str]] = []
        self.counts: list[Counter[str]] = []

    def tick(self) -> dict[str, Any]:
        report = timed_tick(self.chain)
        assert "stopped" not in report
        assert report["problem"] is None
        cursor = cursor_of(self.world)
        self.places.append((int(cursor.number or 0), (cursor.position or "").partition(":")[2]))
        rows = self.world.dynamo.dump()[self.world.settings.table("crypto_transactions")]
        self.counts.append(Counter(row["status"]["S"] for row in rows))
        assert self.places == sorted(self.places)
        return report

    @property
    def known(self) -> list[int]:
        return [counts.total() for counts in self.counts]


@pytest.mark.parametrize(("units", "asset"), [(1, "ETH"), (0, "USDC")])
def test_dust_makes_no_record_and_keeps_no_payment_waiting(
    world: World, chain: PaperChain, shop: Signer, other: Signer, units: int, asset: str
) -> None:
    mine, theirs = pay_by_crypto(world, shop), pay_by_crypto(world, other)
    flood(chain, address_of(mine), units, asset=asset)
    chain.mine([(address_of(theirs), expected_units(theirs))])
    chain.mine_empty(DEEP)
    monitor, progress = Monitor(world, other), Progress(world, chain)
    progress.tick()
    monitor.deliver()
    assert status_of(world, other, theirs) == "success"
    assert [item.to_address for item in transfers(world)] == [address_of(theirs)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("asset", "count"), [("ETH", FLOOD), ("USDC", FLOOD // 2)])
def test_ten_thousand_transfers_to_one_address_keep_no_other_payment_waiting(
    world: World, chain: PaperChain, shop: Signer, other: Signer, asset: str, count: int
) -> None:
    """Above dust: the payment behind them settles within three ticks, and each tick records more of them until all are there."""
    mine, theirs = pay_by_crypto(world, shop), pay_by_crypto(world, other)
    flood(chain, address_of(mine), networks.ETHEREUM.asset(asset).dust_units, asset=asset, count=count)
    chain.mine([(address_of(theirs), expected_units(theirs))])
    chain.mine_empty(DEEP)
    monitor, progress = Monitor(world, other), Progress(world, chain)
    for _ in range(3):
        progress.tick()
        chain.mine()
    monitor.stream()
    their_rows = [item.status for item in transfers(world) if item.to_address == address_of(theirs)]
    assert their_rows == ["confirmed"]
    while progress.known[-1] < count + 1:
        progress.tick()
        assert len(progress.known) < 12
    growing = progress.known[: progress.known.index(count + 1) + 1]
    assert all(later > earlier for earlier, later in pairwise(growing))
    assert len(growing) > 1
    confirmed = [counts["confirmed"] for counts in progress.counts]
    assert all(later > earlier for earlier, later in pairwise(confirmed))
    amounts = Counter(int(item.amount) for item in transfers(world) if item.to_address == address_of(mine))
    assert list(amounts.values()) == [BLOCKS] * (count // BLOCKS)


def test_the_payment_behind_a_flood_is_settled_in_the_books(world: World, chain: PaperChain, shop: Signer, other: Signer) -> None:
    mine, theirs = pay_by_crypto(world, shop), pay_by_crypto(world, other)
    flood(chain, address_of(mine), 10**12, count=400)
    chain.mine([(address_of(theirs), expected_units(theirs))])
    chain.mine_empty(DEEP)
    monitor, progress = Monitor(world, other), Progress(world, chain)
    for _ in range(3):
        progress.tick()
        monitor.deliver()
    assert status_of(world, other, theirs) == "success"


def test_one_address_that_a_thousand_merchants_watch_does_not_starve_the_network(world: World, chain: PaperChain, other: Signer) -> None:
    """250 transfers make 250,000 records: the network goes on at once, and every tick records some of them."""
    hot = "0x" + "ee" * 20
    for number in range(1_000):
        watch_directly(world, f"mer_{number:026d}", hot, age_ms=0)
    theirs = pay_by_crypto(world, other)
    flood(chain, hot, ETHER, count=250)
    chain.mine([(address_of(theirs), expected_units(theirs))])
    chain.mine_empty(DEEP)
    progress = Progress(world, chain)
    for _ in range(3):
        progress.tick()
    assert [item.status for item in transfers(world) if item.merchant_id == other.merchant_id] == ["confirmed"]
    assert 0 < progress.known[0] < progress.known[1] < progress.known[2]
    assert cursor_of(world).number == len(chain.blocks) - 1


def test_more_busy_addresses_than_there_is_room_for_are_scanned_with_the_network(
    world: World, chain: PaperChain, shop: Signer, other: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without room the scan keeps its place within a block: no tick goes back, none is lost, and in the end all is recorded."""
    monkeypatch.setattr(busy_addresses, "MAX_BUSY", 0)
    mine, theirs = pay_by_crypto(world, shop), pay_by_crypto(world, other)
    chain.mine([(address_of(mine), 10**12 + place) for place in range(5_000)])
    chain.mine([(address_of(theirs), expected_units(theirs))])
    chain.mine_empty(DEEP)
    progress = Progress(world, chain)
    while cursor_of(world).number != len(chain.blocks) - 1:
        progress.tick()
        assert len(progress.known) < 8
    assert len({place for place in progress.places if place[1]}) > 1
    progress.tick()
    assert progress.known[-1] == 5_001
    assert Counter(item.status for item in transfers(world) if item.to_address == address_of(theirs)) == {"confirmed": 1}


def test_a_tick_that_is_stopped_anywhere_repeats_little(world: World, chain: PaperChain, shop: Signer) -> None:
    """Stopped in the middle, without a chance to store anything: what is known costs a read, so that the next tick gets further."""
    mine = pay_by_crypto(world, shop)
    flood(chain, address_of(mine), 10**12)
    chain.mine_empty(DEEP)
    known = [0]
    for milliseconds in (3_000, 4_000, 5_000, 6_000, 7_000):
        chain.deadline = 0.0
        stopped_tick(chain, milliseconds)
        known.append(len(transfers(world)))
    assert known == sorted(set(known))


def stopped_tick(chain: PaperChain, milliseconds: int) -> None:
    """A tick that believes to have 25 seconds and has these."""

    class Believing(Budgeted):
        def get_remaining_time_in_millis(self) -> int:
            return super().get_remaining_time_in_millis() + 25_000 - milliseconds

    chain.world.clock.now += 60
    assert timed_tick(chain, milliseconds, Believing(chain)) == {"stopped": True}


def test_a_payment_to_a_busy_address_does_not_expire_before_its_address_is_read(
    world: World, chain: PaperChain, shop: Signer, other: Signer
) -> None:
    """The network's cursor has passed the time of both; of the busy one it is not known yet whether it was paid."""
    from payments.crypto import expiry as crypto_expiry
    from tests.support.payments import stored

    mine, theirs = pay_by_crypto(world, shop), pay_by_crypto(world, other)
    flood(chain, address_of(mine), 10**12, count=5_000)
    chain.mine([(address_of(mine), expected_units(mine))])
    world.clock.now += 3_600
    chain.mine_empty(DEEP)
    progress = Progress(world, chain)
    progress.tick()
    assert busy_addresses.left_out(busy_store.entries(cursor_of(world))) == {address_of(mine)}
    world.clock.now += busy_store.STREAM_DELAY_MS / 1000 + 1
    assert crypto_expiry.look_at(stored(theirs["payment_id"]), clock.now_ms())
    assert not crypto_expiry.look_at(stored(mine["payment_id"]), clock.now_ms())
    while busy_addresses.left_out(busy_store.entries(cursor_of(world))):
        progress.tick()
        assert len(progress.known) < 12
    paid = [item for item in transfers(world) if int(item.amount) == expected_units(mine)]
    assert [item.to_address for item in paid] == [address_of(mine)]


def test_judging_takes_turns_among_addresses(world: World, chain: PaperChain, shop: Signer, other: Signer) -> None:
    """Ten times of what a tick judges waits before a payment: it is judged in the first tick that sees it final."""
    mine, theirs = pay_by_crypto(world, shop), pay_by_crypto(world, other)
    for _ in range(40):
        chain.mine([(address_of(mine), 10**12 + place) for place in range(90)])
        chain.mine_empty(BLOCKS)
    chain.mine([(address_of(theirs), expected_units(theirs))])
    progress = Progress(world, chain)
    while cursor_of(world).number != len(chain.blocks) - 1:
        progress.tick()
    waiting = progress.counts[-1]["detected"]
    chain.mine_empty(DEEP)
    progress.tick()
    judged = progress.counts[-1]["confirmed"] - progress.counts[-2]["confirmed"]
    assert 0 < judged < waiting
    assert [item.status for item in transfers(world) if item.to_address == address_of(theirs)] == ["confirmed"]


def test_transfers_that_nodes_dispute_keep_no_others_from_being_judged(
    world: World, chain: PaperChain, shop: Signer, other: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More disputed transfers than a tick looks at stand before a payment, for good."""
    monkeypatch.setattr(confirmation, "MAX_LOOKED_AT", 60)
    monkeypatch.setattr(confirmation, "MAX_PER_TICK", 50)
    mine, theirs = pay_by_crypto(world, shop), pay_by_crypto(world, other)
    chain.mine([(address_of(mine), 10**12 + place) for place in range(80)])
    chain.mine([(address_of(theirs), expected_units(theirs))])
    chain.mine_empty(DEEP)

    def lie(node: int, method: str, params: list[Any], result: Any) -> Any:
        is_disputed = method == "eth_getTransactionReceipt" and chain.sent[params[0]]["to"] == address_of(mine)
        return {**result, "status": "0x0"} if is_disputed and node % 2 else result

    chain.lie = lie
    for _ in range(3):
        with suppress(MonitorStalled):  # the alarm, from the third tick on
            timed_tick(chain)
    statuses = {item.to_address: item.status for item in transfers(world)}
    assert statuses == {address_of(mine): "detected", address_of(theirs): "confirmed"}


def test_confirmed_transfers_are_compared_round_by_round(world: World, chain: PaperChain, shop: Signer, other: Signer) -> None:
    """After a reorganisation there is ten times of what a tick can compare: each goes on, and new money is found meanwhile."""
    mine = pay_by_crypto(world, shop)
    for place in range(2_500):
        item = confirmed(shop, mine, place)
        world.dynamo.put_item(TableName=world.settings.table("crypto_transactions"), Item=item.serialize())
    chain.mine_empty(DEEP)
    progress = Progress(world, chain)
    progress.tick()
    cursor = cursor_of(world)
    held = cursor_store.acquire("ethereum", "test", until_ms=0)
    assert held is not None
    cursor_store.change(held, recheck_from=0, recheck_until=clock.now_ms(), lease_until=0)
    assert cursor.recheck_after is None
    theirs = pay_by_crypto(world, other)
    chain.mine([(address_of(theirs), expected_units(theirs))])
    rounds: list[int] = []
    while cursor_of(world).recheck_from is not None:
        chain.mine()
        progress.tick()
        rounds.append(sum(item.status == "reorged" for item in transfers(world)))
        assert len(rounds) < 40
    assert len(rounds) > 3
    assert rounds == sorted(rounds)
    assert rounds[0] > 0
    assert rounds[-1] == 2_500
    assert [item.status for item in transfers(world) if item.to_address == address_of(theirs)] == ["detected"]


def confirmed(who: Signer, payment: dict[str, Any], place: int) -> CryptoTransactionItem:
    """A confirmed transfer in a block that the chain does not have."""
    block = Block(2, "0x" + "77" * 32, "0x" + "66" * 32, int(clock.now_seconds()), 0, (), ())
    watcher = watched_record(
        merchant_id=who.merchant_id, network="ethereum", address=address_of(payment), user_id=None, now_ms=clock.now_ms()
    )
    found = Found(f"0x{place:064x}", "native", "0x" + "11" * 20, watcher.address, networks.ETHEREUM.native, ETHER, block)
    return detection.drafted(networks.ETHEREUM, found, watcher, status="confirmed")


def test_the_first_reading_of_a_long_watch_list_takes_as_many_ticks_as_it_needs(
    world: World, chain: PaperChain, shop: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4_000):
        watch_directly(world, shop.merchant_id, f"0x{number + 0x10000:040x}", age_ms=3_600_000)
    monkeypatch.setattr("tests.fakes.paper_chain.ITEM_MS", 80)
    restart()
    lengths: list[int] = []
    for _ in range(10):
        report = timed_tick(chain)
        lengths.append(len(watchlist.of("ethereum")))
        if report["problem"] is None:
            break
    assert lengths == sorted(lengths)
    assert 0 < lengths[0] < lengths[-1] == 4_000


def test_balances_are_compared_as_far_as_the_time_goes(
    world: World, chain: PaperChain, shop: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coins that contracts sent inside, to more addresses than a tick explains: each tick raises more reviews, until all are raised."""
    payments = [pay_by_crypto(world, shop) for _ in range(120)]
    timed_tick(chain)
    for payment in payments:
        chain.balances[address_of(payment)] = ETHER
    monkeypatch.setattr("tests.fakes.paper_chain.STORE_MS", 150)
    raised: list[int] = []
    while not raised or raised[-1] < 120:
        timed_tick(chain)
        raised.append(len(transfers(world)))
        assert len(raised) < 12
    assert len(raised) > 1
    assert raised == sorted(set(raised))
    assert {item.status for item in transfers(world)} == {"review"}
