"""A line of a provider's report, stored once whatever is imported twice. Stored shape and contract object.

Nothing else of a report is kept.
"""

import hashlib
from typing import Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from paycorex import clock
from paycorex.contract import View
from paycorex.money import format_minor
from paycorex.storage import Item

IN_CLEARING: Final = "clearing"
IN_SUSPENSE: Final = "suspense"


class SettlementLineItem(Item):
    """A line as it is stored. Amounts are signed minor units, + to the merchant, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "settlement_lines"

    # `<merchant>#<connector>#<charge, else object, else line>`: a payment's lines are one query.
    subject = UnicodeAttribute(hash_key=True)
    # `<the provider's word for the kind>#<the provider's name of the line>`.
    line = UnicodeAttribute(range_key=True)
    merchant_id = UnicodeAttribute()
    connector = UnicodeAttribute()
    line_reference = UnicodeAttribute()
    kind = UnicodeAttribute()
    kind_name = UnicodeAttribute()
    charge_reference = UnicodeAttribute(null=True)
    object_reference = UnicodeAttribute(null=True)
    our_reference = UnicodeAttribute(null=True)
    gross = NumberAttribute()
    fee = NumberAttribute()
    tax = NumberAttribute()
    currency = UnicodeAttribute()
    occurred_at = NumberAttribute(null=True)
    # Which record of ours it is about, `<kind>:<id>`, and where its gross was booked: clearing or suspense.
    record = UnicodeAttribute(null=True)
    placed = UnicodeAttribute()
    # Which import brought it, and its number in the file.
    import_id = UnicodeAttribute(null=True)
    number = NumberAttribute(null=True)
    # Absent while it is in no payout.
    settlement_id = UnicodeAttribute(null=True)
    # Its place among the lines of its settlement: follows from the line alone, so that the root of all does too.
    order_key = UnicodeAttribute()
    created_at = NumberAttribute()


class SettlementLineView(View):
    """The contract's item of a settlement. `matched`: the record of ours that it is about; null while there is none."""

    settlement_id: str | None
    line_reference: str
    kind: str
    kind_name: str
    charge_reference: str | None
    object_reference: str | None
    our_reference: str | None
    matched: str | None
    booked_to: str
    gross: str
    fee: str
    tax: str
    net: str
    currency: str
    occurred_at: str | None


def subject_of(merchant_id: str, connector: str, reference: str) -> str:
    """The partition of all lines about a charge (or, for a line about none, about its object or itself)."""
    return f"{merchant_id}#{connector}#{reference}"


def order_of(subject: str, line: str, occurred_at: int | None) -> str:
    """The place of a line among those of its settlement: by time, then by its own name."""
    return f"{occurred_at or 0:013d}#{hashlib.sha256(f'{subject}\n{line}'.encode()).hexdigest()[:24]}"


def leaf(item: SettlementLineItem) -> bytes:
    """What the Merkle root of a settlement covers of a line: who, what, how much. UTF-8, fields parted by a line feed."""
    parts = (item.subject, item.line, item.kind_name, item.charge_reference, item.object_reference, item.our_reference, item.currency)
    numbers = (item.gross, item.fee, item.tax, item.occurred_at)
    texts = [part or "" for part in parts] + ["" if number is None else str(int(number)) for number in numbers]
    return "\n".join(texts).encode()


def view(item: SettlementLineItem) -> SettlementLineView:
    """The contract object of a stored line."""

    def amount(minor: int) -> str:
        return format_minor(minor, item.currency)

    return SettlementLineView(
        settlement_id=item.settlement_id,
        line_reference=item.line_reference,
        kind=item.kind,
        kind_name=item.kind_name,
        charge_reference=item.charge_reference,
        object_reference=item.object_reference,
        our_reference=item.our_reference,
        matched=item.record,
        booked_to=item.placed,
        gross=amount(int(item.gross)),
        fee=amount(int(item.fee)),
        tax=amount(int(item.tax)),
        net=amount(int(item.gross) - int(item.fee) - int(item.tax)),
        currency=item.currency,
        occurred_at=None if item.occurred_at is None else clock.rfc3339(int(item.occurred_at)),
    )
