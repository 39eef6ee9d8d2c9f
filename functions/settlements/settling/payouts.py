"""What a provider says of a payout itself: kept on its settlement, which comes into being with it or with its first line."""

from typing import Final

from paycorex import clock, storage
from paycorex.errors import TemporarilyUnavailable
from paycorex.records.order import order_key
from paycorex.records.settlement import SettlementItem, settlement_id
from payments.connectors.settling import ProviderPayout
from settlements.settling.states import State
from settlements.stores import settlements as store

MAX_TRIES: Final = 8


def announce(merchant_id: str, connector: str, payout: ProviderPayout, import_id: str | None = None) -> SettlementItem:
    """Note what a provider says of a payout. Raises TemporarilyUnavailable, storage's failures."""
    item = opened(merchant_id, connector, payout.reference, payout.currency)
    for _attempt in range(MAX_TRIES):
        after = _said(item, payout, import_id)
        if not storage.difference(item, after):
            return item
        now = clock.now_ms()
        after.version, after.updated_at = int(item.version) + 1, now
        store.set_due(after, now)
        try:
            storage.run(store.change(item, after))
        except (storage.ConditionRefused, storage.OutcomeUnknown):
            item = opened(merchant_id, connector, payout.reference, payout.currency)
        else:
            return after
    raise TemporarilyUnavailable


def opened(merchant_id: str, connector: str, reference: str, currency: str) -> SettlementItem:
    """A payout's settlement, made now if it is not there. Raises storage's failures."""
    found_id = settlement_id(merchant_id, connector, reference, currency)
    found = store.find(found_id)
    if found is not None:
        return found
    now = clock.now_ms()
    item = SettlementItem(
        settlement_id=found_id,
        merchant_id=merchant_id,
        connector=connector,
        provider_reference=reference,
        currency=currency,
        state=State.READING.value,
        version=1,
        created_at=now,
        updated_at=now,
        order_key=order_key(now, found_id),
    )
    try:
        storage.run(store.new(item))
    except storage.ConditionRefused as refused:
        return SettlementItem.load(refused.item)
    return item


def _said(item: SettlementItem, payout: ProviderPayout, import_id: str | None) -> SettlementItem:
    after = storage.copy_of(item)
    after.amount, after.payout_status = payout.amount, payout.status.value
    after.arrival_at = payout.arrival_at if payout.arrival_at is not None else item.arrival_at
    after.bank_reference = payout.bank_reference or item.bank_reference
    after.import_id = import_id or item.import_id
    return after
