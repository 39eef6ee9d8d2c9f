"""Idempotency: the names under which a request may have its effect once, and how they are stored."""

from paycorex.idempotency.claims import Claim
from paycorex.idempotency.items import InProgress, KeyReused, Remembered, SignatureReused

__all__ = ["Claim", "InProgress", "KeyReused", "Remembered", "SignatureReused"]
