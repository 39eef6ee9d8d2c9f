"""What payments need to know of the chain: whether a merchant's transaction pays a refund, and how far the chain has been scanned."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crypto_monitor.chain import transaction_lookup
from crypto_monitor.chain.node_set import is_stale
from crypto_monitor.chain.shapes import HASH, Receipt, Transaction
from crypto_monitor.chain.transaction_lookup import Facts, ProviderUnavailable
from crypto_monitor.stores import addresses as address_store
from crypto_monitor.stores import busy_addresses as busy_store
from crypto_monitor.stores import cursors as cursor_store
from crypto_monitor.stores.busy_addresses import STREAM_DELAY_MS
from paycorex import clock, storage
from paycorex.evm.networks import Asset, Network

__all__ = [
    "STREAM_DELAY_MS",
    "Inspection",
    "Order",
    "ProviderUnavailable",
    "TransactionStatus",
    "claim_transaction",
    "has_passed",
    "inspect",
    "is_hash",
    "settled_block",
]


class TransactionStatus(StrEnum):
    """PAID: in a block, and it pays the order. PENDING: not in a block yet, or nodes differ. FAILED: reverted. OTHER: it pays something
    else, or is older than the order. UNKNOWN: no node has it."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Inspection:
    """The result of an inspection. is_final: a quorum of nodes agrees, and no reorganisation can change it (UNKNOWN: a quorum agrees)."""

    status: TransactionStatus
    is_final: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What a transaction is to pay: at least these units to a canonical address, in a block after this one."""

    network: Network
    recipient: str
    asset: Asset
    units: int
    after_block: int | None = None


def is_hash(text: str) -> bool:
    """True for the shape of a transaction's hash."""
    return HASH.fullmatch(text) is not None


def settled_block(network: Network) -> int | None:
    """A transaction sent from now on is in a later block than this; None where the monitor has not scanned the network."""
    cursor = cursor_store.find(network.name)
    if cursor is None or cursor.number is None:
        return None
    return max(int(cursor.number) - network.confirmations, 0)


def has_passed(network: Network, moment_ms: int, address: str) -> bool:
    """True when every block made by that time was scanned for this address, and what was found has had time to reach the payments.

    Also true where the monitor has not scanned the network: there is nothing to wait for.
    """
    cursor = cursor_store.find(network.name)
    if cursor is None or cursor.block_time is None:
        return True
    if int(cursor.block_time) <= moment_ms or clock.now_ms() <= int(cursor.behind_at or 0) + STREAM_DELAY_MS:
        return False
    at = busy_store.entries(cursor).get(address)
    # An address that is not busy is scanned with the network.
    return at is None or (at.time_ms > moment_ms and clock.now_ms() > at.late_at + STREAM_DELAY_MS)


def claim_transaction(order: Order, tx_hash: str, order_id: str) -> storage.Write:
    """Assign a transaction to this order. The write is refused where the transaction is assigned to another order."""
    return address_store.claim_transaction(order.network.name, tx_hash, order_id)


def inspect(order: Order, tx_hash: str) -> Inspection:
    """Check whether a transaction pays an order. Raises ProviderUnavailable."""
    quorum = transaction_lookup.quorum(order.network)
    collected: list[Facts] = []
    for facts in transaction_lookup.answers(order.network, tx_hash):
        collected.append(facts)
        newest = max(head for _sent, _receipt, head in collected)
        current = [each for each in collected if not is_stale(order.network, each[2], newest)]
        inspection = _agreed([_inspected(order, each) for each in current], quorum)
        # Nodes differ while a block spreads, so the next node is asked. Usually there is none left, and the result is not final.
        if inspection.is_final:
            break
    return inspection


def _agreed(inspections: Sequence[Inspection], quorum: int) -> Inspection:
    """The status on which a quorum agrees and which no node contradicts. A node without the transaction contradicts nothing."""
    kinds = {inspection.status for inspection in inspections}
    decided = kinds & {TransactionStatus.PAID, TransactionStatus.FAILED, TransactionStatus.OTHER}
    said = decided or kinds
    if len(said) == 1:
        votes = [inspection for inspection in inspections if inspection.status in said]
        if len(votes) >= quorum or len(kinds) == 1:
            return Inspection(votes[0].status, sum(inspection.is_final for inspection in votes) >= quorum)
    return Inspection(
        TransactionStatus.PENDING if kinds & {TransactionStatus.PAID, TransactionStatus.PENDING} else inspections[0].status, is_final=False
    )


def _inspected(order: Order, facts: Facts) -> Inspection:
    sent, receipt, head = facts
    if sent is None:
        return Inspection(TransactionStatus.UNKNOWN, is_final=True)
    is_deep = receipt is not None and head - receipt.block_number + 1 >= order.network.confirmations
    if receipt is not None and not receipt.succeeded:
        return Inspection(TransactionStatus.FAILED, is_deep)
    is_old = receipt is not None and order.after_block is not None and receipt.block_number <= order.after_block
    if is_old or not _pays(order, sent, receipt):
        return Inspection(TransactionStatus.OTHER, is_deep)
    return Inspection(TransactionStatus.PENDING if receipt is None else TransactionStatus.PAID, is_deep)


def _pays(order: Order, sent: Transaction, receipt: Receipt | None) -> bool:
    if order.asset.contract is None:
        return sent.recipient == order.recipient and sent.value >= order.units
    if receipt is None:
        # What a token's transaction moves is known only when it is in a block.
        return sent.recipient == order.asset.contract
    return any(
        log.contract == order.asset.contract and log.recipient == order.recipient and log.value >= order.units for log in receipt.transfers
    )
