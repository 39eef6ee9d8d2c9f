"""The `idempotency` table: one row per claimed name, and the refusals that a row leads to."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from paycorex import aws, clock, settings, signing, storage
from paycorex.errors import Conflict, Refusal
from paycorex.storage.failures import translated

KEPT_SECONDS: Final = 35 * 24 * 3600
# A signature that led to nothing that a key remembers: for as long as it could be sent again, clocks that run ahead included.
USE_KEPT_SECONDS: Final = 3 * signing.WINDOW_SECONDS
# Refusals that are answered again to a retry. Anything else (400, 404, 5xx ...) changed nothing and is simply tried again.
REMEMBERED_STATUSES: Final = frozenset({402, 409, 422})
# The status of a row without an outcome so far: the signature belongs to this one request, which may be tried anew.
OPEN: Final = 0


class ClaimItem(storage.Item):
    """One claimed name: an Idempotency-Key or a signature of one merchant."""

    class Meta:
        """Which table."""

        table_name = "idempotency"

    claim_id = UnicodeAttribute(hash_key=True)
    merchant_id = UnicodeAttribute()
    request_hash = UnicodeAttribute()
    # The record that the request made or changed, as the route's `replay` finds it; empty for a refusal.
    reference = UnicodeAttribute(null=True)
    status = NumberAttribute()
    refusal = JSONAttribute(null=True)
    created_at = NumberAttribute()
    expires_at = NumberAttribute()


class KeyReused(Refusal):
    """The same key with another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request.")


class SignatureReused(Refusal):
    """The same v1 signature with another request: another key, route or path."""

    code = "signature_reused"

    def __init__(self) -> None:
        super().__init__(
            "This signature was used for another request already. Sign again with a new timestamp: v1 takes milliseconds (13 digits), "
            "which keep equal requests apart."
        )


class InProgress(Refusal):
    """The first request with this key has not ended yet."""

    code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running.", retry_after_seconds=1)


class Overtaken(Conflict):
    """Another request changed the object meanwhile; this one may be tried again."""

    def __init__(self) -> None:
        super().__init__("The object was changed by another request.")


class Remembered(Exception):
    """This very request was made before, and has an outcome."""

    def __init__(self, item: ClaimItem) -> None:
        super().__init__(item.claim_id)
        self.item = item


def is_remembered(refusal: Refusal) -> bool:
    """True for a refusal that is the outcome of its request under every name, and not a hint to retry."""
    return refusal.status in REMEMBERED_STATUSES and not isinstance(refusal, KeyReused | SignatureReused | InProgress | Overtaken)


def content_of(refusal: Refusal) -> dict[str, Any]:
    """A refusal as it is stored."""
    return {"code": refusal.code, "message": refusal.message, "details": refusal.details}


def refusal_of(content: Mapping[str, Any]) -> Refusal:
    """A refusal as it was stored."""
    return Refusal(content["message"], code=content["code"], details=content["details"])


def new_row(
    claim_id: str, merchant_id: str, request_hash: str, *, reference: str | None, status: int, refusal: Mapping[str, Any] | None, kept: int
) -> ClaimItem:
    """A new row. kept: seconds until its TTL."""
    now = clock.now_ms()
    return ClaimItem(
        claim_id=claim_id,
        merchant_id=merchant_id,
        request_hash=request_hash,
        reference=reference,
        status=status,
        refusal=refusal,
        created_at=now,
        expires_at=now // 1000 + kept,
    )


def free(request_hash: str | None = None) -> Condition:
    """The condition that a name is free; with a hash, also when it is open for this very request."""
    absent: Condition = ClaimItem.claim_id.does_not_exist()
    if request_hash is None:
        return absent
    mine: Condition = (ClaimItem.status == OPEN) & (ClaimItem.request_hash == request_hash)
    either: Condition = absent | mine
    return either


def read(claim_ids: Collection[str], payment_ids: Collection[str]) -> tuple[list[ClaimItem], list[str]]:
    """The rows that are there, and which of these payments are: one call, consistent. Raises storage.Unavailable."""
    if len(claim_ids) == 1 and not payment_ids:
        row = storage.get(ClaimItem, next(iter(claim_ids)))
        return ([] if row is None else [row]), []
    table, payments = settings.current().table("idempotency"), settings.current().table("payments")
    asked: dict[str, Any] = {table: {"Keys": [{"claim_id": {"S": claim}} for claim in claim_ids], "ConsistentRead": True}}
    if payment_ids:
        keys = [{"payment_id": {"S": payment}} for payment in payment_ids]
        asked[payments] = {"Keys": keys, "ProjectionExpression": "payment_id", "ConsistentRead": True}
    client: Any = aws.dynamodb()
    with translated():
        answer = client.batch_get_item(RequestItems=asked)
    if answer.get("UnprocessedKeys"):
        raise storage.Unavailable("UnprocessedKeys")
    found = answer["Responses"]
    return [ClaimItem.load(item) for item in found.get(table, ())], [item["payment_id"]["S"] for item in found.get(payments, ())]
