"""A refund: stored shape and contract object."""

from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records.payment import LedgerReference, ledger_reference
from paycorex.records.stamps import StampedItem

# Where a refund began: asked for through this API, or at the provider (its dashboard, its own rules).
API: Final = "api"
EXTERNAL: Final = "external"


class RefundItem(StampedItem):
    """A refund as it is stored. Amounts are minor units, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "refunds"

    refund_id = UnicodeAttribute(hash_key=True)
    payment_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    amount = NumberAttribute()
    # What was asked for, where the provider gave back another amount.
    amount_requested = NumberAttribute(null=True)
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    # `external`; absent for what was asked for through this API.
    origin = UnicodeAttribute(null=True)
    failure_code = UnicodeAttribute(null=True)
    # For people: why it failed, or what keeps it from being made so far.
    failure_message = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    provider_reference = UnicodeAttribute(null=True)
    # When its provider made it, where it began there and that is known.
    made_at = NumberAttribute(null=True)
    # Set when the refund was asked for at the wallet: its transfer is shown there.
    transfer_id = UnicodeAttribute(null=True)
    # Set when it gives back money from suspense and not the payment's own.
    late_id = UnicodeAttribute(null=True)
    # True: a payer's bank asks for the same money, and it was refunded all the same.
    is_forced = BooleanAttribute(null=True)
    next_action = JSONAttribute(null=True)
    # Of money that came over a chain: no transaction in this block or before can pay it.
    after_block = NumberAttribute(null=True)
    # Of the journal that made it; they stay when the refund came back.
    entries = JSONAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)


class RefundView(View):
    """The contract's refund object."""

    refund_id: str
    payment_id: str
    merchant_id: str
    mode: Mode
    amount: str
    # What was asked for, when the provider gave back another amount.
    amount_requested: str | None
    currency: str
    status: str
    # `api`, or `external` when it began at the provider.
    origin: str
    failure_code: str | None
    # Why it failed; while it is pending, what kept it from being made the last time.
    failure_message: str | None
    reason: str | None
    provider_reference: str | None
    # For money that came over a chain: the transaction to be signed.
    next_action: dict[str, Any] | None
    ledger: LedgerReference | None
    created_at: str
    updated_at: str


def refund_reference(item: RefundItem) -> Reference:
    """The reference of the refund's one journal."""
    kind = ReferenceType.REFUND if item.transfer_id is None else ReferenceType.WALLET_REFUND
    return Reference(kind, item.refund_id)


def is_returned(item: RefundItem) -> bool:
    """True for a refund that was made and that the provider could not complete: its money is back, by a journal of its own."""
    return item.status == "failed" and item.entries is not None


def returned_reference(item: RefundItem) -> Reference:
    """The reference of the journal that brought the refund's money back."""
    return Reference(ReferenceType.REVERSAL, item.refund_id)


def view(item: RefundItem) -> RefundView:
    """The contract object of a stored refund."""
    return RefundView(
        refund_id=item.refund_id,
        payment_id=item.payment_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        amount=format_minor(int(item.amount), item.currency),
        amount_requested=None if item.amount_requested is None else format_minor(int(item.amount_requested), item.currency),
        currency=item.currency,
        status=item.status,
        origin=item.origin or API,
        failure_code=item.failure_code,
        failure_message=item.failure_message,
        reason=item.reason,
        provider_reference=item.provider_reference,
        next_action=item.next_action,
        ledger=ledger_reference(refund_reference(item), item.currency, item.entries),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
    )
