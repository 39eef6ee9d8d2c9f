"""The sandbox's UPI payer, who acts by the last two digits of the amount (docs/guides/test-instruments.md)."""

from typing import Final

from paycorex import clock
from paycorex.money import Money
from payments.connectors.results import Approved, Found, Pending, Unknown
from payments.connectors.sandbox import answers
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import BookItem

# When the sandbox's payer has scanned and paid.
PAYER_SECONDS: Final = 20
LATE_SECONDS: Final = 60
LOOKUPS_OUT: Final = 2
# By the last two digits of a UPI amount, in minor units.
NEVER_PAYS, DECLINES, PAYS_LATE, LOOKUP_OUTAGE, PAYS_LESS = 1, 2, 3, 4, 5


def look_at(item: BookItem, looked: int) -> Found:
    """The payer as the amount's last two digits have it."""
    kind, age_ms = int(item.amount) % 100, clock.now_ms() - int(item.created_at)
    if kind == LOOKUP_OUTAGE and looked <= LOOKUPS_OUT:
        return Unknown("The sandbox did not answer.")
    if item.status == books.WAITING and age_ms >= PAYER_SECONDS * 1000 and kind != NEVER_PAYS:
        if kind == DECLINES:
            item = books.decide(item, books.DECLINED, "payer_declined", "The payer declined the request.")
        elif kind != PAYS_LATE or clock.now_ms() >= int(item.expires_at or 0) + LATE_SECONDS * 1000:
            item = books.decide(item, answers.paid(item))
    if item.status == books.APPROVED and item.held_until is None:
        return Approved(item.reference, Money(paid_minor(item), item.currency))
    return answers.decided(item) or Pending(item.reference)


def paid_minor(item: BookItem) -> int:
    """What the payer of a link really paid."""
    return int(item.amount) - (int(item.amount) % 100 == PAYS_LESS)
