"""What operators read and change: merchants' status, overdue payments, depths of queues."""

from contextlib import suppress
from typing import Any

from paycorex import aws, clock, settings, storage
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from paycorex.storage.failures import translated
from payments.payment import due as payments_due
from payments.payment import store as payments_store


def merchants(limit: int, after: str | None) -> tuple[list[MerchantItem | str], str | None]:
    """One page of merchants, in no particular order (only the id of one that cannot be read), and the id after which to continue."""
    start = None if after is None else MerchantItem.wire_key(after)
    page = storage.scan_segment(MerchantItem.physical_table(), segment=0, segments=1, start=start, limit=limit)
    more = page.next_start["merchant_id"]["S"] if page.next_start else None
    return [_read(item) for item in page.items], more


def _read(item: Any) -> MerchantItem | str:
    try:
        return MerchantItem.load(item)
    except (TypeError, ValueError):
        return str(item["merchant_id"]["S"])


def find_merchant(merchant_id: str) -> MerchantItem | None:
    """One merchant. Consistent read."""
    return storage.get(MerchantItem, merchant_id)


def set_status(merchant: MerchantItem, status: str) -> None:
    """Change the status, unless the merchant was changed since it was read. Raises ConditionRefused."""
    changed = MerchantItem.status_changed_at.set(clock.now_ms())
    actions = [MerchantItem.status.set(status), changed, MerchantItem.version.set(int(merchant.version) + 1)]
    key = MerchantItem.wire_key(merchant.merchant_id)
    storage.run(storage.update(MerchantItem, key, actions, MerchantItem.version == int(merchant.version)))


def set_requests_per_second(merchant: MerchantItem, limit: int) -> None:
    """Change the limit, unless the merchant was changed since it was read. Raises ConditionRefused."""
    actions = [MerchantItem.requests_per_second.set(limit), MerchantItem.version.set(int(merchant.version) + 1)]
    key = MerchantItem.wire_key(merchant.merchant_id)
    storage.run(storage.update(MerchantItem, key, actions, MerchantItem.version == int(merchant.version)))


def set_fee_plans(merchant: MerchantItem, plans: list[dict[str, Any]]) -> None:
    """Change what the operator charges, unless the merchant was changed since it was read. Raises ConditionRefused."""
    actions = [MerchantItem.fee_plans.set(plans), MerchantItem.version.set(int(merchant.version) + 1)]
    key = MerchantItem.wire_key(merchant.merchant_id)
    storage.run(storage.update(MerchantItem, key, actions, MerchantItem.version == int(merchant.version)))


def overdue(before_ms: int, limit: int) -> list[PaymentItem]:
    """Payments that are due before a moment, the longest due first. (What cannot be read is set aside, and in the list of that.)"""
    found: list[PaymentItem] = []
    for due in payments_due.payments(before_ms, limit):
        with suppress(TypeError, ValueError):
            item = payments_store.find(due.record_id)
            if item is not None and item.due_at is not None:
                found.append(item)
    return sorted(found, key=lambda item: str(item.due_at))


def queue_urls() -> dict[str, str]:
    """The URLs of the queues that are configured, by purpose."""
    current = settings.current()
    known = {
        "webhooks": current.webhook_queue_url,
        "webhooks_slow": current.webhook_slow_queue_url,
        "webhooks_exhausted": current.webhook_exhausted_queue_url,
        "webhooks_dead": current.webhook_dead_letter_queue_url,
        "lost_records": current.lost_records_queue_url,
    }
    return {name: url for name, url in known.items() if url}


def queue_depth(url: str) -> tuple[int, int]:
    """The numbers of waiting messages and of messages in flight; both approximate, as SQS reports them."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    client: Any = aws.sqs()
    with translated():
        found = client.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
    return int(found[names[0]]), int(found[names[1]])
