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


# Where a transfer stands in its block: coins in the order of transactions, then tokens in the order of logs.
_COINS: Final = "c"
_TOKENS: Final = "t"


@dataclass(frozen=True, slots=True)
class Found:
    """A transfer in a block. amount: in the asset's smallest units.

    place: which of its transaction's, see `transfer_keys`, or NATIVE. order: text that sorts as the block's transfers do.
    """

    tx_hash: str
    transfer_key: str
    sender: str
    recipient: str
    asset: Asset
    amount: int
    block: Block
    sequence: str = ""


def native(network: Network, block: Block, watched: Collection[str]) -> Iterable[Found]:
    """Coins that transactions of the block send to watched addresses, but for dust. Whether they succeeded is in their receipts."""
    for sent in block.transactions:
        if sent.recipient is not None and sent.recipient in watched and not network.native.is_dust(sent.value):
            sequence = f"{_COINS}{sent.position:06d}"
            yield Found(sent.hash, NATIVE, sent.sender, sent.recipient, network.native, sent.value, block, sequence)


def tokens(network: Network, block: Block, logs: Iterable[Log], watched: Collection[str]) -> Iterable[Found]:
    """Tokens that the block moves to watched addresses, but for dust (transfers of nothing among it, which only imitate an address)."""
    for log, transfer_key in transfer_keys(logs):
        asset = network.token_at(log.contract) if log.recipient in watched else None
        if asset is not None and not asset.is_dust(log.value):
            yield Found(log.tx_hash, transfer_key, log.sender, log.recipient, asset, log.value, block, f"{_TOKENS}{log.index:016d}")


def transfer_keys(logs: Iterable[Log]) -> Iterator[tuple[Log, str]]:
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
