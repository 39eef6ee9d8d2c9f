"""Detecting: from a transfer in a block to a record per merchant that watches its recipient."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from crypto_monitor import address_store, deciding, matching, transfer_store
from crypto_monitor.chain.failures import Disputed, NodeFailure, Unreachable
from crypto_monitor.chain.panel import Panel
from crypto_monitor.chain.reading import Range
from crypto_monitor.cursor_store import CursorItem
from crypto_monitor.matching import Found
from crypto_monitor.watchlist import WatchList
from paycorex import clock, redaction
from paycorex.evm.networks import Network
from paycorex.records.crypto_address import CryptoAddressItem
from paycorex.records.crypto_transaction import (
    CONFIRMED,
    DETECTED,
    DUST,
    FAILED,
    NATIVE,
    REORGED,
    REVIEW,
    CryptoTransactionItem,
    record_id,
    state_key,
    transfer_id,
)
from paycorex.records.order import order_key
from paycorex.records.stamps import stamp

logger: Final = redaction.logger("crypto_scanner")


def detect(panel: Panel, cursor: CursorItem, read: Range, watched: WatchList) -> int:
    """Record every transfer of the range to a watched address; how many there were. Doing it twice changes nothing.

    Raises Unreachable when a receipt is missing, Disputed, LeaseLost, storage.Unavailable.
    """
    found = list(_matches(panel.network, read, watched))
    reverted = _reverted(panel, found)
    for transfer in found:
        for address_id in watched.ids_at[transfer.recipient]:
            watcher = address_store.find(address_id)
            if watcher is not None and watcher.is_active:
                item = drafted(panel.network, transfer, watcher, failed=transfer.tx_hash in reverted)
                _record(panel, cursor, item)
    return len(found)


def _matches(network: Network, read: Range, watched: WatchList) -> Iterable[Found]:
    for block in read.blocks:
        yield from matching.native(network, block, watched.ids_at)
        yield from matching.tokens(network, block, read.logs[block.hash], watched.ids_at)


def _reverted(panel: Panel, found: list[Found]) -> frozenset[str]:
    """Transactions that sent coins and were reverted, as a quorum of nodes says; what only one says is decided later.

    A reverted transaction has no logs, so tokens need no look.
    """
    sent = {transfer.tx_hash: transfer.block.hash for transfer in found if transfer.place == NATIVE}
    receipts = panel.reader.receipts(list(sent)) if sent else {}
    for tx_hash, block_hash in sent.items():
        if tx_hash not in receipts or receipts[tx_hash].block_hash != block_hash:
            raise Unreachable("the receipt of a transaction in a block is missing")
    votes = Counter(tx_hash for tx_hash, receipt in receipts.items() if not receipt.succeeded)
    suspected = list(votes)
    for witness in panel.witnesses if suspected else ():
        try:
            seen = witness.receipts(suspected)
        except NodeFailure as failure:
            panel.drop(witness, failure)
        else:
            votes.update(tx_hash for tx_hash, receipt in seen.items() if not receipt.succeeded and receipt.block_hash == sent[tx_hash])
    return frozenset(tx_hash for tx_hash, count in votes.items() if count >= panel.quorum)


def _record(panel: Panel, cursor: CursorItem, item: CryptoTransactionItem) -> None:
    known = transfer_store.insert(cursor, item)
    if known is None:
        logger.info("transfer found", extra={"network": item.network, "tx_hash": item.tx_hash, "status": item.status})
    elif known.status == REORGED or known.block_hash != item.block_hash:
        _move(panel, cursor, known, item)


def _move(panel: Panel, cursor: CursorItem, known: CryptoTransactionItem, item: CryptoTransactionItem) -> None:
    """A transaction came back in another block, or its block came back: it starts again. First the old block is taken back."""
    if known.status == DETECTED:
        transfer_store.change(cursor, known, event="crypto.reorged", status=REORGED)
    elif known.status == CONFIRMED and deciding.take_back_vanished(panel, cursor, [known])[0] == 0:
        # Money was credited for it: one node's word is not enough to take that back.
        raise Disputed(int(item.block_number), "a confirmed transfer is in two blocks")
    names = ("block_number", "block_hash", "block_time", "status", "from_address", "amount", "reason", "confirmations")
    values: dict[str, Any] = {name: getattr(item, name) for name in names}
    event = "crypto.detected" if item.status == DETECTED else None
    transfer_store.change(cursor, known, event=event, **values)


def drafted(
    network: Network, found: Found, watcher: CryptoAddressItem, *, failed: bool = False, status: str | None = None
) -> CryptoTransactionItem:
    """The first version of a transfer's record. Nothing is stored yet."""
    now = clock.now_ms()
    if status is None:
        status = FAILED if failed else DUST if found.amount < found.asset.dust_units else DETECTED
    item = CryptoTransactionItem(
        network=network.name,
        transfer_id=transfer_id(found.tx_hash, found.place, watcher.merchant_id),
        merchant_id=watcher.merchant_id,
        address_id=watcher.address_id,
        user_id=watcher.user_id,
        payment_id=watcher.payment_id,
        tx_hash=found.tx_hash,
        chain_id=network.chain_id,
        from_address=found.sender,
        to_address=found.recipient,
        asset=found.asset.symbol,
        contract=found.asset.contract,
        decimals=found.asset.decimals,
        amount=str(found.amount),
        block_number=found.block.number,
        block_hash=found.block.hash,
        block_time=found.block.time * 1000,
        confirmations=1,
        status=status,
        reason={FAILED: "reverted", DUST: "dust", REVIEW: "unexplained_balance"}.get(status),
        detected_at=now,
        updated_at=now,
        state_key=state_key(network.name, status),
        version=1,
    )
    item.order_key = order_key(now, record_id(item))
    if status == DETECTED:
        for name, value in stamp("crypto.detected", now).items():
            setattr(item, name, value)
    return item
