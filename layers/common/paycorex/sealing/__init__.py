"""Sealing: Fernet under data keys that only KMS can unwrap (envelope encryption).

A dump of every table opens nothing: each data key is wrapped by a KMS key under an encryption context that names the merchant and the
purpose, and each plaintext names the record it belongs to, because Fernet itself has no associated data.
"""

from paycorex.sealing.data_keys import Context, DataKey, generate, unwrap
from paycorex.sealing.seals import SealBroken, fernet_open, fernet_seal, seal, unseal

__all__ = ["Context", "DataKey", "SealBroken", "fernet_open", "fernet_seal", "generate", "seal", "unseal", "unwrap"]
