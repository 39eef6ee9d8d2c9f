"""When a provider's report of money is due: T+n days by connector, and never where no provider reports."""

from typing import Final

from paycorex import credentials
from paycorex.evm.networks import NETWORKS
from paycorex.records import merchant_settings

DAY_MS: Final = 86_400_000
# What no report is ever about: money that merchants put into wallets by their own word.
NEVER_REPORTED: Final = frozenset({"topup"})


def due_ms(merchant_id: str, source: str, since_ms: int) -> int | None:
    """When money that came at a time should be in a report: the end of the n-th day (UTC) after it. None: no report is expected."""
    if source in NEVER_REPORTED or source in NETWORKS:
        return None
    return (since_ms // DAY_MS + 1 + days_of(merchant_id, source)) * DAY_MS


def days_of(merchant_id: str, source: str) -> int:
    """The merchant's setting for a connector, or the default."""
    merchant = credentials.find_merchant(merchant_id)
    chosen = merchant_settings.DEFAULTS if merchant is None else merchant.settings
    return chosen.settlement_days.get(source, merchant_settings.SETTLEMENT_DAYS)
