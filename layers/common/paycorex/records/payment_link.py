"""A payment link: stored shape and contract object. Printed once, it takes many payments, each by a checkout session of its own."""

from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.modes import Mode
from paycorex.money import format_minor
from paycorex.storage import Item

ACTIVE: Final = "active"
INACTIVE: Final = "inactive"
EXPIRED: Final = "expired"
EXHAUSTED: Final = "exhausted"
# Amounts that the page suggests.
MAX_SUGGESTED: Final = 6


class LinkItem(Item):
    """A link as it is stored. Amounts are minor units, times milliseconds since the epoch."""

    class Meta:
        """Which table."""

        table_name = "payment_links"

    link_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    # What the public address has: 132 random bits.
    code = UnicodeAttribute()
    name = UnicodeAttribute()
    currency = UnicodeAttribute()
    # A fixed amount, or the bounds of what the payer types.
    amount = NumberAttribute(null=True)
    min_amount = NumberAttribute(null=True)
    max_amount = NumberAttribute(null=True)
    suggested = JSONAttribute(null=True)
    methods = JSONAttribute(null=True)
    metadata = JSONAttribute(null=True)
    asks_reference = BooleanAttribute(null=True)
    # What it asks besides of who pays: some of name, email, phone.
    asks = JSONAttribute(null=True)
    # Of an amount that payers may pay in parts: the least that the first one pays; and how much of the amount is paid or being paid.
    first_min = NumberAttribute(null=True)
    claimed = NumberAttribute(null=True)
    is_active = BooleanAttribute(default=True)
    max_payments = NumberAttribute(null=True)
    # How many of them are made or under way; kept where there is a limit only, so that a poster's link is written by no payer.
    taken = NumberAttribute(null=True)
    version = NumberAttribute()
    created_at = NumberAttribute()
    updated_at = NumberAttribute()
    expires_at = NumberAttribute(null=True)
    order_key = UnicodeAttribute()
    # Through how many advances of its merchant's test clock it has been (`paycorex.test_clock`); absent: none.
    clock_moves = NumberAttribute(null=True)


class OpenAmount(View):
    """What the payer types is within these."""

    min: str
    max: str
    suggested: list[str]


class PartialPayments(View):
    """The amount may be paid in parts; `first_min` is the least that the first payer pays."""

    first_min: str


class LinkView(View):
    """The contract's link object: a fixed `amount`, or an `open_amount`. `taken`: payments made or under way, of a link with a limit.

    `amount_due`: of a link that takes parts, what of its amount is neither paid nor being paid.
    """

    link_id: str
    merchant_id: str
    mode: Mode
    code: str
    url: str
    name: str
    currency: str
    amount: str | None
    open_amount: OpenAmount | None
    accept_partial: PartialPayments | None
    amount_due: str | None
    methods: list[str] | None
    metadata: dict[str, Any] | None
    ask: list[str]
    status: str
    max_payments: int | None
    taken: int | None
    created_at: str
    updated_at: str
    expires_at: str | None


def status_of(item: LinkItem, now_ms: int) -> str:
    """Whether it takes payments, and why not."""
    if not item.is_active:
        return INACTIVE
    if item.expires_at is not None and now_ms >= int(item.expires_at):
        return EXPIRED
    if item.max_payments is not None and int(item.taken or 0) >= int(item.max_payments):
        return EXHAUSTED
    return EXHAUSTED if due_of(item) == 0 else ACTIVE


def asked_of(item: LinkItem) -> list[str]:
    """What its page asks of a payer: some of name, email, phone, reference."""
    return [*(item.asks or ()), *(["reference"] if item.asks_reference else ())]


def due_of(item: LinkItem) -> int | None:
    """What of an amount that is paid in parts is left to pay, in minor units; None for any other link."""
    return None if item.first_min is None else int(item.amount or 0) - int(item.claimed or 0)


def least_of(item: LinkItem) -> int:
    """The least that the next payer of such a link pays: all that is left, where that is less."""
    due = due_of(item) or 0
    return min(due, int(item.first_min or 0)) if not int(item.claimed or 0) else min(due, 1)


def view(item: LinkItem, url: str) -> LinkView:
    """The contract object of a stored link, with its address."""
    currency = item.currency
    bounds, due = None, due_of(item)
    if item.amount is None:
        suggested = [format_minor(int(minor), currency) for minor in item.suggested or ()]
        least, most = format_minor(int(item.min_amount or 0), currency), format_minor(int(item.max_amount or 0), currency)
        bounds = OpenAmount(min=least, max=most, suggested=suggested)
    return LinkView(
        link_id=item.link_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        code=item.code,
        url=url,
        name=item.name,
        currency=currency,
        amount=None if item.amount is None else format_minor(int(item.amount), currency),
        open_amount=bounds,
        accept_partial=None if item.first_min is None else PartialPayments(first_min=format_minor(int(item.first_min), currency)),
        amount_due=None if due is None else format_minor(due, currency),
        methods=item.methods,
        metadata=item.metadata,
        ask=asked_of(item),
        status=status_of(item, clock.now_ms()),
        max_payments=None if item.max_payments is None else int(item.max_payments),
        taken=None if item.taken is None else int(item.taken),
        created_at=clock.rfc3339(int(item.created_at)),
        updated_at=clock.rfc3339(int(item.updated_at)),
        expires_at=None if item.expires_at is None else clock.rfc3339(int(item.expires_at)),
    )
