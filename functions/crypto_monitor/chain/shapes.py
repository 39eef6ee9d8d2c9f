"""What a chain says, in plain form: blocks, logs and receipts, checked for shape and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crypto_monitor.chain.failures import Unreachable
from paycorex.evm.keccak import keccak256

HASH: Final = re.compile(r"0x[0-9a-f]{64}", re.ASCII)
TRANSFER_TOPIC: Final = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
_BLOOM_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class Block:
    """A block or its header.

    time: seconds since the epoch. tx_hashes: of all its transactions, in order. transactions: raw, of a full block only.
    """

    number: int
    hash: str
    parent_hash: str
    time: int
    bloom: int
    tx_hashes: tuple[str, ...]
    transactions: tuple[Mapping[str, Any], ...]


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
    """What became of a transaction. succeeded: False when it was reverted."""

    tx_hash: str
    block_number: int
    block_hash: str
    succeeded: bool
    transfers: tuple[Log, ...]


def block(raw: Any) -> Block | None:
    """A block; None when the node has none there. Raises Unreachable for anything else."""
    if raw is None:
        return None
    try:
        transactions = tuple(entry for entry in raw["transactions"] if isinstance(entry, Mapping))
        tx_hashes = tuple(entry["hash"] if isinstance(entry, Mapping) else entry for entry in raw["transactions"])
        return Block(
            number=int(raw["number"], 16),
            hash=_hash(raw["hash"]),
            parent_hash=_hash(raw["parentHash"]),
            time=int(raw["timestamp"], 16),
            bloom=int(raw["logsBloom"], 16),
            tx_hashes=tx_hashes,
            transactions=transactions,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable(f"a block of unknown shape: {type(error).__name__}") from None


def transfer_log(raw: Mapping[str, Any]) -> Log | None:
    """A Transfer log of ERC-20's shape; None for any other log (an NFT's has four topics), and for one that was taken back."""
    topics = raw["topics"]
    if raw.get("removed") or len(topics) != 3 or topics[0] != TRANSFER_TOPIC or len(raw["data"]) != 66:
        return None
    return Log(
        contract=raw["address"].lower(),
        block_number=int(raw["blockNumber"], 16),
        block_hash=_hash(raw["blockHash"]),
        tx_hash=_hash(raw["transactionHash"]),
        index=int(raw["logIndex"], 16),
        sender="0x" + topics[1][-40:].lower(),
        recipient="0x" + topics[2][-40:].lower(),
        value=int(raw["data"], 16),
    )


def logs(raw: Any) -> tuple[Log, ...]:
    """The Transfer logs of an eth_getLogs answer. Raises Unreachable."""
    if not isinstance(raw, list):
        raise Unreachable("logs of unknown shape")
    try:
        return tuple(found for found in map(transfer_log, raw) if found is not None)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable(f"a log of unknown shape: {type(error).__name__}") from None


def receipt(raw: Any) -> Receipt | None:
    """A receipt; None when the node has none. Raises Unreachable."""
    if raw is None:
        return None
    try:
        return Receipt(
            tx_hash=_hash(raw["transactionHash"]),
            block_number=int(raw["blockNumber"], 16),
            block_hash=_hash(raw["blockHash"]),
            succeeded=int(raw["status"], 16) == 1,
            transfers=logs(raw["logs"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable(f"a receipt of unknown shape: {type(error).__name__}") from None


def bloom_mask(*parts: str) -> int:
    """The bits that a log with this address and topics sets in its block's bloom filter (Yellow Paper 4.3.1)."""
    mask = 0
    for part in parts:
        digest = keccak256(bytes.fromhex(part[2:]))
        for pair in (0, 2, 4):
            mask |= 1 << (int.from_bytes(digest[pair : pair + 2]) % _BLOOM_BITS)
    return mask


def _hash(text: str) -> str:
    if HASH.fullmatch(text) is None:
        raise ValueError("not a hash")
    return text
