"""A chain on paper: blocks that a test writes, nodes that answer from them, and time that passes only as calls cost it.

No real waiting and no real node: a tick of 25 seconds with ten thousand transfers takes as long as the monitor's own code does.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

# web3 changes the interpreter's recursion limit when it is imported, which hypothesis does not like to see in the middle of a test.
import crypto_monitor.chain.web3_transport  # noqa: F401
from crypto_monitor.chain.shapes import TRANSFER_TOPIC
from paycorex import aws
from paycorex.evm.networks import ETHEREUM, Network
from tests.support.world import World

# Milliseconds: a post to a node, each call in it; a call to the store, each item in it.
POST_MS, CALL_MS, STORE_MS, ITEM_MS = 80, 1, 6, 0.4
TICK_MS = 25_000
NO_BLOOM = "0x" + "0" * 512
PAYER = "0x" + "11" * 20


class OutOfTime(BaseException):
    """What Lambda does to a function whose time is over."""


def _truthful(_node: int, _method: str, _params: list[Any], result: Any) -> Any:
    return result


def _digest(*parts: object) -> str:
    return "0x" + hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()


@dataclass
class PaperChain:
    """Blocks by number, each with its transactions and Transfer logs, and their receipts."""

    world: World
    network: Network = ETHEREUM
    blocks: list[dict[str, Any]] = field(default_factory=list)
    logs: list[list[dict[str, Any]]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=dict)
    # How Lambda's time stands, and what changes an answer: (node, method, params, result) -> result.
    deadline: float = 0.0
    lie: Callable[[int, str, list[Any], Any], Any] = field(default=_truthful)
    posts: int = 0

    def mine(self, coins: Sequence[tuple[str, int]] = (), tokens: Sequence[tuple[str, int]] = (), *, branch: str = "") -> int:
        """A block with these transfers, (recipient, units): coins first, then USDC, each in a transaction of its own. Its number."""
        number = len(self.blocks)
        identity = _digest("block", number, branch, len(coins), len(tokens))
        contract = self.network.asset("USDC").contract
        entries = [self._transaction(number, place, to, units, identity) for place, (to, units) in enumerate(coins)]
        calls = [self._transaction(number, len(coins) + place, str(contract), 0, identity) for place in range(len(tokens))]
        transactions = [*entries, *calls]
        block: dict[str, Any] = {
            "number": hex(number),
            "hash": identity,
            "parentHash": self.blocks[-1]["hash"] if self.blocks else "0x" + "0" * 64,
            "timestamp": hex(int(self.world.clock.now) + number // 10_000),
            "logsBloom": NO_BLOOM,
            "transactions": transactions,
        }
        logs = [self._log(block, call, place, to, units) for place, (call, (to, units)) in enumerate(zip(calls, tokens, strict=True))]
        self.blocks.append(block)
        self.logs.append(logs)
        for entry in block["transactions"]:
            self.sent[entry["hash"]] = entry
            self.receipts[entry["hash"]] = self._receipt(
                block, entry["hash"], [log for log in logs if log["transactionHash"] == entry["hash"]]
            )
        return number

    def mine_empty(self, blocks: int) -> None:
        for _ in range(blocks):
            self.mine()

    def drop(self, blocks: int) -> None:
        """A reorganisation: the last blocks are no more."""
        del self.blocks[-blocks:]
        del self.logs[-blocks:]

    def _transaction(self, number: int, place: int, to: str, units: int, block_hash: str) -> dict[str, Any]:
        return {"hash": _digest("tx", block_hash, number, place), "from": PAYER, "to": to, "value": hex(units)}

    @staticmethod
    def _log(block: dict[str, Any], call: dict[str, Any], place: int, to: str, units: int) -> dict[str, Any]:
        topics = [TRANSFER_TOPIC, "0x" + PAYER[2:].rjust(64, "0"), "0x" + to[2:].rjust(64, "0")]
        where = {"blockNumber": block["number"], "blockHash": block["hash"], "transactionHash": call["hash"], "logIndex": hex(place)}
        return {"address": call["to"], "topics": topics, "data": f"0x{units:064x}", **where}

    @staticmethod
    def _receipt(block: dict[str, Any], tx_hash: str, logs: list[dict[str, Any]]) -> dict[str, Any]:
        return {"transactionHash": tx_hash, "blockNumber": block["number"], "blockHash": block["hash"], "status": "0x1", "logs": logs}

    def answer(self, method: str, params: list[Any]) -> Any:
        """What a truthful node says."""
        answers: dict[str, Callable[..., Any]] = {
            "eth_chainId": lambda: hex(self.network.chain_id),
            "eth_getBlockByNumber": self._block,
            "eth_getLogs": self._logs,
            "eth_getTransactionReceipt": self.receipts.get,
            "eth_getTransactionByHash": self.sent.get,
            "eth_getBlockReceipts": self._block_receipts,
            "eth_call": lambda call, _number: self._call(call),
        }
        return answers[method](*params)

    def _block_receipts(self, which: str) -> Any:
        number = int(which, 16)
        known = number < len(self.blocks)
        return [self.receipts[entry["hash"]] for entry in self.blocks[number]["transactions"]] if known else None

    def _block(self, which: str, full: bool) -> Any:
        number = {"latest": len(self.blocks) - 1, "finalized": len(self.blocks) - 65}.get(which)
        number = int(which, 16) if number is None else max(number, 0)
        if number >= len(self.blocks):
            return None
        block = self.blocks[number]
        return block if full else {**block, "transactions": [entry["hash"] for entry in block["transactions"]]}

    def _logs(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        if "blockHash" in query:
            numbers = [at for at, block in enumerate(self.blocks) if block["hash"] == query["blockHash"]]
        else:
            numbers = list(range(int(query["fromBlock"], 16), min(int(query["toBlock"], 16) + 1, len(self.blocks))))
        return [log for at in numbers for log in self.logs[at] if log["address"] in query["address"]]

    def _call(self, call: dict[str, Any]) -> str:
        """Coins by the code that reads many balances; of a token there is no state any more."""
        if "to" in call:
            raise LookupError
        holders = ["0x" + call["data"][at + 24 : at + 64] for at in range(74, len(call["data"]), 64)]
        return "0x" + "".join(f"{self.balances.get(holder, 0):064x}" for holder in holders)

    def spend(self, milliseconds: float) -> None:
        """Let time pass. Raises OutOfTime when Lambda's is over: what was asked last was not carried out."""
        self.world.clock.now += milliseconds / 1000
        if self.world.clock.now > self.deadline:
            raise OutOfTime


@dataclass
class Budgeted:
    """Lambda's context, in the world's own time."""

    chain: PaperChain

    def get_remaining_time_in_millis(self) -> int:
        return int((self.chain.deadline - self.chain.world.clock.now) * 1000)


class CostlyStore:
    """The world's store, where every call takes its time."""

    def __init__(self, chain: PaperChain, client: Any) -> None:
        self._chain = chain
        self._client = client

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def paid(**request: Any) -> Any:
            items = len(request.get("TransactItems", ())) + sum(len(part["Keys"]) for part in request.get("RequestItems", {}).values())
            self._chain.spend(STORE_MS + items * ITEM_MS)
            answer = call(**request)
            self._chain.spend(len(answer.get("Items", ())) * ITEM_MS / 10 if isinstance(answer, dict) else 0)
            return answer

        return paid


def transport_of(chain: PaperChain) -> Any:
    """The class that carries the monitor's calls to this chain's nodes."""

    class PaperTransport:
        made = 0

        def __init__(self, _url: str) -> None:
            self.calls = self.posts = 0
            self.position = PaperTransport.made
            PaperTransport.made += 1

        def post(self, calls: Sequence[tuple[str, list[Any]]], _timeout_seconds: float) -> list[dict[str, Any]]:
            self.calls += len(calls)
            self.posts += 1
            chain.posts += 1
            chain.spend(POST_MS + CALL_MS * len(calls))
            return [self._reply(method, params) for method, params in calls]

        def _reply(self, method: str, params: list[Any]) -> dict[str, Any]:
            try:
                return {"result": chain.lie(self.position, method, params, chain.answer(method, params))}
            except LookupError:
                return {"error": {"code": -32000, "message": "missing trie node"}}

        def read_header(self, _network: Network, _timeout_seconds: float) -> None:
            chain.spend(POST_MS)

    return PaperTransport


@contextmanager
def on_paper(world: World, monkeypatch: pytest.MonkeyPatch, *, nodes: int = 2) -> Iterator[PaperChain]:
    """A chain of one block, with nodes that the scanner's settings name."""
    from crypto_monitor import scanner_door

    chain = PaperChain(world)
    chain.mine()
    monkeypatch.setattr(scanner_door, "Web3Transport", transport_of(chain))
    urls = " ".join(f"http://node-{position}" for position in range(nodes))
    world.follow("ethereum", urls)
    restart()
    yield chain
    restart()


def restart() -> None:
    """New environments."""
    from crypto_monitor import scanner_door
    from crypto_monitor.scanner import watchlist

    watchlist.forget()
    scanner_door.forget()


def timed_tick(chain: PaperChain, milliseconds: int = TICK_MS, context: Budgeted | None = None) -> dict[str, Any]:
    """A minute later, a tick of the real handler that is stopped when its time is over, wherever it is: {"stopped": True} then."""
    from crypto_monitor import scanner_door

    chain.world.clock.now += 60
    chain.deadline = chain.world.clock.now + milliseconds / 1000
    aws.use("dynamodb", CostlyStore(chain, chain.world.dynamo))
    try:
        return scanner_door.handler({"network": chain.network.name}, context or Budgeted(chain))
    except OutOfTime:
        restart()
        return {"stopped": True}
    finally:
        aws.use("dynamodb", chain.world.dynamo)
