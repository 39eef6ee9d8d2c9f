"""A static UPI code: stored shape and contract object. It stands on a counter, many pay by it, and each payment is a record of its own."""

from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.storage import Item

ACTIVE: Final = "active"
INACTIVE: Final = "inactive"


class QrCodeItem(Item):
    """A code as it is stored. Amounts are minor units, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "qr_codes"

    qr_code_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    name = UnicodeAttribute()
    currency = UnicodeAttribute()
    # A fixed amount; absent: the payer types one.
    amount = NumberAttribute(null=True)
    metadata = JSONAttribute(null=True)
    status = UnicodeAttribute()
    # Whose code it is, and that provider's name for it.
    connector = UnicodeAttribute()
    provider_reference = UnicodeAttribute()
    # What the picture says.
    upi_url = UnicodeAttribute()
    # True until its provider has closed it: what is switched off here may still be paid there.
    is_open_there = BooleanAttribute(default=True)
    # Until when the payments that its provider lists are known. While they are too many for one answer: where the next answer begins, and
    # how much time it is asked for.
    listed_until = NumberAttribute()
    listed_from = NumberAttribute(null=True)
    window = NumberAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    # When it was switched off.
    closed_at = NumberAttribute(null=True)
    order_key = UnicodeAttribute()
    # Present while its provider is asked: the janitor's sparse index.
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)


class QrCodeView(View):
    """The contract's code object. `amount`: null where the payer types one. `upi_url`: what the picture says."""

    qr_code_id: str
    merchant_id: str
    mode: Mode
    name: str
    currency: str
    amount: str | None
    metadata: dict[str, Any] | None
    status: str
    provider: str
    provider_reference: str
    upi_url: str
    qr_svg_url: str
    qr_png_url: str
    created_at: str
    updated_at: str
    closed_at: str | None


def view(item: QrCodeItem, base_url: str = "") -> QrCodeView:
    """The contract object of a stored code. base_url: where this API was reached."""
    return QrCodeView(
        qr_code_id=item.qr_code_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        name=item.name,
        currency=item.currency,
        amount=None if item.amount is None else format_minor(int(item.amount), item.currency),
        metadata=item.metadata,
        status=item.status,
        provider=item.connector,
        provider_reference=item.provider_reference,
        upi_url=item.upi_url,
        qr_svg_url=f"{base_url}/v1/qr_codes/{item.qr_code_id}/qr.svg",
        qr_png_url=f"{base_url}/v1/qr_codes/{item.qr_code_id}/qr.png",
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
        closed_at=None if item.closed_at is None else clock.rfc3339(int(item.closed_at)),
    )
