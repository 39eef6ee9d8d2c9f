"""When others should show money: a provider T+n days later, a bank some days later, a chain at once; never where there is no report."""

from typing import Final

from paycorex import credentials
from paycorex.records import merchant_settings
from paycorex.records.reconciliation_position import is_in_transit, is_on_chain

DAY_MS: Final = 86_400_000
# What no report is ever about: money that merchants put into wallets by their own word.
NEVER_REPORTED: Final = frozenset({"topup"})


# What is booked is in the chain already. So long a reorganisation may take until it is booked, too.
CHAIN_MS: Final = 3_600_000
# So many days after it was sent, a bank shows a payout.
BANK_DAYS: Final = 3


def due_ms(merchant_id: str, source: str, since_ms: int) -> int | None:
    """When money that came at a time should be in a report: the end of the n-th day (UTC) after it. None: no report is expected."""
    if source in NEVER_REPORTED:
        return None
    if is_on_chain(source):
        return since_ms + CHAIN_MS
    days = BANK_DAYS if is_in_transit(source) else days_of(merchant_id, source)
    return (since_ms // DAY_MS + 1 + days) * DAY_MS


def days_of(merchant_id: str, source: str) -> int:
    """The merchant's setting for a connector, or the default."""
    merchant = credentials.find_merchant(merchant_id)
    chosen = merchant_settings.DEFAULTS if merchant is None else merchant.settings
    return chosen.settlement_days.get(source, merchant_settings.SETTLEMENT_DAYS)
