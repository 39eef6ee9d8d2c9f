"""What a token transfer really moved: the holder's balance before and after its block, compared with the block's logs.

A token may keep a fee on the way, or write a log and move nothing. Where the nodes still have the state of those blocks, the balances
decide, and a quorum must agree that less arrived than was logged. Where no node has it (old blocks, no archive), the log of the
allow-listed contract decides.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.chain.shapes import Log
from paycorex.records.crypto_transaction import CryptoTransactionItem

# (contract, holder, block number, block hash)
BalanceKey = tuple[str, str, int, str]
# What arrived, and what came in according to the logs, where the two differ.
Opinion = tuple[int, int]
AS_LOGGED: Final[Opinion] = (1, 1)


def received(node_set: NodeSet, items: Sequence[CryptoTransactionItem]) -> dict[str, int]:
    """The amount that each token transfer credited, by transfer id; those on which nodes differ, or too few respond, are left out."""
    groups: dict[BalanceKey, list[CryptoTransactionItem]] = defaultdict(list)
    for item in items:
        if item.contract is not None:
            groups[item.contract, item.to_address, int(item.block_number), item.block_hash].append(item)
    opinions: dict[BalanceKey, list[Opinion]] = {key: [] for key in groups}
    answered = 0
    for node in list(node_set.live) if groups else ():
        try:
            for key, opinion in _opinions(node, list(groups)).items():
                opinions[key].append(opinion)
            answered += 1
        except NodeFailure as failure:
            node_set.drop(node, failure)
    if answered < node_set.quorum:
        return {}
    amounts: dict[str, int] = {}
    for key, group in groups.items():
        common = _common(opinions[key], node_set.quorum)
        if common is not None:
            arrived, logged = common
            amounts |= {item.transfer_id: int(item.amount) * arrived // logged for item in group}
    return amounts


def _common(opinions: Sequence[Opinion], quorum: int) -> Opinion | None:
    """The common opinion of the nodes that have the state; None when they differ, or when fewer than a quorum contradict the log."""
    if not opinions:
        return AS_LOGGED
    if len(set(opinions)) > 1 or (opinions[0] != AS_LOGGED and len(opinions) < quorum):
        return None
    return opinions[0]


def _opinions(node: Node, keys: Sequence[BalanceKey]) -> dict[BalanceKey, Opinion]:
    """Per holder and block. A key whose state the node does not have is left out."""
    asked = [(contract, holder, at) for contract, holder, number, _hash in keys for at in (number - 1, number)]
    balances = node.token_balances(asked)
    moved = [
        (key, before, after)
        for key, before, after in zip(keys, balances[0::2], balances[1::2], strict=True)
        if before is not None and after is not None
    ]
    logs_of = node.logs_of_blocks([(block_hash, [contract]) for (contract, _holder, _number, block_hash), _before, _after in moved])
    return {key: _opinion(key[1], before, after, logs) for (key, before, after), logs in zip(moved, logs_of, strict=True)}


def _opinion(holder: str, before: int, after: int, logs: Sequence[Log]) -> Opinion:
    came_in = sum(log.value for log in logs if log.recipient == holder)
    went_out = sum(log.value for log in logs if log.sender == holder)
    arrived = min(max(after - before + went_out, 0), came_in)
    return AS_LOGGED if arrived == came_in else (arrived, came_in)
