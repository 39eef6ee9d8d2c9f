"""The sandbox's callbacks: what it sends when its payer has decided, and how that is read."""

import json
from collections.abc import Mapping
from typing import Any, Final

from paycorex.money import Money
from payments.connectors import documents, signatures
from payments.connectors.documents import shown
from payments.connectors.notices import Notice
from payments.connectors.results import Approved, Authorized, Declined
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox.charges import BookItem

SIGNATURE_HEADER: Final = "sandbox-signature"


def verified(secret: str, headers: Mapping[str, tuple[str, ...]], body: bytes) -> Any:
    """The document of a callback that the sandbox signed. Raises CallbackRefused, documents.Malformed."""
    signatures.check_timestamped(signatures.only(headers, SIGNATURE_HEADER), body, secret)
    return documents.parse(body)


def read(content: Any) -> Notice:
    """What a callback about an attempt says. Raises documents.Malformed."""
    payment_id, attempt_id = documents.text(content, "payment_id"), documents.text(content, "attempt_id")
    status = documents.text(content, "status")
    if status == books.DECLINED:
        declined = Declined(documents.code_or(content, "declined", "code"), shown(documents.text(content, "reason")))
        return Notice(payment_id, declined, attempt_id=attempt_id)
    if status not in {books.APPROVED, books.HELD}:
        raise documents.Malformed(f"status {status[:40]}")
    return Notice(payment_id, documents.judged(_paid if status == books.APPROVED else _held, content), attempt_id=attempt_id)


def _amount(content: Any) -> tuple[str, Money]:
    """Reference and money of a callback. Raises Malformed, Contradiction."""
    reference = documents.reference(content, "reference")
    return reference, documents.amount(documents.whole(content, "amount_minor"), documents.text(content, "currency"), reference)


def _paid(content: Any) -> Approved:
    return Approved(*_amount(content))


def _held(content: Any) -> Authorized:
    reference, amount = _amount(content)
    until_ms = documents.whole(content, "held_until")
    if not 0 < until_ms < documents.MAX_EPOCH_SECONDS * 1000:
        raise documents.Malformed("held_until")
    return Authorized(reference, amount, expires_ms=until_ms)


def write(secret: str, item: BookItem, attempt_id: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of the callback about a line that was decided."""
    content: dict[str, Any] = {
        "payment_id": item.payment_id,
        "attempt_id": attempt_id,
        "status": item.status,
        "reference": item.reference,
        "amount_minor": int(item.amount),
        "currency": item.currency,
        "code": item.code,
        "reason": item.reason,
        "held_until": None if item.held_until is None else int(item.held_until),
    }
    body = json.dumps(content).encode()
    return body, {SIGNATURE_HEADER: signatures.timestamped(secret, body)}
