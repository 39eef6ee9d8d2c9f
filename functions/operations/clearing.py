"""Reconciliation over all merchants: each clearing account, what it holds and what was not explained when it was last proved."""

from operations import store
from operations.running_views import ClearingLine
from paycorex import clock, modes
from paycorex.money import shown_minor
from paycorex.records.merchant import MerchantItem
from paycorex.records.reconciliation_position import ReconciliationPosition, lanes_of, source_and_currency
from settlements.stores import reconciliation


def page(limit: int, after: str | None) -> tuple[list[ClearingLine], str | None]:
    """The accounts of the next `limit` merchants, what is not explained first, and the position of the merchants that follow.

    One read a merchant. Raises storage.Unavailable.
    """
    items, more = store.merchants(limit, after)
    merchants = [item for item in items if not isinstance(item, str)]
    found = [(item, account) for item in merchants for account in reconciliation.accounts(item.merchant_id)]
    return [_line(item, account) for item, account in sorted(found, key=_urgency)], more


def _urgency(found: tuple[MerchantItem, ReconciliationPosition]) -> tuple[bool, bool, str]:
    merchant, account = found
    return not account.unexplained, account.proved_at is not None, merchant.name


def _line(merchant: MerchantItem, account: ReconciliationPosition) -> ClearingLine:
    source, currency = source_and_currency(account.account)
    balance = sum(balance for _seq, balance in lanes_of(account).values())
    return ClearingLine(
        merchant_id=merchant.merchant_id,
        mode=modes.of(merchant.merchant_id),
        name=merchant.name,
        source=source,
        currency=currency,
        balance=shown_minor(balance, currency),
        unexplained=None if account.unexplained is None else shown_minor(int(account.unexplained), currency),
        proved_at=None if account.proved_at is None else clock.rfc3339(int(account.proved_at)),
        updated_at=None if account.updated_at is None else clock.rfc3339(int(account.updated_at)),
    )
