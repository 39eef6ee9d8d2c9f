"""The scanner's watch list: addresses that its index shows late, after a failure, to another environment."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from crypto_monitor.chain.failures import Unreachable
from crypto_monitor.chain.light_transport import LightTransport
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.scanner import reorganisations, watchlist
from paycorex import aws, clock, storage
from tests.fakes.faults import Fault, FaultyClient, Script
from tests.support.chain import TestChain, tick, transfers
from tests.support.watched_chain import ADDRESS, only, watch, watched_chain
from tests.support.world import Signer, World

ETHER = 10**18
LATE = "0x" + "1a" * 20


@pytest.fixture
def chain(world: World, merchant: Signer) -> Iterator[TestChain]:
    with watched_chain(world, merchant) as chain:
        yield chain


def paid_while_hidden(world: World, merchant: Signer, chain: TestChain) -> Callable[[], None]:
    """An address that the watch list's index does not show yet is paid, and a tick passes the block; what makes the index show it."""
    watch(world, merchant, LATE)
    table = world.settings.table("crypto_addresses")
    item = next(item for item in world.dump()[table] if item.get("address", {}).get("S") == LATE)
    hidden = {name: value for name, value in item.items() if name not in {"network_shard", "watch_key"}}
    world.dynamo.put_item(TableName=table, Item=hidden)
    chain.send(LATE, ETHER)
    chain.mine()
    world.clock.now += 5
    tick(chain)
    assert transfers(world) == []

    def show() -> None:
        world.dynamo.put_item(TableName=table, Item=item)

    return show


def test_an_address_that_the_index_shows_late_is_not_missed(world: World, merchant: Signer, chain: TestChain) -> None:
    """The watch list lags: a tick passes the deposit's block before it knows the address, and goes back for it."""
    show = paid_while_hidden(world, merchant, chain)
    show()
    world.clock.now += 60
    tick(chain)
    assert only(world).to_address == LATE


def test_a_late_address_is_found_however_fast_blocks_came(world: World, merchant: Signer, chain: TestChain) -> None:
    """300 blocks in a minute, where the network is said to make five."""
    show = paid_while_hidden(world, merchant, chain)
    chain.rpc("evm_setNextBlockTimestamp", int(world.clock.now) + 10)
    chain.mine(300)
    tick(chain)
    assert transfers(world) == []
    show()
    world.clock.now += 60
    tick(chain)
    assert only(world).to_address == LATE


def test_going_back_ends_where_the_clocks_differ(world: World, chain: TestChain) -> None:
    """The moment is this machine's present, and the chain's newest block is ahead of it."""
    chain.rpc("evm_setNextBlockTimestamp", int(world.clock.now) + 30)
    chain.mine()
    node = Node("a", chain.network, LightTransport(chain.node.url), lambda: 5.0)
    node_set = NodeSet.connect(chain.network, [node], lambda _node: None)
    for ahead_ms in (0, 6_000, 15_000):
        assert reorganisations.block_before(node_set, clock.now_ms() + ahead_ms) < chain.head()


def test_a_late_address_is_not_forgotten_when_going_back_for_it_fails(
    world: World, merchant: Signer, chain: TestChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node fails just then; the next tick, which knows the address by now, goes back all the same."""
    show = paid_while_hidden(world, merchant, chain)
    show()
    world.clock.now += 60
    with monkeypatch.context() as patch:
        patch.setattr("crypto_monitor.scanner.reorganisations.roll_back", unreachable)
        assert tick(chain)["problem"] == "gone"
    assert transfers(world) == []
    world.clock.now += 60
    tick(chain)
    assert only(world).to_address == LATE


def unreachable(*_arguments: object, **_values: object) -> None:
    raise Unreachable("gone")


def test_a_late_address_is_not_forgotten_when_the_rest_of_the_list_cannot_be_read(world: World, merchant: Signer, chain: TestChain) -> None:
    """The index shows the address in one shard, and the store fails at the next."""
    show = paid_while_hidden(world, merchant, chain)
    show()
    world.clock.now += 60
    for position in range(12):
        gone = Script(dict.fromkeys(range(position, position + 50), Fault.THROTTLED))
        aws.use("dynamodb", FaultyClient(world.dynamo, gone))
        with suppress(storage.Unavailable):
            tick(chain)
        world.clock.now += 65
    aws.use("dynamodb", world.dynamo)
    tick(chain)
    assert only(world).to_address == LATE


def test_an_address_that_another_environment_missed_is_not_missed(
    world: World, merchant: Signer, chain: TestChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two warm environments take turns: what one passed without knowing the address, the other goes back for."""
    others = watchlist.of("ethereum")
    watchlist.forget()
    world.clock.now += 60
    show = paid_while_hidden(world, merchant, chain)
    show()
    monkeypatch.setattr(watchlist, "of", lambda _network: others)
    world.clock.now += 60
    tick(chain)
    assert only(world).to_address == LATE


def test_a_new_environment_does_not_look_back_for_nothing(world: World, chain: TestChain) -> None:
    """No address is so young that the one before can have missed it: nothing is read twice."""
    world.clock.now += 600
    chain.mine(3)
    tick(chain)
    watchlist.forget()
    assert tick(chain)["blocks"] == 0


def test_a_stopped_address_is_watched_no_more(world: World, merchant: Signer, chain: TestChain) -> None:
    made = world.call(merchant, "GET", "/v1/crypto/addresses").body["data"][0]
    assert world.call(merchant, "DELETE", f"/v1/crypto/addresses/{made['address_id']}").status == 200
    chain.send(ADDRESS, ETHER)
    chain.mine()
    tick(chain)
    assert transfers(world) == []


def test_two_merchants_may_watch_one_address(world: World, merchant: Signer, chain: TestChain) -> None:
    other = world.register("Other")
    watch(world, other, ADDRESS)
    chain.send(ADDRESS, ETHER)
    chain.mine()
    tick(chain)
    assert {item.merchant_id for item in transfers(world)} == {merchant.merchant_id, other.merchant_id}
    for who in (merchant, other):
        assert len(world.call(who, "GET", "/v1/crypto/transactions").body["data"]) == 1
