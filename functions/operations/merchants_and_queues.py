"""What operators do, whichever way they come: list, suspend and resume merchants, see what is stuck and what piles up."""

from typing import Final

from operations import store
from operations.views import MerchantLine, MerchantPage, QueueDepth, Queues, StuckPayment, StuckPayments
from paycorex import clock, connectors, credentials, storage
from paycorex.currencies import EXPONENTS
from paycorex.errors import NotFound, TemporarilyUnavailable
from paycorex.money import format_minor
from paycorex.records.effective import effective_at
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
# Of a merchant's record; only in lists.
UNREADABLE: Final = "unreadable"
# The janitor comes every minute: what it left alone for this long it cannot end.
STUCK_MS: Final = 10 * 60 * 1000
MAX_TRIES: Final = 4
# How many of the payments that the janitor looks after next are searched for a connector that was removed.
MAX_LOOKED_AFTER: Final = 1000
# Methods whose money is at a connector.
PROVIDERS_METHODS: Final = frozenset({"tokenized", "upi_intent"})


def merchants(limit: int, after: str | None) -> MerchantPage:
    """Some merchants."""
    items, more = store.merchants(limit, after)
    return MerchantPage(data=[_unreadable(item) if isinstance(item, str) else _line(item) for item in items], next_after=more)


def set_status(merchant_id: str, status: str) -> MerchantLine:
    """Suspend or resume; the answer says from when it acts everywhere. Raises NotFound."""
    for _try in range(MAX_TRIES):
        found = store.find_merchant(merchant_id)
        if found is None:
            raise NotFound("merchant")
        if found.status == status:
            return _line(found)
        try:
            store.set_status(found, status)
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
    found = store.find_merchant(merchant_id)
    if found is None or found.status != status:
        raise TemporarilyUnavailable
    return _line(found)


def stuck(limit: int) -> StuckPayments:
    """Payments that are due for longer than the janitor needs, and those among the next due whose connector was removed."""
    now = clock.now_ms()
    overdue = [_stuck(item) for item in store.overdue(now - STUCK_MS, limit)]
    known = {line.payment_id for line in overdue}
    looked_after = (item for item in store.overdue(now + STUCK_MS, MAX_LOOKED_AFTER) if item.payment_id not in known)
    orphaned = (line for line in map(_stuck, looked_after) if line.problem is not None)
    return StuckPayments(data=[*overdue, *orphaned][:limit])


def _stuck(item: PaymentItem) -> StuckPayment:
    return StuckPayment(
        payment_id=item.payment_id,
        merchant_id=item.merchant_id,
        status=item.status,
        method=item.method,
        amount=_amount(item),
        currency=item.currency,
        created_at=clock.rfc3339(int(item.created_at)),
        due_at=clock.rfc3339(int(str(item.due_at).partition("#")[0])),
        problem=_problem(item),
    )


def _problem(item: PaymentItem) -> str | None:
    """A connector that was removed can no longer be asked what became of the money."""
    if item.method not in PROVIDERS_METHODS or item.provider is None or item.provider in connectors.SANDBOXES:
        return None
    merchant = credentials.find_merchant(item.merchant_id)
    if merchant is None or connectors.is_there(merchant.settings, item.provider):
        return None
    return f"The connector {item.provider} is not configured: what became of the money is not asked until it is."


def queues() -> Queues:
    """How much waits in each queue."""
    depths = {name: store.queue_depth(url) for name, url in store.queue_urls().items()}
    return Queues(data=[QueueDepth(queue=name, waiting=waiting, in_flight=taken) for name, (waiting, taken) in depths.items()])


def _amount(item: PaymentItem) -> str:
    """In major units, or as it is stored where the currency is none that is booked: a list of what is stuck shows that too."""
    return format_minor(int(item.amount), item.currency) if item.currency in EXPONENTS else str(item.amount)


def _unreadable(merchant_id: str) -> MerchantLine:
    """The line of a merchant whose record cannot be read: that it is there, and that somebody must look."""
    never = clock.rfc3339(0)
    blank = dict.fromkeys(("name", "email", "currency"), "")
    return MerchantLine(merchant_id=merchant_id, **blank, status=UNREADABLE, status_effective_at=None, ledger_lanes=0, created_at=never)


def _line(item: MerchantItem) -> MerchantLine:
    return MerchantLine(
        merchant_id=item.merchant_id,
        name=item.name,
        email=item.email,
        currency=item.currency,
        status=item.status,
        status_effective_at=effective_at(item.status_changed_at),
        ledger_lanes=item.settings.ledger_lanes,
        created_at=clock.rfc3339(int(item.created_at)),
    )
