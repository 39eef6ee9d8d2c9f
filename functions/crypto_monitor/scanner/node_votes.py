"""Votes of the nodes on a recorded transfer. It is read again from all of them before it is decided."""

from collections.abc import Sequence
from enum import StrEnum

from crypto_monitor.chain.failures import NodeFailure
from crypto_monitor.chain.node import Node, NodeStatus
from crypto_monitor.chain.node_set import NodeSet
from crypto_monitor.chain.shapes import Block, Receipt, Transaction
from crypto_monitor.scanner import block_transfers
from paycorex.records.crypto_transaction import CryptoTransactionItem

# A transaction and its receipt, as far as the node has them.
Facts = tuple[Transaction | None, Receipt | None]


class Verdict(StrEnum):
    """FINAL: in the chain, deep enough. FAILED: reverted. VANISHED: its block is not in the chain. WAIT: too early, or too few nodes to
    say. CONTRADICTED: the nodes contradict each other, so nothing is decided."""

    FINAL = "final"
    FAILED = "failed"
    VANISHED = "vanished"
    WAIT = "wait"
    CONTRADICTED = "contradicted"


def judge(node_set: NodeSet, items: Sequence[CryptoTransactionItem]) -> dict[str, Verdict]:
    """A verdict per transfer id. It needs a quorum that agrees and no node that disagrees. One or two posts per node for 100 transfers."""
    votes: dict[str, list[Verdict]] = {item.transfer_id: [] for item in items}
    if not items:
        return {}
    for node in list(node_set.live):
        try:
            for item, vote in zip(items, _votes(node, node_set.live[node], items), strict=True):
                votes[item.transfer_id].append(vote)
        except NodeFailure as failure:
            node_set.drop(node, failure)
    return {identifier: _together(cast, node_set.quorum) for identifier, cast in votes.items()}


def _together(votes: Sequence[Verdict], quorum: int) -> Verdict:
    if Verdict.CONTRADICTED in votes:
        return Verdict.CONTRADICTED
    decided = [vote for vote in votes if vote is not Verdict.WAIT]
    if len(set(decided)) > 1:
        return Verdict.CONTRADICTED
    return decided[0] if len(decided) >= quorum else Verdict.WAIT


def _votes(node: Node, status: NodeStatus, items: Sequence[CryptoTransactionItem]) -> list[Verdict]:
    numbers = sorted({int(item.block_number) for item in items})
    hashes = list(dict.fromkeys(item.tx_hash for item in items))
    headers = node.headers(numbers)
    facts = node.transactions(hashes)
    return [_vote(node, status, item, headers.get(int(item.block_number)), facts[item.tx_hash]) for item in items]


def _vote(node: Node, status: NodeStatus, item: CryptoTransactionItem, header: Block | None, facts: Facts) -> Verdict:
    if header is None:
        return Verdict.WAIT
    if header.hash != item.block_hash:
        return Verdict.VANISHED
    sent, receipt = facts
    if receipt is None or receipt.block_hash != item.block_hash or sent is None:
        return Verdict.CONTRADICTED
    if not receipt.succeeded:
        return Verdict.FAILED
    if not (_same_coins(item, sent) if item.contract is None else _same_tokens(item, receipt)):
        return Verdict.CONTRADICTED
    return Verdict.FINAL if _is_deep(node, status, int(item.block_number)) else Verdict.WAIT


def _is_deep(node: Node, status: NodeStatus, number: int) -> bool:
    deep = status.head.number - number + 1 >= node.network.confirmations
    return deep and (not node.network.finalized or (status.finalized is not None and number <= status.finalized))


def _same_coins(item: CryptoTransactionItem, sent: Transaction) -> bool:
    return sent.recipient == item.to_address and sent.value == int(item.amount)


def _same_tokens(item: CryptoTransactionItem, receipt: Receipt) -> bool:
    """Compared by the transfer key, which contains what was moved: the record's amount is what arrived of it."""
    return item.transfer_id.split(":")[1] in {key for _log, key in block_transfers.transfer_keys(receipt.transfers)}
