"""Which connectors a merchant has: configured ones, and the deployment's sandbox. What each does is the payments' own."""

from typing import Final

from paycorex import settings
from paycorex.records.merchant_settings import MerchantSettings

# There without settings of a merchant, where the deployment has them.
SANDBOXES: Final = ("sandbox", "sandbox_backup")
# What the names of connectors begin with that the processors' library translates for: `prism:adyen`.
PROCESSOR_PREFIX: Final = "prism:"


def is_processor(name: str) -> bool:
    """True for a connector that the processors' library translates for."""
    return name.startswith(PROCESSOR_PREFIX)


def is_there(of: MerchantSettings, name: str) -> bool:
    """True when the merchant may use it."""
    return settings.current().has_sandbox if name in SANDBOXES else name in of.connectors
