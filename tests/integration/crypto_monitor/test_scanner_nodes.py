"""Nodes of different make, nodes that are asked too often, and single transfers that cannot be handled: each stops itself and no other."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from crypto_monitor.scanner import scan, transfer_guard
from crypto_monitor.scanner.tick import MonitorStalled
from crypto_monitor.stores import transfers as transfer_store
from paycorex import parameters, set_aside
from paycorex.records.crypto_transaction import CryptoTransactionItem
from tests.fakes import paper_chain
from tests.fakes.paper_chain import PaperChain, on_paper, timed_tick
from tests.support.chain import transfers
from tests.support.logs import Log
from tests.support.watched_chain import watch
from tests.support.world import Signer, World

ADDRESS, OTHER = "0x" + "ab" * 20, "0x" + "cd" * 20
ETHER, USDC = 10**18, 10**6
DEEP = 80
NO_ACCOUNT = "0x" + "0" * 40


@pytest.fixture
def chain(world: World, merchant: Signer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperChain]:
    watch(world, merchant, ADDRESS)
    watch(world, world.register("Other"), OTHER)
    with on_paper(world, monkeypatch) as chain:
        assert timed_tick(chain)["problem"] is None
        yield chain


def statuses(world: World) -> list[tuple[str, str, str]]:
    return sorted((item.to_address, item.asset, item.status) for item in transfers(world))


@pytest.mark.parametrize("which", [0, 1])
def test_a_transaction_without_money_that_one_node_lists_stops_no_chain(world: World, chain: PaperChain, which: int) -> None:
    """Polygon's state-sync transaction: no coins, from and to no account, under the block's one hash."""
    sync = {"hash": "0x" + "5c" * 32, "from": NO_ACCOUNT, "to": NO_ACCOUNT, "value": "0x0"}
    chain.sent[sync["hash"]] = sync

    def lie(node: int, method: str, params: list[Any], result: Any) -> Any:
        if node == which and method == "eth_getBlockByNumber" and result is not None:
            return {**result, "transactions": [*result["transactions"], sync if params[1] else sync["hash"]]}
        return result

    chain.lie = lie
    chain.mine([(ADDRESS, ETHER)])
    chain.mine_empty(DEEP)
    report = timed_tick(chain)
    assert (report["problem"], report["last"]) == (None, len(chain.blocks) - 1)
    assert statuses(world) == [(ADDRESS, "ETH", "confirmed")]


@pytest.mark.parametrize("name", ["parentHash", "timestamp"])
def test_another_parent_or_time_under_one_hash_is_disputed(world: World, chain: PaperChain, name: str) -> None:
    other = {"parentHash": "0x" + "9" * 64, "timestamp": hex(int(world.clock.now) + 7)}[name]

    def lie(node: int, method: str, params: list[Any], result: Any) -> Any:
        is_header = method == "eth_getBlockByNumber" and params[1] is False and str(params[0]).startswith("0x")
        return {**result, name: other} if node == 1 and is_header and result else result

    chain.mine([(ADDRESS, ETHER)])
    chain.lie = lie
    assert "different blocks" in timed_tick(chain)["problem"]
    assert statuses(world) == []


def test_new_addresses_of_nodes_act_after_minutes_without_a_deployment(world: World, chain: PaperChain) -> None:
    """What was noted about the node before under the same label does not hold for the new one."""
    from crypto_monitor import scanner_door

    before = scanner_door.transports()
    name = f"{world.settings.parameter_prefix}rpc-urls/ethereum"
    world.ssm.put_parameter(Name=name, Value="http://node-7 http://node-1", Type="SecureString", Overwrite=True)
    for _minute in range(3):
        timed_tick(chain)
    assert scanner_door.transports() == before
    scanner_door._rests["ethereum-0"] = int(world.clock.now * 1_000) + 3_600_000
    world.clock.now += 60
    report = timed_tick(chain)
    new = [transport for transport in scanner_door.transports() if transport not in before]
    assert [transport.calls > 0 for transport in new] == [True]
    assert report["problem"] is None


def test_a_tick_that_cannot_read_where_its_nodes_are_fails_and_says_why(world: World, chain: PaperChain) -> None:
    world.ssm.delete_parameter(Name=f"{world.settings.parameter_prefix}rpc-urls/ethereum")
    parameters.forget()
    cursor = world.dump()[world.settings.table("crypto_cursors")]
    with pytest.raises(parameters.ParameterMissing, match="paycorex secrets set rpc-urls/ethereum"):
        timed_tick(chain)
    assert world.dump()[world.settings.table("crypto_cursors")] == cursor


def hidden_logs(node: int, method: str, _params: list[Any], result: Any) -> Any:
    """One node's index has no log of the watched address, however it is asked."""
    is_hidden = node == 1 and method == "eth_getLogs"
    return [log for log in result if log["topics"][2][-40:] != ADDRESS[2:]] if is_hidden else result


def hidden_coins(node: int, method: str, params: list[Any], result: Any) -> Any:
    """One node's blocks have no payment to the watched address."""
    if node != 0 or method != "eth_getBlockByNumber" or not result:
        return result
    kept = [entry for entry in result["transactions"] if not params[1] or entry["to"] != ADDRESS]
    return {**result, "transactions": kept}


@pytest.mark.parametrize(("lie", "asset"), [(hidden_logs, "USDC"), (hidden_coins, "ETH")])
def test_a_payment_that_only_one_node_has_holds_the_network_for_three_ticks_and_is_credited_when_both_have_it(
    world: World, chain: PaperChain, log: Log, lie: Any, asset: str
) -> None:
    """Then what either has is recorded, with an alarm; others are credited, this one when the nodes agree."""
    chain.mine([(ADDRESS, ETHER)] if asset == "ETH" else [], [(ADDRESS, USDC)] if asset == "USDC" else [])
    chain.mine([(OTHER, ETHER)])
    chain.mine_empty(DEEP)
    chain.lie = lie
    for _ in range(3):
        with suppress(MonitorStalled):
            assert "different" in timed_tick(chain)["problem"]
        assert statuses(world) == []
    with suppress(MonitorStalled):
        timed_tick(chain)
    assert (OTHER, "ETH", "confirmed") in statuses(world)
    assert (ADDRESS, asset) in [(address, kind) for address, kind, _status in statuses(world)]
    assert scan.DIFFERENT in [line["message"] for line in log.lines]
    chain.lie = lambda _node, _method, _params, result: result
    chain.mine()
    timed_tick(chain)
    assert statuses(world) == [(ADDRESS, asset, "confirmed"), (OTHER, "ETH", "confirmed")]


def test_a_node_that_was_asked_too_often_rests_as_long_as_it_says(world: World, chain: PaperChain, monkeypatch: pytest.MonkeyPatch) -> None:
    """One post, not a smaller range; no post at all while it rests; then it confirms again."""
    posts = answering_with(chain, monkeypatch, {"code": -32005, "message": "Too Many Requests", "data": {"backoff_seconds": 150}})
    chain.mine([(ADDRESS, ETHER)])
    chain.mine_empty(DEEP)
    assert "credit waits" in timed_tick(chain)["problem"]
    assert posts == ["eth_chainId"]
    timed_tick(chain)
    assert posts == ["eth_chainId"]
    monkeypatch.undo()
    assert statuses(world) == [(ADDRESS, "ETH", "detected")]


@pytest.mark.parametrize("message", ["separate your ranges", "something new", "try a smaller one"])
def test_a_refusal_that_is_not_known_gets_a_smaller_range_and_then_another_node(
    world: World, chain: PaperChain, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    """The reader serves three blocks at a time, or none, and says so in words that were never seen before."""
    sizes: list[int] = []

    def refuse(calls: list[tuple[str, list[Any]]]) -> dict[str, Any] | None:
        full = sum(method == "eth_getBlockByNumber" and params[1] for method, params in calls)
        sizes.extend([full] if full else [])
        return {"code": -32000, "message": message} if full > 3 else None

    refusing(chain, monkeypatch, refuse)
    chain.mine([(ADDRESS, ETHER)])
    chain.mine_empty(DEEP)
    report = timed_tick(chain)
    assert (report["problem"], report["last"]) == (None, len(chain.blocks) - 1)
    assert sizes[:4] == [25, 12, 6, 3]
    assert statuses(world) == [(ADDRESS, "ETH", "confirmed")]


def answering_with(chain: PaperChain, monkeypatch: pytest.MonkeyPatch, error: dict[str, Any]) -> list[str]:
    """The second node answers everything with an error; the first calls of its posts."""
    posts: list[str] = []

    def refuse(calls: list[tuple[str, list[Any]]]) -> dict[str, Any]:
        posts.append(calls[0][0])
        return error

    refusing(chain, monkeypatch, refuse, position=1)
    return posts


def refusing(chain: PaperChain, monkeypatch: pytest.MonkeyPatch, refuse: Any, position: int = 0) -> None:
    from crypto_monitor import scanner_door

    paper_chain.restart()
    kind = paper_chain.transport_of(chain)
    truthful = kind.post

    def post(self: Any, calls: list[tuple[str, list[Any]]], seconds: float) -> list[dict[str, Any]]:
        error = refuse(calls) if self.position == position else None
        return truthful(self, calls, seconds) if error is None else [{"error": error} for _ in calls]

    monkeypatch.setattr(kind, "post", post)
    monkeypatch.setattr(scanner_door, "Web3Transport", kind)


def aside(loop: str) -> list[str]:
    return [row.item_id for row in set_aside.page(100, None)[0] if row.loop == loop]


def test_a_transfer_that_cannot_be_recorded_is_set_aside_and_recorded_later(
    world: World, chain: PaperChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.mine([(ADDRESS, ETHER), (OTHER, ETHER)])
    chain.mine_empty(DEEP)
    one, all_together = transfer_store.insert, transfer_store.insert_all

    def broken(cursor: Any, item: CryptoTransactionItem) -> Any:
        if item.to_address == ADDRESS:
            raise ValueError("not storable")
        return one(cursor, item)

    def broken_together(cursor: Any, items: Any, watchers: Any) -> None:
        if any(item.to_address == ADDRESS for item in items):
            raise ValueError("not storable")
        all_together(cursor, items, watchers)

    with monkeypatch.context() as patch:
        patch.setattr(transfer_store, "insert", broken)
        patch.setattr(transfer_store, "insert_all", broken_together)
        report = timed_tick(chain)
    assert (report["problem"], report["last"]) == (None, len(chain.blocks) - 1)
    assert statuses(world) == [(OTHER, "ETH", "confirmed")]
    assert len(aside(transfer_guard.recording("ethereum"))) == 1
    world.clock.now += 120
    chain.mine()
    for _ in range(2):
        timed_tick(chain)
    assert statuses(world) == [(ADDRESS, "ETH", "confirmed"), (OTHER, "ETH", "confirmed")]
    assert aside(transfer_guard.recording("ethereum")) == []


def test_a_transfer_that_cannot_be_judged_is_set_aside_and_judged_later(
    world: World, chain: PaperChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.mine([(ADDRESS, ETHER), (OTHER, ETHER)])
    chain.mine_empty(DEEP)
    change = transfer_store.change

    def broken(cursor: Any, item: CryptoTransactionItem, **values: Any) -> bool:
        if item.to_address == ADDRESS:
            raise ValueError("not to be judged")
        return change(cursor, item, **values)

    with monkeypatch.context() as patch:
        patch.setattr(transfer_store, "change", broken)
        assert timed_tick(chain)["problem"] is None
    assert statuses(world) == [(ADDRESS, "ETH", "detected"), (OTHER, "ETH", "confirmed")]
    assert len(aside(transfer_guard.judging("ethereum"))) == 1
    world.clock.now += 120
    timed_tick(chain)
    assert statuses(world) == [(ADDRESS, "ETH", "confirmed"), (OTHER, "ETH", "confirmed")]
    assert aside(transfer_guard.judging("ethereum")) == []
