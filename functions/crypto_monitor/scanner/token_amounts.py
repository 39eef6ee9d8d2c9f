"""What a token transfer really moved: the holder's balance before and after its block, against what the block's logs say.

A token may keep a fee on the way, or write a log and move nothing. Where the nodes still have the state of those blocks, the balances
decide, and it takes a quorum of them to say that less arrived than was logged. Where none has (old blocks, no archive), the log of the
allow-listed contract is believed.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.node_set import Panel
from crypto_monitor.chain.shapes import Log
from paycorex.records.crypto_transaction import CryptoTransactionItem

# (contract, holder, block number, block hash)
Place = tuple[str, str, int, str]
# What arrived and what the logs say had come in, where the two differ.
Opinion = tuple[int, int]
AS_LOGGED: Final[Opinion] = (1, 1)


def received(panel: Panel, items: Sequence[CryptoTransactionItem]) -> dict[str, int]:
    """The amount that each token transfer credited, by transfer id; those on which nodes differ, or too few speak, are left out."""
    groups: dict[Place, list[CryptoTransactionItem]] = defaultdict(list)
    for item in items:
        if item.contract is not None:
            groups[item.contract, item.to_address, int(item.block_number), item.block_hash].append(item)
    opinions: dict[Place, list[Opinion]] = {place: [] for place in groups}
    answered = 0
    for node in list(panel.live) if groups else ():
        try:
            for place, opinion in _opinions(node, list(groups)).items():
                opinions[place].append(opinion)
            answered += 1
        except NodeFailure as failure:
            panel.drop(node, failure)
    if answered < panel.quorum:
        return {}
    amounts: dict[str, int] = {}
    for place, group in groups.items():
        common = _common(opinions[place], panel.quorum)
        if common is not None:
            arrived, logged = common
            amounts |= {item.transfer_id: int(item.amount) * arrived // logged for item in group}
    return amounts


def _common(opinions: Sequence[Opinion], quorum: int) -> Opinion | None:
    """What the nodes that have the state say; None when they differ, or when fewer than a quorum contradict the log."""
    if not opinions:
        return AS_LOGGED
    if len(set(opinions)) > 1 or (opinions[0] != AS_LOGGED and len(opinions) < quorum):
        return None
    return opinions[0]


def _opinions(node: Node, places: Sequence[Place]) -> dict[Place, Opinion]:
    """Per holder and block. A place whose state the node does not have is left out."""
    asked = [(contract, holder, at) for contract, holder, number, _hash in places for at in (number - 1, number)]
    balances = node.token_balances(asked)
    moved = [
        (place, before, after)
        for place, before, after in zip(places, balances[0::2], balances[1::2], strict=True)
        if before is not None and after is not None
    ]
    told = node.logs_of_blocks([(block_hash, [contract]) for (contract, _holder, _number, block_hash), _before, _after in moved])
    return {place: _opinion(place[1], before, after, logs) for (place, before, after), logs in zip(moved, told, strict=True)}


def _opinion(holder: str, before: int, after: int, logs: Sequence[Log]) -> Opinion:
    came_in = sum(log.value for log in logs if log.recipient == holder)
    went_out = sum(log.value for log in logs if log.sender == holder)
    arrived = min(max(after - before + went_out, 0), came_in)
    return AS_LOGGED if arrived == came_in else (arrived, came_in)
