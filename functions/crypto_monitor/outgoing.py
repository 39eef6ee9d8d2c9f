"""Transactions that a merchant sent: did one pay what it was to pay?

The payments room asks for refunds, which merchants sign themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crypto_monitor import address_store, asking, cursor_store
from crypto_monitor.asking import Facts, ProviderUnavailable
from crypto_monitor.chain.shapes import HASH, Receipt
from paycorex import storage
from paycorex.evm.networks import Asset, Network

__all__ = ["Order", "ProviderUnavailable", "Seen", "Sight", "is_hash", "look", "settled_block", "spend"]


class Seen(StrEnum):
    """PAID: in a block, and it pays. PENDING: it will, or nodes differ. FAILED: reverted. OTHER: it pays something else, or was there
    before there was anything to pay. UNKNOWN: no such one."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen. is_final: a quorum of nodes says so, and a reorganisation will not change it (of UNKNOWN: a quorum says so)."""

    seen: Seen
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
    """A block that no transaction made from now on can be in or before; None where the monitor has not seen the network."""
    cursor = cursor_store.find(network.name)
    if cursor is None or cursor.number is None:
        return None
    return max(int(cursor.number) - network.confirmations, 0)


def spend(order: Order, tx_hash: str, order_id: str) -> storage.Write:
    """Have a transaction pay this order and no other; the write is refused where it pays another one."""
    return address_store.spend(order.network.name, tx_hash, order_id)


def look(order: Order, tx_hash: str) -> Sight:
    """Whether a transaction pays an order. Raises ProviderUnavailable."""
    quorum = asking.quorum(order.network)
    return _together([_sight(order, facts) for facts in asking.answers(order.network, tx_hash, enough=quorum)], quorum)


def _together(sights: Sequence[Sight], quorum: int) -> Sight:
    kinds = {sight.seen for sight in sights}
    if len(kinds) == 1:
        return Sight(sights[0].seen, sum(sight.is_final for sight in sights) >= quorum)
    return Sight(Seen.PENDING if kinds & {Seen.PAID, Seen.PENDING} else sights[0].seen, is_final=False)


def _sight(order: Order, facts: Facts) -> Sight:
    raw, receipt, head = facts
    if not isinstance(raw, Mapping):
        return Sight(Seen.UNKNOWN, is_final=True)
    is_deep = receipt is not None and head - receipt.block_number + 1 >= order.network.confirmations
    if receipt is not None and not receipt.succeeded:
        return Sight(Seen.FAILED, is_deep)
    is_old = receipt is not None and order.after_block is not None and receipt.block_number <= order.after_block
    if is_old or not _pays(order, raw, receipt):
        return Sight(Seen.OTHER, is_deep)
    return Sight(Seen.PENDING if receipt is None else Seen.PAID, is_deep)


def _pays(order: Order, raw: Mapping[str, Any], receipt: Receipt | None) -> bool:
    target = str(raw.get("to")).lower()
    if order.asset.contract is None:
        return target == order.recipient and int(str(raw["value"]), 16) >= order.units
    if receipt is None:
        # What a token's transaction moves is known once it is in a block.
        return target == order.asset.contract
    return any(
        log.contract == order.asset.contract and log.recipient == order.recipient and log.value >= order.units for log in receipt.transfers
    )
