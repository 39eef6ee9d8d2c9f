"""Transactions that a merchant sent: did one pay what it was to pay?

The payments room asks for refunds, which merchants sign themselves.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from crypto_monitor import asking
from crypto_monitor.asking import ProviderUnavailable
from crypto_monitor.chain.shapes import HASH, Receipt
from paycorex.evm.networks import Asset, Network

__all__ = ["ProviderUnavailable", "Seen", "is_hash", "look"]


class Seen(StrEnum):
    """FINAL: it pays, deep enough. PENDING: it pays, or will. FAILED: reverted. OTHER: it pays something else. UNKNOWN: no such one."""

    FINAL = "final"
    PENDING = "pending"
    FAILED = "failed"
    OTHER = "other"
    UNKNOWN = "unknown"


def is_hash(text: str) -> bool:
    """True for the shape of a transaction's hash."""
    return HASH.fullmatch(text) is not None


def look(network: Network, tx_hash: str, *, recipient: str, asset: Asset, units: int) -> Seen:
    """Whether a transaction pays at least these units to a canonical address. Raises ProviderUnavailable."""
    raw, receipt, head = asking.transaction(network, tx_hash)
    if not isinstance(raw, Mapping):
        return Seen.UNKNOWN
    if receipt is not None and not receipt.succeeded:
        return Seen.FAILED
    if not _pays(raw, receipt, recipient, asset, units):
        return Seen.OTHER
    deep = receipt is not None and head - receipt.block_number + 1 >= network.confirmations
    return Seen.FINAL if deep else Seen.PENDING


def _pays(raw: Mapping[str, Any], receipt: Receipt | None, recipient: str, asset: Asset, units: int) -> bool:
    target = str(raw.get("to")).lower()
    if asset.contract is None:
        return target == recipient and int(str(raw["value"]), 16) >= units
    if receipt is None:
        # What a token's transaction moves is known once it is in a block.
        return target == asset.contract
    return any(log.contract == asset.contract and log.recipient == recipient and log.value >= units for log in receipt.transfers)
