"""A scanner against a real node: anvil, its tokens at the real contracts' addresses, and ticks of the real handler."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

# web3 changes the interpreter's recursion limit when it is imported, which hypothesis does not like to see in the middle of a test.
import crypto_monitor.chain.web3_transport  # noqa: F401
from local.chain import Chain, NoAnvil, running
from local.chain_contracts import runtime_code
from paycorex.evm.networks import NETWORKS, Network
from paycorex.records.crypto_transaction import CryptoTransactionItem
from tests.fakes.rpc_proxy import RpcProxy
from tests.support import tools
from tests.support.world import START_SECONDS, World

# An account key of no merchant: the external addresses of m/44'/60'/0' of the mnemonic "test test ... junk".
JUNK_MNEMONIC = "test test test test test test test test test test test junk"
# A contract that pays several addresses at once.
DISPERSER = "0x" + "d1" * 20
# Fixed, so that the same transaction sent after a reorganisation has the same hash.
GAS_PRICE = 100 * 10**9
# Paris: later rules make anvil mine five times slower, and differ in nothing that is looked at here.
GENESIS = ("--no-mining", "--hardfork", "paris", "--order", "fifo", "--timestamp", str(int(START_SECONDS) - 100_000))


@dataclass
class Context:
    """Lambda's context, with a budget that real time uses up or a fixed number of looks does."""

    milliseconds: int = 60_000
    step: int = 0

    def get_remaining_time_in_millis(self) -> int:
        self.milliseconds -= self.step
        return self.milliseconds


@dataclass
class TestChain:
    """One network's chain with two nodes before it (proxies, so that each can lie)."""

    __test__ = False

    network: Network
    node: Chain
    proxies: list[RpcProxy]
    payers: list[str] = field(default_factory=list)

    def rpc(self, method: str, *params: Any) -> Any:
        return self.node.rpc(method, *params)

    def mine(self, blocks: int = 1) -> None:
        self.rpc("anvil_mine", hex(blocks), hex(1))

    def head(self) -> int:
        return int(self.rpc("eth_blockNumber"), 16)

    def deploy(self, symbol: str, code: str | None = None) -> str:
        """Put a token's code at the address of the real one."""
        contract = self.network.asset(symbol).contract
        assert contract is not None
        self.rpc("anvil_setCode", contract, code or runtime_code("Token"))
        return contract

    def send(self, to: str, units: int, *, data: str = "0x", payer: int = 0) -> str:
        """A transaction into the pool; its hash."""
        call = {"from": self.payers[payer], "to": to, "value": hex(units), "data": data, "gas": hex(300_000), "gasPrice": hex(GAS_PRICE)}
        result: str = self.rpc("eth_sendTransaction", call)
        return result

    def mint(self, contract: str, units: int, payer: int = 0) -> None:
        self.send(contract, 0, data="0x40c10f19" + _words(int(self.payers[payer], 16), units), payer=payer)

    def send_token(self, contract: str, to: str, units: int, *, payer: int = 0) -> str:
        return self.send(contract, 0, data="0xa9059cbb" + _words(int(to, 16), units), payer=payer)

    def send_tokens(self, contract: str, payouts: Sequence[tuple[str, int]], *, payer: int = 0) -> str:
        """Several transfers in one transaction, out of what DISPERSER has. What it pays is decided when it is mined."""
        self.rpc("anvil_setCode", DISPERSER, runtime_code("Disperser"))
        stored = [int(contract, 16), len(payouts), *(word for to, units in payouts for word in (int(to, 16), units))]
        for slot, word in enumerate(stored):
            self.rpc("anvil_setStorageAt", DISPERSER, hex(slot), f"0x{word:064x}")
        return self.send(DISPERSER, 0, payer=payer)

    def urls(self, *, proxied: bool) -> str:
        return " ".join(proxy.url for proxy in self.proxies) if proxied else f"{self.node.url} {self.node.url}/"

    def heal(self) -> None:
        for proxy in self.proxies:
            proxy.heal()


def _words(*values: int) -> str:
    return "".join(f"{value:064x}" for value in values)


@contextmanager
def chain_running(network: Network, *options: str) -> Iterator[TestChain]:
    """An anvil with two proxies; skips the test when anvil cannot be had."""
    with ExitStack() as stack:
        try:
            node = stack.enter_context(running(network.chain_id, options=(*GENESIS, *options)))
        except NoAnvil as reason:
            tools.missing(f"no anvil: {reason}")
        proxies = [stack.enter_context(RpcProxy(node.url).running()) for _ in range(2)]
        yield TestChain(network, node, proxies, node.rpc("eth_accounts"))


def use_chain(world: World, chain: TestChain, *, proxied: bool = True) -> None:
    """Point the world's settings at the chain's proxies (or at the node itself), and forget what environments know."""
    world.follow(chain.network.name, chain.urls(proxied=proxied))
    forget()


def forget() -> None:
    """New environments of the scanner and the crypto door."""
    # Doors make their clients when they are imported, so a world must be running by then.
    from crypto_monitor import scanner_door
    from crypto_monitor.chain import transaction_lookup
    from crypto_monitor.scanner import watchlist

    watchlist.forget()
    scanner_door.forget()
    transaction_lookup.forget()


def tick(chain: TestChain, context: Context | None = None) -> dict[str, Any]:
    """One tick of the real handler."""
    from crypto_monitor import scanner_door

    return scanner_door.handler({"network": chain.network.name}, context or Context())


def transfers(world: World) -> list[CryptoTransactionItem]:
    """Every recorded transfer, oldest first."""
    table = world.settings.table("crypto_transactions")
    items = [CryptoTransactionItem.load(item) for item in world.dynamo.dump()[table]]
    return sorted(items, key=lambda item: (int(item.detected_at), item.transfer_id))


__all__ = ["NETWORKS", "Context", "TestChain", "chain_running", "forget", "tick", "transfers", "use_chain"]
