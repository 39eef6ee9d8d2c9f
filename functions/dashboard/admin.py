"""What operators do, whichever way they come: list, suspend and resume merchants, see what is stuck and what piles up."""

from typing import Final

from dashboard import admin_store
from dashboard.admin_views import MerchantLine, MerchantPage, QueueDepth, Queues, StuckPayment, StuckPayments
from paycorex import clock, storage
from paycorex.credentials import MerchantItem
from paycorex.errors import NotFound, TemporarilyUnavailable
from paycorex.money import format_minor

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
# The janitor comes every minute: what it left alone for this long it cannot end.
STUCK_MS: Final = 10 * 60 * 1000
MAX_TRIES: Final = 4


def merchants(limit: int, after: str | None) -> MerchantPage:
    """Some merchants."""
    items, more = admin_store.merchants(limit, after)
    return MerchantPage(data=[_line(item) for item in items], next_after=more)


def set_status(merchant_id: str, status: str) -> MerchantLine:
    """Suspend or resume. Keys and merchants are remembered for at most a minute, so it takes effect within one. Raises NotFound."""
    for _try in range(MAX_TRIES):
        found = admin_store.find_merchant(merchant_id)
        if found is None:
            raise NotFound("merchant")
        if found.status == status:
            return _line(found)
        try:
            admin_store.set_status(found, status)
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            continue
    found = admin_store.find_merchant(merchant_id)
    if found is None or found.status != status:
        raise TemporarilyUnavailable
    return _line(found)


def stuck(limit: int) -> StuckPayments:
    """Payments that are due for longer than the janitor needs."""
    now = clock.now_ms()
    lines = [
        StuckPayment(
            payment_id=item.payment_id,
            merchant_id=item.merchant_id,
            status=item.status,
            method=item.method,
            amount=format_minor(int(item.amount), item.currency),
            currency=item.currency,
            created_at=clock.rfc3339(int(item.created_at)),
            due_at=clock.rfc3339(int(str(item.due_at).partition("#")[0])),
        )
        for item in admin_store.overdue(now - STUCK_MS, limit)
    ]
    return StuckPayments(data=lines)


def queues() -> Queues:
    """How much waits in each queue."""
    depths = {name: admin_store.queue_depth(url) for name, url in admin_store.queue_urls().items()}
    return Queues(data=[QueueDepth(queue=name, waiting=waiting, in_flight=taken) for name, (waiting, taken) in depths.items()])


def _line(item: MerchantItem) -> MerchantLine:
    return MerchantLine(
        merchant_id=item.merchant_id,
        name=item.name,
        email=item.email,
        currency=item.currency,
        status=item.status,
        ledger_lanes=item.settings.ledger_lanes,
        created_at=clock.rfc3339(int(item.created_at)),
    )
