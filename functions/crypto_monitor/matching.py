"""Matching: which transfers of a block go to watched addresses. Pure; looks at what was read, asks nobody.

Seen: coins sent by a transaction itself, and Transfer logs of allow-listed contracts. Not seen: coins that a contract sends inside (a
multisig, an exchange's batch); those leave no trace in blocks or logs, so balances are compared instead (see `balances`).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from crypto_monitor.chain.shapes import Block, Log
from paycorex.evm.networks import Asset, Network
from paycorex.records.crypto_transaction import NATIVE

# Of SHA-256: enough that nobody can write two transfers that look like one.
_DIGEST_CHARACTERS: Final = 32


@dataclass(frozen=True, slots=True)
class Found:
    """A transfer in a block. place: which of its transaction's, see `token_places`, or NATIVE. amount: in the asset's smallest units."""

    tx_hash: str
    place: str
    sender: str
    recipient: str
    asset: Asset
    amount: int
    block: Block


def native(network: Network, block: Block, watched: Collection[str]) -> Iterable[Found]:
    """Coins that transactions of the block send to watched addresses. Whether they succeeded is in their receipts."""
    for transaction in block.transactions:
        recipient = transaction.get("to")
        if recipient is None:
            continue
        recipient = recipient.lower()
        if recipient in watched:
            amount = int(transaction["value"], 16)
            if amount > 0:
                yield Found(transaction["hash"], NATIVE, transaction["from"].lower(), recipient, network.native, amount, block)


def tokens(network: Network, block: Block, logs: Iterable[Log], watched: Collection[str]) -> Iterable[Found]:
    """Tokens that the block moves to watched addresses. Transfers of nothing, which only imitate an address, are none."""
    for log, place in token_places(logs):
        if log.recipient in watched and log.value > 0:
            asset = network.token_at(log.contract)
            if asset is not None:
                yield Found(log.tx_hash, place, log.sender, log.recipient, asset, log.value, block)


def token_places(logs: Iterable[Log]) -> Iterator[tuple[Log, str]]:
    """Each log with its place: a digest of what it moves, and how many of the same its transaction has before it.

    A reorganisation shifts a log's index in its block, and a transaction that is carried out again may move something else: neither may
    turn one transfer's record into another's.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for log in sorted(logs, key=lambda log: log.index):
        moved = f"{log.contract}:{log.sender}:{log.recipient}:{log.value}"
        digest = hashlib.sha256(moved.encode()).hexdigest()[:_DIGEST_CHARACTERS]
        yield log, f"{digest}-{seen[log.tx_hash, digest]}"
        seen[log.tx_hash, digest] += 1
