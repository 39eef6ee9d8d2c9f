"""Whatever happens to the chain, its nodes and the ticks: in the end what is credited is what the chain says, exactly.

Random transfers, blocks, reorganisations 1 to 12 deep (deeper than credit waits for, so credits are taken back, too), nodes that fail and
lie, and ticks that are killed at any call to the store or have hardly any time, against anvil. The money goes to payments' addresses, and
the settlement follows: the ledger, too, ends as the chain does.
"""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crypto_monitor.scanner.tick import MonitorStalled
from local.crypto_demo import XPUB
from paycorex import aws
from paycorex.evm import networks
from payments.crypto.state import CryptoState
from tests.fakes import rpc_proxy
from tests.fakes.faults import Fault, FaultyClient, Killed, Nth
from tests.fakes.rpc_proxy import RpcProxy
from tests.support.chain import DISPERSER, Context, TestChain, chain_running, forget, tick, transfers, use_chain
from tests.support.crypto import Monitor, books_of, pay_by_crypto
from tests.support.payments import settings as support_settings
from tests.support.payments import stored
from tests.support.world import World

EXAMPLES = int(os.environ.get("CHAIN_TRUTH_EXAMPLES", "15"))
PAYMENTS = 3
PATIENCE_SECONDS = 8.0
FLOOR = networks.ETHEREUM.confirmations
UNIT = 10**15


def _fault(how: str) -> Callable[[RpcProxy], None]:
    return lambda proxy: setattr(proxy, "fault", lambda: how)


def _lie(lie: rpc_proxy.Lie) -> Callable[[RpcProxy], None]:
    return lambda proxy: proxy.lies.append(lie)


def _patience(seconds: float) -> None:
    pytest.MonkeyPatch().setattr("crypto_monitor.scanner_door.NODE_TIMEOUT_SECONDS", seconds)


def _silent(proxy: RpcProxy) -> None:
    """Never answers. The monitor's patience is cut short for it, or a tick would take as long as a real one."""
    _patience(0.4)
    proxy.fault = lambda: "timeout"


TROUBLE: dict[str, Callable[[RpcProxy], None]] = {
    "429": _fault("429"),
    "timeout": _silent,
    "half": _fault("half"),
    "lying hash": _lie(rpc_proxy.lying_hash),
    "truncated logs": _lie(rpc_proxy.truncated_logs(1)),
    "empty logs": _lie(rpc_proxy.empty_logs),
    "forged receipt": _lie(rpc_proxy.forged_receipt),
    "null blocks": _lie(rpc_proxy.null_blocks),
    "wrong chain": _lie(rpc_proxy.wrong_chain),
    "small ranges": _lie(rpc_proxy.range_limit(2)),
    "no state": _lie(rpc_proxy.without_state),
    "nothing moved": _lie(rpc_proxy.balances("0x" + "0" * 64)),
    "no contract": _lie(rpc_proxy.balances("0x")),
}


@dataclass
class Story:
    """The world, and what an action needs to know of it."""

    world: World
    chain: TestChain
    usdc: str
    monitor: Monitor
    addresses: list[str]
    records: list[dict[str, Any]] = field(default_factory=list)

    def pay(self, target: int, units: int) -> None:
        self.chain.send(self.addresses[target], units * UNIT, payer=target)

    def pay_token(self, target: int, units: int) -> None:
        self.chain.send_token(self.usdc, self.addresses[target], units * 10_000, payer=target)

    def pay_tokens(self, payouts: list[tuple[int, int]]) -> None:
        """In one transaction, out of one contract: a later one before the block is mined changes what both pay."""
        self.chain.send_tokens(self.usdc, [(self.addresses[target], units * 10_000) for target, units in payouts])

    def mine(self, blocks: int) -> None:
        self.chain.mine(blocks)

    def reorg(self, depth: int) -> None:
        depth = min(depth, self.chain.head() - 4)  # the tokens' own blocks stay
        if depth > 0:
            self.chain.rpc("anvil_reorg", depth, [])

    def trouble(self, which: int, kind: str) -> None:
        TROUBLE[kind](self.chain.proxies[which])

    def stale(self, which: int, behind: int) -> None:
        self.chain.proxies[which].lies.append(rpc_proxy.stale_head(max(self.chain.head() - behind, 0)))

    def heal(self) -> None:
        _patience(PATIENCE_SECONDS)
        self.chain.heal()

    def tick(self, milliseconds: int = 60_000, step: int = 0) -> None:
        self.world.clock.now += 60
        with suppress(MonitorStalled):  # the alarm; the next tick tries again
            tick(self.chain, Context(milliseconds, step))

    def hear(self) -> None:
        """The settlement gets the stream's records since the last look."""
        records = self.monitor.stream()
        self.records += records
        assert self.monitor.deliver(records) == {"batchItemFailures": []}

    def killed_tick(self, position: int, fault: Fault) -> None:
        self.world.clock.now += 60
        aws.use("dynamodb", FaultyClient(self.world.dynamo, Nth(position, fault)))
        try:
            tick(self.chain)
        except (Killed, MonitorStalled):
            forget()
        finally:
            aws.use("dynamodb", self.world.dynamo)
        self.world.clock.now += 60


def _action(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.just(name), *arguments)


TARGETS = st.integers(0, PAYMENTS - 1)
ACTIONS = st.one_of(
    _action("pay", TARGETS, st.integers(1, 9)),
    _action("pay_token", TARGETS, st.integers(1, 9)),
    _action("pay_tokens", st.lists(st.tuples(TARGETS, st.integers(1, 2)), min_size=1, max_size=4)),
    _action("mine", st.integers(1, 3)),
    _action("mine", st.just(FLOOR)),
    _action("reorg", st.integers(1, 12)),
    _action("trouble", st.integers(0, 1), st.sampled_from(sorted(TROUBLE))),
    _action("stale", st.integers(0, 1), st.integers(1, 20)),
    _action("heal"),
    _action("tick"),
    _action("tick", st.integers(1_300, 4_000), st.integers(20, 200)),
    _action("hear"),
    _action("killed_tick", st.integers(1, 25), st.sampled_from([Fault.KILL_BEFORE, Fault.KILL_AFTER])),
)


def truth(chain: TestChain, addresses: list[str]) -> Counter[tuple[str, str, int]]:
    """(address, asset, units) of every transfer in the final chain, read from the node itself and not by the product's code."""
    found: Counter[tuple[str, str, int]] = Counter()
    usdc = chain.network.asset("USDC").contract
    for number in range(1, chain.head() + 1):
        block = chain.rpc("eth_getBlockByNumber", hex(number), True)
        for transaction in block["transactions"]:
            receipt = chain.rpc("eth_getTransactionReceipt", transaction["hash"])
            if receipt["status"] != "0x1":
                continue
            if transaction["to"] in addresses:
                found[transaction["to"], "ETH", int(transaction["value"], 16)] += 1
            for log in receipt["logs"]:
                recipient = "0x" + log["topics"][2][-40:]
                if log["address"] == usdc and recipient in addresses:
                    found[recipient, "USDC", int(log["data"], 16)] += 1
    return found


def booked(records: list[dict[str, Any]]) -> Counter[tuple[str, str, int]]:
    """What the stream of events credits and takes back, one after the other; a transfer is never credited twice over."""
    net: Counter[tuple[str, str, int]] = Counter()
    credited: set[str] = set()
    last: dict[str, int] = {}
    for record in records:
        image = record["dynamodb"]["NewImage"]
        transfer, sequence = image["transfer_id"]["S"], int(image["sequence"]["N"])
        if sequence == last.get(transfer, 0):
            continue
        assert sequence == last.get(transfer, 0) + 1
        last[transfer] = sequence
        entry = (image["to_address"]["S"], image["asset"]["S"], int(image["amount"]["S"]))
        if image["event"]["S"] == "crypto.confirmed":
            assert transfer not in credited
            credited.add(transfer)
            net[entry] += 1
        elif image["event"]["S"] == "crypto.reorged" and transfer in credited:
            credited.remove(transfer)
            net[entry] -= 1
    return +net


def worth(found: Counter[tuple[str, str, int]], payments: dict[str, str]) -> int:
    """What transfers are worth in minor units, each at the rates that its payment locked."""
    rates = {address: CryptoState.of(stored(payment_id)).rates for address, payment_id in payments.items()}
    return sum(count * rates[address].worth(units, asset) for (address, asset, units), count in found.items())


@pytest.mark.timeout(max(300, 30 * EXAMPLES))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTIONS, min_size=6, max_size=30))
@example([("stale", 0, 1), ("mine", 1), ("pay", 0, 1), ("trouble", 1, "lying hash"), ("mine", 12), ("tick",)])
@example([("trouble", 0, "forged receipt"), ("pay", 0, 1), ("mine", 1), ("tick",), ("heal",), ("tick",)])
@example([("pay", 0, 5), ("trouble", 1, "timeout"), ("mine", 1), ("tick",), ("reorg", 1), ("mine", 1), ("tick", 1_500, 100)])
@example([("pay_tokens", [(0, 1), (1, 2), (0, 1)]), ("mine", 1), ("tick",), ("reorg", 1), ("pay", 0, 1), ("pay_tokens", [(1, 2), (0, 1)])])
def test_what_is_credited_is_what_the_chain_says(actions: list[tuple[Any, ...]]) -> None:
    with World().running() as world, chain_running(networks.ETHEREUM, "--slots-in-an-epoch", "1") as chain:
        use_chain(world, chain)
        merchant = world.register()
        support_settings(world, merchant, xpubs={"ethereum": XPUB})
        made = [pay_by_crypto(world, merchant) for _ in range(PAYMENTS)]
        payments = {payment["next_action"]["address"].lower(): str(payment["payment_id"]) for payment in made}
        usdc = chain.deploy("USDC")
        for payer in range(PAYMENTS):
            chain.mint(usdc, 10**12, payer)
        chain.send_token(usdc, DISPERSER, 10**11)
        chain.mine(3)
        story = Story(world, chain, usdc, Monitor(world, merchant), list(payments))
        story.tick()
        for name, *arguments in actions:
            getattr(story, name)(*arguments)
        story.heal()
        forget()
        chain.mine(FLOOR + 10)
        for _ in range(6):
            story.tick()
        story.hear()
        confirmed = Counter((item.to_address, item.asset, int(item.amount)) for item in transfers(world) if item.status == "confirmed")
        assert confirmed == truth(chain, story.addresses)
        assert booked(story.records) == confirmed
        assert -books_of(merchant).clearing == worth(confirmed, payments)
        assert {item.status for item in transfers(world)} <= {"confirmed", "reorged"}
