"""Refunds over a chain: a transaction that the merchant signs, because keys are in its wallet and nowhere else.

The amount is reserved at once; the transaction is shown; the merchant sends it and says its hash; the books move when the chain says that
it paid, deep enough. The merchant always names the address: it is never taken from history, which strangers can write into.
"""

from typing import Any, Final

from crypto_monitor import refund_transactions
from crypto_monitor.refund_transactions import Inspection, Order, ProviderUnavailable, TransactionStatus
from paycorex import clock, storage
from paycorex.errors import InvalidRequest, InvalidState
from paycorex.evm import networks
from paycorex.evm.address import canonical, checksummed
from paycorex.evm.networks import Asset, Network, format_units
from paycorex.money import Money
from paycorex.records.payment import PaymentItem
from paycorex.records.refund import RefundItem
from payments.connectors.results import Approved, Declined
from payments.crypto.links import transfer_link
from payments.crypto.state import CryptoState, Transfer, transfer_of
from payments.payment import due, late_money, overflow_store
from payments.refunds import at_provider, store

# A refund that is never sent releases its amount.
UNSENT_MS: Final = 7 * 24 * 3_600_000
# So does one whose transaction the chain has not seen by then: its hash came within the first week, so a week ago at least.
UNSEEN_MS: Final = 2 * UNSENT_MS
LOOK_MS: Final = 60_000
_TRANSFER: Final = "0xa9059cbb"
_PROBLEMS: Final = {
    TransactionStatus.FAILED: "was reverted",
    TransactionStatus.OTHER: "does not pay this refund",
    TransactionStatus.UNKNOWN: "is not known to the chain yet",
}


def begin(refund: RefundItem, payment: PaymentItem, address: str | None) -> RefundItem:
    """A refund with the transaction that pays it. Raises InvalidRequest or InvalidAddress."""
    if address is None:
        raise InvalidRequest("Name the refund_address: only the payer knows where to receive money.", details={"field": "refund_address"})
    to = canonical(address, field="refund_address")
    state = CryptoState.of(payment)
    network = networks.named(state.network)
    asset, units = _owed(refund, payment, network, state)
    if units == 0:
        raise InvalidRequest("Too little to be sent.", details={"field": "amount"})
    refund.next_action = _unsigned(network, asset, to, units)
    refund.after_block = refund_transactions.settled_block(network)
    due.set_due(refund, clock.now_ms() + UNSENT_MS)
    return refund


def _owed(refund: RefundItem, payment: PaymentItem, network: Network, state: CryptoState) -> tuple[Asset, int]:
    """What the refund is on the chain: of held money the very units that came, else at the payment's locked rate, rounded down."""
    for transfer in (*state.transfers.values(), *_in_row(refund, payment)):
        if refund.late_id is not None and transfer.late_id == refund.late_id:
            return network.asset(transfer.asset), transfer.units
    asset = network.asset(state.asset)
    return asset, state.rates.units_within(Money(int(refund.amount), refund.currency), asset)


def _in_row(refund: RefundItem, payment: PaymentItem) -> list[Transfer]:
    """The transfer of the late money that is given back, should it have a row of its own."""
    money = None if refund.late_id is None else late_money.named(payment, refund.late_id)
    key = None if money is None else money.transfer
    stored = None if key is None else overflow_store.find_transfer(payment.payment_id, key)
    return [] if key is None or stored is None else [transfer_of(key, stored)]


def _unsigned(network: Network, asset: Asset, to: str, units: int) -> dict[str, Any]:
    data = "0x" if asset.contract is None else f"{_TRANSFER}{to[2:].rjust(64, '0')}{units:064x}"
    transaction = {
        "chainId": network.chain_id,
        "to": checksummed(to if asset.contract is None else asset.contract),
        "value": hex(units if asset.contract is None else 0),
        "data": data,
    }
    return {
        "type": "unsigned_transaction",
        "network": network.name,
        "asset": asset.symbol,
        "address": checksummed(to),
        "crypto_amount": format_units(units, asset.decimals),
        "units": str(units),
        "transaction": transaction,
        "crypto_uri": transfer_link(network, asset, to, units),
    }


def sent(refund: RefundItem, tx_hash: str, claim: list[storage.Write]) -> RefundItem:
    """The merchant reports that it sent a refund. A transaction pays one refund, the first that names it.

    Raises InvalidState, InvalidRequest when the transaction does not pay it, ProviderUnavailable, TemporarilyUnavailable;
    storage.TransactionRefused when the refund changed meanwhile or the claim is taken.
    """
    if refund.next_action is None or refund.status not in {"pending", "processing"}:
        raise InvalidState(f"The refund is {refund.status}.", details={"status": refund.status})
    if not refund_transactions.is_hash(tx_hash):
        raise InvalidRequest("A transaction hash is 0x and 64 lower-case hexadecimal digits.", details={"field": "tx_hash"})
    order = _order_of(refund)
    inspection = refund_transactions.inspect(order, tx_hash)
    if inspection.status in _PROBLEMS:
        raise _unfit(_PROBLEMS[inspection.status])
    after = storage.copy_of(refund)
    after.status, after.provider_reference = "processing", tx_hash
    after.version, after.updated_at = int(refund.version) + 1, clock.now_ms()
    due.set_due(after, clock.now_ms() + LOOK_MS)
    try:
        storage.transact(
            [*claim, store.change_refund(refund, after), refund_transactions.claim_transaction(order, tx_hash, refund.refund_id)]
        )
    except storage.TransactionRefused as refused:
        if refused.reasons[-1].is_condition:
            raise _unfit("pays another refund") from refused
        raise
    return _paid(after, tx_hash) if _is_paid(inspection) else after


def _unfit(problem: str) -> InvalidRequest:
    return InvalidRequest(f"The transaction {problem}.", details={"field": "tx_hash"})


def look_at(refund: RefundItem) -> RefundItem:
    """What the janitor does with a refund that is due. Raises TemporarilyUnavailable."""
    tx_hash = refund.provider_reference
    if tx_hash is None:
        return _release(refund, "not_sent", "The transaction was not sent in time.")
    try:
        inspection = refund_transactions.inspect(_order_of(refund), tx_hash)
    except ProviderUnavailable:
        return at_provider.postpone(refund, refund.status)
    if _is_paid(inspection):
        return _paid(refund, tx_hash)
    if inspection.is_final and inspection.status in {TransactionStatus.FAILED, TransactionStatus.OTHER}:
        return _release(refund, "reverted", "The transaction was reverted.")
    if inspection.is_final and inspection.status is TransactionStatus.UNKNOWN and clock.now_ms() - int(refund.created_at) > UNSEEN_MS:
        return _release(refund, "not_sent", "The transaction never came into a block.")
    return at_provider.postpone(refund, refund.status)


def _is_paid(inspection: Inspection) -> bool:
    return inspection.status is TransactionStatus.PAID and inspection.is_final


def _paid(refund: RefundItem, tx_hash: str) -> RefundItem:
    return at_provider.apply(refund, Approved(tx_hash))


def _release(refund: RefundItem, code: str, message: str) -> RefundItem:
    return at_provider.apply(refund, Declined(code, message))


def _order_of(refund: RefundItem) -> Order:
    action: dict[str, Any] = dict(refund.next_action or {})
    network = networks.named(action["network"])
    after_block = None if refund.after_block is None else int(refund.after_block)
    return Order(network, action["address"].lower(), network.asset(action["asset"]), int(action["units"]), after_block)
