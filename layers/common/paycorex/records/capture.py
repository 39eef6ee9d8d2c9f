"""A capture: a part of what was authorized becomes the merchant's. Stored shape and contract object."""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.ledger import Reference, ReferenceType
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.records.payment import LedgerReference, ledger_reference
from paycorex.records.refund import API
from paycorex.storage import Item


class CaptureItem(Item):
    """A capture as it is stored. Amounts are minor units, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "captures"

    capture_id = UnicodeAttribute(hash_key=True)
    payment_id = UnicodeAttribute()
    merchant_id = UnicodeAttribute()
    amount = NumberAttribute()
    # What was asked for, where the provider captured another amount.
    amount_requested = NumberAttribute(null=True)
    currency = UnicodeAttribute()
    status = UnicodeAttribute()
    # True when what is left of the hold is released with it.
    final = BooleanAttribute(default=True)
    # True for the payment's first one that was made: statistics count the payment with it.
    first = BooleanAttribute(null=True)
    # `external`; absent for what was asked for through this API.
    origin = UnicodeAttribute(null=True)
    failure_code = UnicodeAttribute(null=True)
    failure_message = UnicodeAttribute(null=True)
    provider_reference = UnicodeAttribute(null=True)
    entries = JSONAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    order_key = UnicodeAttribute()


class CaptureView(View):
    """The contract's capture object. `status`: pending, processing, success or failed."""

    capture_id: str
    payment_id: str
    merchant_id: str
    mode: Mode
    amount: str
    # What was asked for, when the provider captured another amount.
    amount_requested: str | None
    currency: str
    status: str
    final: bool
    # `api`, or `external` when it was made at the provider.
    origin: str
    failure_code: str | None
    failure_message: str | None
    provider_reference: str | None
    ledger: LedgerReference | None
    created_at: str
    updated_at: str


def capture_reference(capture_id: str) -> Reference:
    """The reference of the capture's one journal."""
    return Reference(ReferenceType.CAPTURE, capture_id)


def view(item: CaptureItem) -> CaptureView:
    """The contract object of a stored capture."""
    return CaptureView(
        capture_id=item.capture_id,
        payment_id=item.payment_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        amount=format_minor(int(item.amount), item.currency),
        amount_requested=None if item.amount_requested is None else format_minor(int(item.amount_requested), item.currency),
        currency=item.currency,
        status=item.status,
        final=bool(item.final),
        origin=item.origin or API,
        failure_code=item.failure_code,
        failure_message=item.failure_message,
        provider_reference=item.provider_reference,
        ledger=ledger_reference(capture_reference(item.capture_id), item.currency, item.entries),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
    )
