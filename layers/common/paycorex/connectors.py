"""Which connectors a merchant has: configured ones, and in test mode the sandbox. What each does is the payments' own."""

from typing import Final

from paycorex import modes, settings
from paycorex.records.merchant import MerchantItem

# There without settings of a merchant, where it has them.
SANDBOXES: Final = ("sandbox", "sandbox_backup")
# What the names of connectors begin with that the processors' library translates for: `prism:adyen`.
PROCESSOR_PREFIX: Final = "prism:"


def is_processor(name: str) -> bool:
    """True for a connector that the processors' library translates for."""
    return name.startswith(PROCESSOR_PREFIX)


def has_sandbox(merchant_id: str) -> bool:
    """Whether a merchant may use the sandbox: each in test mode. A live one only where the deployment is being tried out."""
    return modes.of(merchant_id) == modes.TEST or settings.current().allow_sandbox_connector


def is_there(merchant: MerchantItem, name: str) -> bool:
    """True when the merchant may use it."""
    return has_sandbox(merchant.merchant_id) if name in SANDBOXES else name in merchant.settings.connectors
