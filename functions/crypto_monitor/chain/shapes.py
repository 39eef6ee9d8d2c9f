"""Blocks, transactions, logs and receipts, parsed from a node's JSON and checked for shape and size only.

Everything is bounded: numbers by their type, lists by far more entries than any block has had. A response that does not fit is
`Unreachable`: the node is not used in this tick.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crypto_monitor.chain.failures import Unreachable
from paycorex.evm.keccak import keccak256

HASH: Final = re.compile(r"0x[0-9a-f]{64}", re.ASCII)
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)
_WORD: Final = re.compile(r"0x[0-9a-fA-F]{64}", re.ASCII)
_BLOOM: Final = re.compile(r"0x[0-9a-fA-F]{512}", re.ASCII)
TRANSFER_TOPIC: Final = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
_BLOOM_BITS: Final = 2048
# A block's number, a moment in seconds and a place in a block: the store's numbers hold them, and a date can be made of the second.
MAX_NUMBER: Final = 10**15
MAX_SECONDS: Final = 10**11
# A block of 21,000 gas a transaction, or 375 a log, at more than thirty times of what any of the networks has allowed.
MAX_TRANSACTIONS: Final = 100_000
MAX_LOGS: Final = 500_000


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a transaction says about coins. recipient: None when it creates a contract. position: its place in the block, from 0."""

    hash: str
    sender: str
    recipient: str | None
    value: int
    position: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A block or its header.

    time: seconds since the epoch. tx_hashes: of all its transactions, in order. transactions: of a full block only.
    """

    number: int
    hash: str
    parent_hash: str
    time: int
    bloom: int
    tx_hashes: tuple[str, ...]
    transactions: tuple[Transaction, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """A Transfer(address indexed from, address indexed to, uint256 value) of a contract."""

    contract: str
    block_number: int
    block_hash: str
    tx_hash: str
    index: int
    sender: str
    recipient: str
    value: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a transaction. succeeded: False when it was reverted."""

    tx_hash: str
    block_number: int
    block_hash: str
    succeeded: bool
    transfers: tuple[Log, ...]


def block(raw: Any) -> Block | None:
    """A block; None when the node has none there. Raises Unreachable for anything else."""
    return _read("a block", raw, _block)


def transaction(raw: Any) -> Transaction | None:
    """A transaction; None when the node does not know it. Raises Unreachable for anything else."""
    return _read("a transaction", raw, _transaction)


def receipt(raw: Any) -> Receipt | None:
    """A receipt; None when the node has none. Raises Unreachable for anything else."""
    return _read("a receipt", raw, _receipt)


def logs(raw: Any) -> tuple[Log, ...]:
    """The Transfer logs of an eth_getLogs answer. Raises Unreachable."""
    return _read("logs", raw, _logs) or ()


def block_logs(raw: Any) -> tuple[Log, ...]:
    """The Transfer logs of an eth_getBlockReceipts answer, whatever else its receipts are. Raises Unreachable."""
    return _read("block receipts", raw, _block_logs) or ()


def chain_id(raw: Any) -> int | None:
    """The number of a network; None for anything else."""
    return int(raw, 16) if isinstance(raw, str) and _QUANTITY.fullmatch(raw) else None


def words(raw: Any, count: int) -> list[int]:
    """So many 32-byte words of a call's result. Raises Unreachable."""
    if not isinstance(raw, str) or len(raw) != 2 + 64 * count or re.fullmatch(r"0x[0-9a-fA-F]*", raw) is None:
        raise Unreachable("an answer of unknown shape")
    return [int(raw[at : at + 64], 16) for at in range(2, len(raw), 64)]


def _read[T](what: str, raw: Any, reader: Callable[[Any], T]) -> T | None:
    if raw is None:
        return None
    try:
        return reader(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreachable(f"{what} of unknown shape: {type(error).__name__}") from None


def _block(raw: Any) -> Block:
    entries = _list(raw["transactions"], MAX_TRANSACTIONS)
    full = [(position, entry) for position, entry in enumerate(entries) if isinstance(entry, Mapping)]
    return Block(
        number=_number(raw["number"]),
        hash=_hash(raw["hash"]),
        parent_hash=_hash(raw["parentHash"]),
        time=_bounded(raw["timestamp"], MAX_SECONDS),
        bloom=int(_matched(_BLOOM, raw["logsBloom"]), 16),
        tx_hashes=tuple(_hash(entry["hash"] if isinstance(entry, Mapping) else entry) for entry in entries),
        transactions=tuple(_transaction(entry, position) for position, entry in full),
    )


def _transaction(raw: Any, position: int = 0) -> Transaction:
    recipient = raw.get("to")
    return Transaction(
        hash=_hash(raw["hash"]),
        sender=_address(raw["from"]),
        recipient=None if recipient is None else _address(recipient),
        value=int(_matched(_QUANTITY, raw["value"]), 16),
        position=position,
    )


def _receipt(raw: Any) -> Receipt:
    return Receipt(
        tx_hash=_hash(raw["transactionHash"]),
        block_number=_number(raw["blockNumber"]),
        block_hash=_hash(raw["blockHash"]),
        succeeded=_number(raw["status"]) == 1,
        transfers=_logs(raw["logs"]),
    )


def _logs(raw: Any) -> tuple[Log, ...]:
    return tuple(found for found in map(_log, _list(raw, MAX_LOGS)) if found is not None)


def _block_logs(raw: Any) -> tuple[Log, ...]:
    return tuple(log for each in _list(raw, MAX_TRANSACTIONS) for log in _logs(each["logs"]))


def _log(raw: Any) -> Log | None:
    """A Transfer log of ERC-20's shape; None for any other log (an NFT's has four topics), and for one that was taken back."""
    topics = raw["topics"]
    if raw.get("removed") or len(topics) != 3 or topics[0] != TRANSFER_TOPIC or len(raw["data"]) != 66:
        return None
    return Log(
        contract=_address(raw["address"]),
        block_number=_number(raw["blockNumber"]),
        block_hash=_hash(raw["blockHash"]),
        tx_hash=_hash(raw["transactionHash"]),
        index=_number(raw["logIndex"]),
        sender="0x" + _matched(_WORD, topics[1])[-40:].lower(),
        recipient="0x" + _matched(_WORD, topics[2])[-40:].lower(),
        value=int(_matched(_WORD, raw["data"]), 16),
    )


def bloom_mask(*parts: str) -> int:
    """The bits that a log with this address and topics sets in its block's bloom filter (Yellow Paper 4.3.1)."""
    mask = 0
    for part in parts:
        digest = keccak256(bytes.fromhex(part[2:]))
        for pair in (0, 2, 4):
            mask |= 1 << (int.from_bytes(digest[pair : pair + 2]) % _BLOOM_BITS)
    return mask


def _list(raw: Any, most: int) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > most:
        raise ValueError("no list, or too long a one")
    return raw


def _matched(pattern: re.Pattern[str], text: Any) -> str:
    if not isinstance(text, str) or pattern.fullmatch(text) is None:
        raise ValueError("not of its kind")
    return text


def _hash(text: Any) -> str:
    return _matched(HASH, text)


def _address(text: Any) -> str:
    return _matched(_ADDRESS, text).lower()


def _number(text: Any) -> int:
    return _bounded(text, MAX_NUMBER)


def _bounded(text: Any, most: int) -> int:
    number = int(_matched(_QUANTITY, text), 16)
    if number > most:
        raise ValueError("too large a number")
    return number
