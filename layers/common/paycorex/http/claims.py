"""Idempotency: a request's claim to happen once, and what is remembered of it.

A mutation's claim is written in the same transaction as its effect, so there is no moment at which one exists without the other. Payments
claim through their own record, whose id is derived from the claim; every other mutation adds a row to `idempotency`.

Under v1 the Idempotency-Key is not signed. So there a record's id comes from the signature, which makes the signature itself single-use,
and the key becomes a second row: a captured request replayed with another key meets the record, an honest retry meets the key.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import BaseModel
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from paycorex import aws, clock, ids, settings, storage
from paycorex.errors import Refusal
from paycorex.storage.failures import translated

# 128 bits are enough to tell requests apart, and records stay small.
_HASH_CHARACTERS: Final = 32
KEPT_SECONDS: Final = 35 * 24 * 3600
# Refusals that are answered again to a retry. Anything else (400, 404, 5xx ...) changed nothing and is simply tried again.
REMEMBERED_STATUSES: Final = frozenset({402, 409, 422})


class ClaimItem(storage.Item):
    """One claimed name: an Idempotency-Key or a signature of one merchant."""

    class Meta:
        """Which table."""

        table_name = "idempotency"

    claim_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    request_hash = UnicodeAttribute()
    # The record that the request made or changed, as the route's `again` finds it; empty for a refusal.
    reference = UnicodeAttribute(null=True)
    status = NumberAttribute()
    refusal = JSONAttribute(null=True)
    created_at = NumberAttribute()
    expires_at = NumberAttribute()


class KeyReused(Refusal):
    """The same key (or the same signature) with another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request.")


class InProgress(Refusal):
    """The first request with this key has not ended yet."""

    code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running.", retry_after_seconds=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What makes one request one.

    names: every name it claims, the first being the one that record ids derive from. request_hash: what must be equal for a replay.
    """

    merchant_id: str
    names: tuple[str, ...]
    request_hash: str

    @classmethod
    def of(cls, merchant_id: str, *, signature: str, key: str | None, key_is_signed: bool, request_hash: str) -> "Claim":
        """The claim of a signed request."""
        by_key = f"key:{key}" if key is not None else None
        by_signature = f"sig:{signature}"
        if by_key is None:
            names: tuple[str, ...] = (by_signature,)
        else:
            names = (by_key,) if key_is_signed else (by_signature, by_key)
        return cls(merchant_id, names, request_hash)

    def including(self, digest: str) -> "Claim":
        """The same claim of a request that is also this: for what may be hashed under a key only."""
        return replace(self, request_hash=hashlib.sha256(f"{self.request_hash}\0{digest}".encode()).hexdigest()[:32])

    @property
    def by_signed_key(self) -> bool:
        """True when the request is named by an Idempotency-Key that its signature covers."""
        return self.names[0].startswith("key:")

    def record_id(self, prefix: str) -> str:
        """The id of the record that this request creates."""
        return ids.derive(prefix, self.merchant_id, self.names[0])

    def rows(self, *, reference: str, status: int = 201) -> list[storage.Write]:
        """The writes that claim every name, for the transaction of the effect."""
        return [self._row(name, reference=reference, status=status, refusal=None) for name in self.names]

    def key_rows(self, *, reference: str, status: int = 201) -> list[storage.Write]:
        """Like `rows`, for records that are a claim themselves: only the names that the record's own id does not cover."""
        return [self._row(name, reference=reference, status=status, refusal=None) for name in self.names[1:]]

    def refusal_rows(self, refusal: Refusal) -> list[storage.Write]:
        """The writes that remember a refusal."""
        content = {"code": refusal.code, "message": refusal.message, "details": refusal.details}
        return [self._row(name, reference=None, status=refusal.status, refusal=content) for name in self.names]

    def _row(self, name: str, *, reference: str | None, status: int, refusal: Mapping[str, Any] | None) -> storage.Write:
        now = clock.now_ms()
        item = ClaimItem(
            claim_id=self._claim_id(name),
            merchant_id=self.merchant_id,
            request_hash=self.request_hash,
            reference=reference,
            status=status,
            refusal=refusal,
            created_at=now,
            expires_at=now // 1000 + KEPT_SECONDS,
        )
        return storage.put(item, ClaimItem.claim_id.does_not_exist())

    def _claim_id(self, name: str) -> str:
        return hashlib.sha256(f"{self.merchant_id}\0{name}".encode()).hexdigest()

    def find(self) -> ClaimItem | None:
        """What is remembered under one of the names, by consistent reads. Raises KeyReused, storage.Unavailable.

        A payment under the same key is another request too: payments claim with their own record, so it is looked at here.
        """
        table, payments = settings.current().table("idempotency"), settings.current().table("payments")
        keys = [{"claim_id": {"S": self._claim_id(name)}} for name in self.names]
        asked = {
            table: {"Keys": keys, "ConsistentRead": True},
            payments: {
                "Keys": [{"payment_id": {"S": self.record_id("pay")}}],
                "ProjectionExpression": "payment_id",
                "ConsistentRead": True,
            },
        }
        client: Any = aws.dynamodb()
        with translated():
            answer = client.batch_get_item(RequestItems=asked)
        if answer.get("UnprocessedKeys"):
            raise storage.Unavailable("UnprocessedKeys")
        found = [ClaimItem.load(item) for item in answer["Responses"].get(table, ())]
        if answer["Responses"].get(payments) or any(item.request_hash != self.request_hash for item in found):
            raise KeyReused
        return found[0] if found else None

    def earlier_under_key(self) -> ClaimItem | None:
        """What an earlier request remembered under the Idempotency-Key, where that is not the first name: one read unit, under v1 only.

        For what must be known before a provider is asked, or an address taken, and not only when the record is written.
        """
        found = (storage.get(ClaimItem, self._claim_id(name)) for name in self.names[1:])
        return next((item for item in found if item is not None), None)

    def refuse_reuse_elsewhere(self) -> None:
        """For routes that claim with their own record: raises KeyReused when another kind of request took the name before.

        One read unit, for signed keys: it catches a client's mistake. What an attacker could try is ruled out by conditions.
        """
        if storage.get(ClaimItem, self._claim_id(self.names[0])) is not None:
            raise KeyReused


def hash_request(method: str, path: str, key: str | None, body: BaseModel | None) -> str:
    """SHA-256 over what was asked: method, path, key and the validated body in canonical JSON.

    The key is part of it because v1 does not sign it: a captured request sent again with another key is another request, not a retry.
    """
    content = None if body is None else body.model_dump(mode="json")
    canonical = json.dumps([method, path, key, content], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_HASH_CHARACTERS]
