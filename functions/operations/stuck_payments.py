"""Payments that the janitor cannot end: overdue, or waiting for a connector that was removed."""

from typing import Final

from operations import store
from operations.views import StuckPayment, StuckPayments
from paycorex import clock, connectors, credentials, modes, processors
from paycorex.loading import later
from paycorex.money import shown_minor
from paycorex.records.payment import PaymentItem

with later():
    from payments.connectors import capabilities

# The janitor runs every minute. A payment that is overdue for this long is one that it cannot end.
STUCK_MS: Final = 10 * 60 * 1000
# How many of the payments that are due next are searched for a connector that was removed.
MAX_DUE_SEARCHED: Final = 1000
# Methods whose money is at a connector.
PROVIDERS_METHODS: Final = frozenset({"tokenized", "upi_intent"})


def page(limit: int) -> StuckPayments:
    """Payments that are overdue for longer than the janitor needs, then those due soon whose connector was removed."""
    now = clock.now_ms()
    overdue = [_line(item) for item in store.overdue(now - STUCK_MS, limit)]
    known = {line.payment_id for line in overdue}
    due_soon = (item for item in store.overdue(now + STUCK_MS, MAX_DUE_SEARCHED) if item.payment_id not in known)
    orphaned = (line for line in map(_line, due_soon) if line.problem is not None)
    return StuckPayments(data=[*overdue, *orphaned][:limit])


def _line(item: PaymentItem) -> StuckPayment:
    return StuckPayment(
        payment_id=item.payment_id,
        merchant_id=item.merchant_id,
        mode=modes.of(item.merchant_id),
        status=item.status,
        method=item.method,
        amount=shown_minor(int(item.amount), item.currency),
        currency=item.currency,
        created_at=clock.rfc3339(int(item.created_at)),
        due_at=clock.rfc3339(int(str(item.due_at).partition("#")[0])),
        problem=_problem(item),
    )


def _problem(item: PaymentItem) -> str | None:
    """Why a payment cannot be ended, where this is known: its connector was removed, or may have another account now."""
    if item.method not in PROVIDERS_METHODS or item.provider is None or item.provider in connectors.SANDBOXES:
        return None
    merchant = credentials.find_merchant(item.merchant_id)
    if merchant is None:
        return None
    if not connectors.is_there(merchant, item.provider):
        return f"The connector {item.provider} is not configured. The payment's outcome cannot be requested until it is."
    if _is_lost_at_a_processor(item):
        return f"{item.provider} finds nothing by our reference, and its answer was lost. Its callback decides, or its dashboard shows it."
    if item.provider_reference is None and int(item.created_at) < merchant.settings.connector_changes.get(item.provider, 0):
        return f"The settings of {item.provider} were changed after this payment began. It may be in the earlier account."
    return None


def _is_lost_at_a_processor(item: PaymentItem) -> bool:
    """True when its last answer was lost, and the processor cannot be asked without a name of its own."""
    name, latest = item.provider or "", next(reversed(item.attempts or ()), None)
    if latest is None or latest["status"] != "unknown" or latest["provider_reference"] is not None or not connectors.is_processor(name):
        return False
    found = processors.find(name)
    return found is None or capabilities.looked_up_by(name, "get", found.lookup_by) != "our_reference"
