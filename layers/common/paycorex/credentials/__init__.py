"""Who may ask: API keys and the merchants they belong to, as the authorizer and every door need them.

The merchants room issues and revokes them; this package only reads, caches and compares.
"""

from paycorex.credentials.caller import ALL_SCOPES, Caller
from paycorex.credentials.directory import NOTICE_SECONDS, ApiKey, effective_at, find_key, find_merchant, key_hash, secret_context
from paycorex.credentials.items import ApiKeyItem, MerchantItem

__all__ = [
    "ALL_SCOPES",
    "NOTICE_SECONDS",
    "ApiKey",
    "ApiKeyItem",
    "Caller",
    "MerchantItem",
    "effective_at",
    "find_key",
    "find_merchant",
    "key_hash",
    "secret_context",
]
