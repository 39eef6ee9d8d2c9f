"""Transfers: money into a wallet that is not a payment (top-ups, and refunds asked for at the wallet)."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records.stamps import StampedItem


class TransferItem(StampedItem):
    """A transfer as it is stored. `type` is `topup` or `wallet_refund`; `journal_of` the id in its journal's reference."""

    class Meta:
        """Which table."""

        table_name = "transfers"

    transfer_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    wallet_id = UnicodeAttribute()
    user_id = UnicodeAttribute()
    type = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    reference = UnicodeAttribute(null=True)
    journal_of = UnicodeAttribute()
    created_at = NumberAttribute()
    order_key = UnicodeAttribute()


class TransferView(View):
    """The contract's transfer object."""

    transfer_id: str
    mode: Mode
    wallet_id: str
    type: str
    amount: str
    currency: str
    reference: str | None
    journal_id: str
    created_at: str


def view(item: TransferItem) -> TransferView:
    """The contract object of a stored transfer."""
    return TransferView(
        transfer_id=item.transfer_id,
        mode=modes.of(item.merchant_id),
        wallet_id=item.wallet_id,
        type=item.type,
        amount=format_minor(int(item.amount), item.currency),
        currency=item.currency,
        reference=item.reference,
        journal_id=Reference(ReferenceType(item.type), item.journal_of).journal_id,
        created_at=clock.rfc3339(int(item.created_at)),
    )
