"""What a token transfer really moved: the holder's balance before and after its block, against what the block's logs say.

A token may keep a fee on the way, or write a log and move nothing. Where a node still has the state of those blocks, the balance decides;
where none has (old blocks, no archive), the log of the allow-listed contract is believed.
"""

from collections import defaultdict
from collections.abc import Sequence

from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.node import Node
from crypto_monitor.chain.panel import Panel
from paycorex.records.crypto_transaction import CryptoTransactionItem

# (contract, holder, block number, block hash)
Place = tuple[str, str, int, str]


def received(panel: Panel, items: Sequence[CryptoTransactionItem]) -> dict[str, int]:
    """The amount that each token transfer credited, by transfer id; those on which nodes differ, or too few answer, are left out."""
    groups: dict[Place, list[CryptoTransactionItem]] = defaultdict(list)
    for item in items:
        if item.contract is not None:
            groups[item.contract, item.to_address, int(item.block_number), item.block_hash].append(item)
    opinions: dict[Place, set[tuple[int, int]]] = {place: set() for place in groups}
    answered = 0
    for node in list(panel.live) if groups else ():
        try:
            for place, opinion in _opinions(node, list(groups)).items():
                opinions[place].add(opinion)
            answered += 1
        except NodeFailure as failure:
            panel.drop(node, failure)
    if answered < panel.quorum:
        return {}
    amounts: dict[str, int] = {}
    for place, group in groups.items():
        if len(opinions[place]) > 1:
            continue
        arrived, logged = next(iter(opinions[place]), (1, 1))
        for item in group:
            amounts[item.transfer_id] = int(item.amount) * arrived // logged
    return amounts


def _opinions(node: Node, places: Sequence[Place]) -> dict[Place, tuple[int, int]]:
    """What arrived and what the logs say had come in, per holder and block, where the two differ; (1, 1) where they do not."""
    asked = [(contract, holder, at) for contract, holder, number, _hash in places for at in (number - 1, number)]
    balances = node.token_balances(asked)
    found: dict[Place, tuple[int, int]] = {}
    for position, place in enumerate(places):
        before, after = balances[2 * position], balances[2 * position + 1]
        if before is None or after is None:
            continue
        contract, holder, _number, block_hash = place
        logs = node.logs_of_block(block_hash, [contract])
        came_in = sum(log.value for log in logs if log.recipient == holder)
        went_out = sum(log.value for log in logs if log.sender == holder)
        arrived = min(max(after - before + went_out, 0), came_in)
        found[place] = (1, 1) if arrived == came_in else (arrived, came_in)
    return found
