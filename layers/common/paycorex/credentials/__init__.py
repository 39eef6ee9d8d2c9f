"""Who may ask: API keys and the merchants they belong to, as the authorizer and every door need them.

The merchants room issues and revokes them; this package only reads, caches and compares.
"""

from paycorex.credentials.caller import ALL_SCOPES, Caller, grantable
from paycorex.credentials.directory import ApiKey, find_key, find_merchant, key_hash, lanes_of, secret_context

__all__ = ["ALL_SCOPES", "ApiKey", "Caller", "find_key", "find_merchant", "grantable", "key_hash", "lanes_of", "secret_context"]
