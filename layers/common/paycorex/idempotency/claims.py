"""Claims: a request's names, under which its effect happens once, and its stored outcome.

A mutation's claim is written in the same transaction as its effect, so there is no moment at which one exists without the other. Payments
claim through their own record, whose id is derived from the claim; every other mutation adds a row to `idempotency`.

A request with an Idempotency-Key is named by it under either scheme. v1 signs neither the key nor the route, so there the signature is a
second name, which belongs to one method, path and key: sent again with others it is refused, whatever the first request's outcome.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import BaseModel

from paycorex import ids, storage
from paycorex.errors import Refusal
from paycorex.idempotency import items
from paycorex.idempotency.items import ClaimItem, KeyReused, Remembered, SignatureReused

# 128 bits are enough to tell requests apart, and records stay small.
_HASH_CHARACTERS: Final = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """The identity of one request.

    names: every name it claims, the first being the one that record ids derive from. request_hash: what must be equal for a replay.
    unsigned_hash: under v1, what must be equal of the parts that the signature does not cover; None under v2, which covers all.
    """

    merchant_id: str
    names: tuple[str, ...]
    request_hash: str
    unsigned_hash: str | None = None

    @classmethod
    def of(
        cls,
        merchant_id: str,
        *,
        signature: str,
        key: str | None,
        key_is_signed: bool,
        request_hash: str,
        unsigned_hash: str | None = None,
    ) -> "Claim":
        """The claim of a signed request. key_is_signed: by v2."""
        by_key = f"key:{key}" if key is not None else None
        by_signature = f"sig:{signature}"
        if by_key is None:
            names: tuple[str, ...] = (by_signature,)
        else:
            names = (by_key,) if key_is_signed else (by_key, by_signature)
        return cls(merchant_id, names, request_hash, None if key_is_signed else unsigned_hash or request_hash)

    def including(self, digest: str) -> "Claim":
        """The same claim with a digest added: for content that may be hashed only with a secret key."""
        return replace(self, request_hash=hashlib.sha256(f"{self.request_hash}\0{digest}".encode()).hexdigest()[:_HASH_CHARACTERS])

    @property
    def single_use(self) -> bool:
        """True under v1, whose signature would be valid for other routes and keys too."""
        return self.unsigned_hash is not None

    @property
    def has_key(self) -> bool:
        """True when the request is named by an Idempotency-Key."""
        return self.names[0].startswith("key:")

    def record_id(self, prefix: str) -> str:
        """The id of the record that this request creates."""
        return self._id_under(prefix, self.names[0])

    def rows(self, *, reference: str, status: int = 201) -> list[storage.Write]:
        """The writes that claim every name, for the transaction of the effect."""
        return [self._row(name, reference=reference, status=status) for name in self.names]

    def signature_rows(self, *, reference: str, status: int = 201) -> list[storage.Write]:
        """Like `rows`, for records that are the claim of the first name themselves: the v1 signature's use; nothing under v2."""
        return [self._row(name, reference=reference, status=status) for name in self.names if self.single_use and _is_signature(name)]

    def refusal_rows(self, refusal: Refusal) -> list[storage.Write]:
        """The writes that remember a refusal under every name."""
        return [self._row(name, status=refusal.status, refusal=refusal) for name in self.names]

    def use_row(self, refusal: Refusal | None) -> storage.Write:
        """The write that stores the outcome of a v1 signature alone; None: there is no outcome yet."""
        status = items.OPEN if refusal is None else refusal.status
        return self._row(self.names[-1], status=status, refusal=refusal, kept=items.USE_KEPT_SECONDS)

    def begin(self) -> None:
        """Claim a v1 signature for this request before an external call; one write unit, nothing under v2.

        Raises SignatureReused, Remembered when this very request has an outcome, storage.Unavailable or storage.OutcomeUnknown.
        """
        if not self.single_use:
            return
        try:
            storage.run(self.use_row(None))
        except storage.ConditionRefused as refused:
            self.check(ClaimItem.load(refused.item))

    def check(self, item: ClaimItem) -> None:
        """What a stored row means for this request: nothing while it is open for it.

        Raises SignatureReused or KeyReused when it is another request's, Remembered when it holds this one's outcome.
        """
        name = next(name for name in reversed(self.names) if self._claim_id(name) == item.claim_id)
        if item.request_hash != self._hash_of(name):
            raise SignatureReused if _is_signature(name) else KeyReused
        if int(item.status) != items.OPEN:
            raise Remembered(item)

    def find(self) -> ClaimItem | None:
        """The stored outcome under one of the names, by consistent reads. Raises KeyReused, SignatureReused, storage.Unavailable.

        A payment under the same name is another request too: payments claim with their own record, so it is looked at here.
        """
        rows, paid = self._look(self.names, paid=self.names)
        return self._judge(rows, paid)

    def find_for_payment(self) -> ClaimItem | None:
        """Like `find`, for a route that claims with the payment's own record, which is left to its own condition.

        One read unit for a signed key, where it catches a client's mistake: that another kind of request took the key before. Under v1 a
        unit for each name and, with a key, one for a payment that the signature made without it. Nothing under v2 without a key.
        """
        if not (self.single_use or self.has_key):
            return None
        rows, paid = self._look(self.names, paid=self.names[1:])
        return self._judge(rows, paid)

    def _judge(self, rows: dict[str, ClaimItem], paid: frozenset[str]) -> ClaimItem | None:
        """The signature is checked first: it refuses a request even when the key matches."""
        for name in reversed(self.names):
            other = name in rows and rows[name].request_hash != self._hash_of(name)
            if other or name in paid:
                raise SignatureReused if _is_signature(name) else KeyReused
        known = (rows[name] for name in self.names if name in rows)
        return next((item for item in known if int(item.status) != items.OPEN), None)

    def _look(self, names: Iterable[str], *, paid: Iterable[str]) -> tuple[dict[str, ClaimItem], frozenset[str]]:
        """The rows of these names, and under which of the others a payment was made."""
        by_claim = {self._claim_id(name): name for name in names}
        by_payment = {self._id_under("pay", name): name for name in paid}
        rows, payments = items.read(by_claim, by_payment)
        return {by_claim[row.claim_id]: row for row in rows}, frozenset(by_payment[payment] for payment in payments)

    def _row(
        self,
        name: str,
        *,
        status: int,
        reference: str | None = None,
        refusal: Refusal | None = None,
        kept: int = items.KEPT_SECONDS,
    ) -> storage.Write:
        hashed = self._hash_of(name)
        content = None if refusal is None else items.content_of(refusal)
        claim_id = self._claim_id(name)
        item = items.new_row(claim_id, self.merchant_id, hashed, reference=reference, status=status, refusal=content, kept=kept)
        return storage.put(item, items.free(hashed if self.single_use and _is_signature(name) else None))

    def _hash_of(self, name: str) -> str:
        return self.unsigned_hash if self.unsigned_hash is not None and _is_signature(name) else self.request_hash

    def _claim_id(self, name: str) -> str:
        return hashlib.sha256(f"{self.merchant_id}\0{name}".encode()).hexdigest()

    def _id_under(self, prefix: str, name: str) -> str:
        return ids.derive(prefix, self.merchant_id, name)


def _is_signature(name: str) -> bool:
    return name.startswith("sig:")


def hash_request(method: str, path: str, key: str | None, body: BaseModel | None) -> str:
    """SHA-256 over the request: method, path, key and the validated body in canonical JSON."""
    content = None if body is None else body.model_dump(mode="json")
    return _hashed([method, path, key, content])


def hash_unsigned(method: str, path: str, query: Iterable[tuple[str, str]], key: str | None) -> str:
    """SHA-256 over what a v1 signature does not cover."""
    return _hashed([method, path, sorted(query), key])


def _hashed(content: list[Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_HASH_CHARACTERS]
