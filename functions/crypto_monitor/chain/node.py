"""One node and the calls that the monitor makes. Every result is a claim of this node alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from crypto_monitor.chain import shapes
from crypto_monitor.chain.failures import Narrower, StateGone, Unreachable, WrongChain
from crypto_monitor.chain.replies import Call, Reply, Transport, result_of
from crypto_monitor.chain.shapes import Block, Log, Receipt, Transaction
from paycorex.evm.networks import Network

# How many calls go into one HTTP request: what free plans of the large providers take.
MAX_BATCH: Final = 100
DEFAULT_TIMEOUT_SECONDS: Final = 8.0
# For every 32-byte word after this code, as an address: its balance. In order: copy the words to memory, loop over them replacing each
# (MLOAD, BALANCE, MSTORE), return them.
BALANCES_CODE: Final = "0x6024380380602460003960005b81811015601f578051318152602001600c565b506000f3"
BALANCE_OF: Final = "0x70a08231" + "0" * 24


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """The newest block of a node. finalized: the number of the last finalized block, None when the node does not report it."""

    head: Block
    finalized: int | None


@dataclass(frozen=True, slots=True)
class LogAnswer:
    """Transfer logs as a node returned them. ends: hashes of the blocks in which a response ended: if it was cut, then there."""

    logs: tuple[Log, ...] = ()
    ends: frozenset[str] = frozenset()

    @classmethod
    def of(cls, logs: tuple[Log, ...]) -> "LogAnswer":
        """The answer of one call."""
        return cls(logs, frozenset(log.block_hash for log in logs[-1:]))

    def __add__(self, other: "LogAnswer") -> "LogAnswer":
        return LogAnswer(self.logs + other.logs, self.ends | other.ends)


class Node:
    """One of a network's nodes. label: the network and the index in the settings."""

    def __init__(self, label: str, network: Network, transport: Transport, timeout: Callable[[], float] | None = None) -> None:
        self.label: Final = label
        self.network: Final = network
        self.transport: Final = transport
        self._timeout = timeout or (lambda: DEFAULT_TIMEOUT_SECONDS)

    def ask(self, calls: Sequence[Call]) -> list[Reply]:
        """The replies, in order. Raises NodeFailure."""
        replies: list[Reply] = []
        for start in range(0, len(calls), MAX_BATCH):
            replies += self.transport.post(calls[start : start + MAX_BATCH], self._timeout())
        return replies

    def status(self) -> NodeStatus:
        """Check the chain id and read the newest and the finalized block. One post. Raises NodeFailure."""
        chain, head, finalized = self.ask(
            [("eth_chainId", []), ("eth_getBlockByNumber", ["latest", False]), ("eth_getBlockByNumber", ["finalized", False])]
        )
        found = shapes.chain_id(result_of(chain))
        if found != self.network.chain_id:
            raise WrongChain(f"it serves chain {found}, not {self.network.chain_id}")
        newest = shapes.block(result_of(head))
        if newest is None:
            raise Unreachable("it has no head")
        settled = None if finalized.get("error") else shapes.block(finalized.get("result"))
        return NodeStatus(newest, settled.number if settled else None)

    def headers(self, numbers: Iterable[int]) -> dict[int, Block]:
        """Headers by number; those that it does not have are left out. Raises NodeFailure."""
        return self._blocks(list(numbers), full=False)

    def _blocks(self, numbers: list[int], *, full: bool) -> dict[int, Block]:
        replies = self.ask([("eth_getBlockByNumber", [hex(number), full]) for number in numbers])
        found = (shapes.block(result_of(reply)) for reply in replies)
        return {number: block for number, block in zip(numbers, found, strict=True) if block is not None and block.number == number}

    def scan(self, first: int, last: int, contracts: Sequence[str]) -> tuple[dict[int, Block], LogAnswer]:
        """Full blocks of a range and the Transfer logs of these contracts in it: one post, unless the node wants smaller ranges.

        Raises NodeFailure.
        """
        numbers = list(range(first, last + 1))
        calls: list[Call] = [("eth_getBlockByNumber", [hex(number), True]) for number in numbers]
        replies = self.ask([*calls, _range_query(first, last, contracts)])
        blocks = (shapes.block(result_of(reply)) for reply in replies[:-1])
        by_number = {number: block for number, block in zip(numbers, blocks, strict=True) if block is not None and block.number == number}
        return by_number, self._logs_of(replies[-1], first, last, contracts)

    def logs(self, first: int, last: int, contracts: Sequence[str]) -> LogAnswer:
        """Transfer logs of these contracts, in as many parts as the node wants. Raises NodeFailure."""
        return self._logs_of(self.ask([_range_query(first, last, contracts)])[0], first, last, contracts)

    def _logs_of(self, reply: Reply, first: int, last: int, contracts: Sequence[str]) -> LogAnswer:
        try:
            return LogAnswer.of(shapes.logs(result_of(reply)))
        except Narrower:
            if first == last:
                return LogAnswer(self.logs_of_block_receipts(first, contracts))
            middle = (first + last) // 2
            return self.logs(first, middle, contracts) + self.logs(middle + 1, last, contracts)

    def logs_of_block(self, block_hash: str, contracts: Sequence[str]) -> tuple[Log, ...]:
        """Transfer logs of one block, by its hash, so that they can belong to no other. Raises NodeFailure."""
        return self.logs_of_blocks([(block_hash, contracts)])[0]

    def logs_of_blocks(self, asked: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[Log, ...]]:
        """The same of several blocks, each with the contracts that are asked about, in order: a post for 100. Raises NodeFailure."""
        calls: list[Call] = [
            ("eth_getLogs", [{"blockHash": block_hash, "address": list(contracts), "topics": [shapes.TRANSFER_TOPIC]}])
            for block_hash, contracts in asked
        ]
        return [shapes.logs(result_of(reply)) for reply in self.ask(calls)]

    def logs_of_block_receipts(self, number: int, contracts: Sequence[str]) -> tuple[Log, ...]:
        """The same from the block's receipts, which no index stands between. Raises NodeFailure."""
        found = shapes.block_logs(result_of(self.ask([("eth_getBlockReceipts", [hex(number)])])[0]))
        return tuple(log for log in found if log.contract in contracts)

    def receipts(self, tx_hashes: Sequence[str]) -> dict[str, Receipt]:
        """Receipts by transaction; those that it does not have are left out. Raises NodeFailure."""
        replies = self.ask([("eth_getTransactionReceipt", [tx_hash]) for tx_hash in tx_hashes])
        found = (shapes.receipt(result_of(reply)) for reply in replies)
        return {tx_hash: receipt for tx_hash, receipt in zip(tx_hashes, found, strict=True) if receipt is not None}

    def sent(self, tx_hashes: Sequence[str]) -> dict[str, Transaction]:
        """Transactions by hash; those that it does not know are left out. Raises NodeFailure."""
        replies = self.ask([("eth_getTransactionByHash", [tx_hash]) for tx_hash in tx_hashes])
        found = (shapes.transaction(result_of(reply)) for reply in replies)
        return {tx_hash: entry for tx_hash, entry in zip(tx_hashes, found, strict=True) if entry is not None and entry.hash == tx_hash}

    def transactions(self, tx_hashes: Sequence[str]) -> dict[str, tuple[Transaction | None, Receipt | None]]:
        """Transactions (None where unknown) with their receipts. Raises NodeFailure."""
        calls: list[Call] = []
        for tx_hash in tx_hashes:
            calls += [("eth_getTransactionByHash", [tx_hash]), ("eth_getTransactionReceipt", [tx_hash])]
        replies = [result_of(reply) for reply in self.ask(calls)]
        return {tx_hash: (shapes.transaction(replies[2 * at]), shapes.receipt(replies[2 * at + 1])) for at, tx_hash in enumerate(tx_hashes)}

    def token_balances(self, asked: Sequence[tuple[str, str, int]]) -> list[int | None]:
        """balanceOf at the end of a block, for (contract, holder, block number). Raises NodeFailure.

        None where the state is gone, or shows no contract.
        """
        calls: list[Call] = [
            ("eth_call", [{"to": contract, "data": BALANCE_OF + holder[2:]}, hex(number)]) for contract, holder, number in asked
        ]
        return [_uint(reply) for reply in self.ask(calls)]

    def view(self, contract: str, data: str, *, words: int) -> list[int]:
        """The current result of a contract's view function, as that many 32-byte words. Raises NodeFailure."""
        return shapes.words(result_of(self.ask([("eth_call", [{"to": contract, "data": data}, "latest"])])[0]), words)

    def coin_balances(self, holders: Sequence[str], number: int) -> list[int]:
        """Balances at the end of a block: one call for all of them. Raises NodeFailure.

        A call without a recipient runs its data as code and returns what the code returns. So it needs no contract deployed anywhere.
        """
        data = BALANCES_CODE + "".join(holder[2:].rjust(64, "0") for holder in holders)
        return shapes.words(result_of(self.ask([("eth_call", [{"data": data}, hex(number)])])[0]), len(holders))

    def transaction(self, tx_hash: str) -> tuple[Transaction | None, Receipt | None, NodeStatus | None]:
        """A transaction, its receipt, and the node's status: one post. Raises NodeFailure."""
        raw, receipt, head = self.ask(
            [
                ("eth_getTransactionByHash", [tx_hash]),
                ("eth_getTransactionReceipt", [tx_hash]),
                ("eth_getBlockByNumber", ["latest", False]),
            ]
        )
        newest = shapes.block(result_of(head))
        return shapes.transaction(result_of(raw)), shapes.receipt(result_of(receipt)), NodeStatus(newest, None) if newest else None


def _range_query(first: int, last: int, contracts: Sequence[str]) -> Call:
    query = {"fromBlock": hex(first), "toBlock": hex(last), "address": list(contracts), "topics": [shapes.TRANSFER_TOPIC]}
    return "eth_getLogs", [query]


def _uint(reply: Reply) -> int | None:
    try:
        result = result_of(reply)
    except StateGone:
        return None
    # An empty answer means that there is no contract at that block, which says nothing of a holder.
    return None if result == "0x" else shapes.words(result, 1)[0]
