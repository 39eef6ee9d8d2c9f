"""The transfers of a block to watched addresses. Pure functions over the blocks that were read.

Found: coins that a transaction itself sends, and Transfer logs of allow-listed contracts. Not found: coins that a contract sends (a
multisig, an exchange's batch); blocks and logs do not show those, so balances are compared (see `balance_audit`).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from crypto_monitor.chain.shapes import Block, Log
from paycorex.evm.networks import Asset, Network
from paycorex.records.crypto_transaction import NATIVE

# Of SHA-256: enough to make a collision of two transfers infeasible.
_DIGEST_CHARACTERS: Final = 32


# The sequence of transfers in a block: coins in the order of transactions, then tokens in the order of logs.
_COINS: Final = "c"
_TOKENS: Final = "t"


@dataclass(frozen=True, slots=True)
class Found:
    """A transfer in a block. amount: in the asset's smallest units.

    transfer_key: which transfer of its transaction, see `transfer_keys`, or NATIVE. sequence: text that sorts as the block's transfers do.
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
    """Each log with its transfer key: a digest of what it moves, and how many equal transfers its transaction has before it.

    A reorganisation shifts a log's index in its block, and a transaction that is carried out again may move something else: neither may
    turn one transfer's record into another's.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for log in sorted(logs, key=lambda log: log.index):
        moved = f"{log.contract}:{log.sender}:{log.recipient}:{log.value}"
        digest = hashlib.sha256(moved.encode()).hexdigest()[:_DIGEST_CHARACTERS]
        yield log, f"{digest}-{seen[log.tx_hash, digest]}"
        seen[log.tx_hash, digest] += 1
