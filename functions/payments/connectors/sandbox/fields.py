"""The sandbox's own card fields: what its script in the payer's browser asks of it, and what it answers.

The number is read in a frame that can send nothing anywhere; what leaves the frame is the name of the test card that it is (see
`instruments`). A refusal does not end the charge: as at other providers, the payer may type another card until the time is over.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final

from payments.connectors.requests import Attempt
from payments.connectors.results import Begun
from payments.connectors.sandbox import charges as books
from payments.connectors.sandbox import holds
from payments.connectors.sandbox.charges import BookItem
from payments.connectors.sandbox.instruments import APPROVE, BY_NAME, Behaviour, Way, confirmed_by, on_this_one

PUBLISHABLE_KEY: Final = "pk_sandbox"
# A charge that waits for a card; for the payer's confirmation of one.
WAY: Final = "fields"
ASKED: Final = "confirm"
SUCCEEDED, PROCESSING, REQUIRES_ACTION, REQUIRES_CARD, NO_ANSWER = (
    "succeeded",
    "processing",
    "requires_action",
    "requires_card",
    "no_answer",
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the sandbox's script gets as its answer. message: for the payer, where the card was refused."""

    status: str
    code: str | None = None
    message: str | None = None


def begin(name: str, attempt: Attempt, secret: str) -> Begun:
    """A charge that waits for a card; the same one when asked again."""
    until = holds.held_until(Way.APPROVE) if attempt.is_manual else None
    item = books.enter(books.charge(attempt, name, kind="charge", status=books.WAITING, way=WAY, held_until=until))
    return Begun(item.reference, {"publishable_key": PUBLISHABLE_KEY, "client_secret": client_secret(attempt.attempt_id, secret)})


def client_secret(attempt_id: str, secret: str) -> str:
    """What the payer's browser shows to confirm this charge, and no other."""
    return hmac.new(secret.encode(), f"fields#{attempt_id}".encode(), hashlib.sha256).hexdigest()[:32]


def is_secret_of(given: str, attempt_id: str, secret: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode(), client_secret(attempt_id, secret).encode())


def pay(item: BookItem, attempt: Attempt, card: str, *, backup: bool, kept: list[Any] | None = None) -> Confirmed:
    """The payer pays with this test card. Another one after a refusal is another try at the same charge. kept: what is noted of it."""
    if item.status != books.WAITING or item.way not in {WAY, ASKED}:
        return _shown(item)
    if kept is not None or item.card:
        books.keep(item, kept)
    wanted = confirmed_by(on_this_one(BY_NAME.get(card, APPROVE), backup=backup), attempt)
    match wanted.way:
        case Way.DECLINE:
            return _refuse(item, wanted)
        case Way.OUTAGE:
            return Confirmed(REQUIRES_CARD, "unavailable", "The sandbox is out of service.")
        case Way.TIMEOUT_LOST:
            return Confirmed(NO_ANSWER)
        case _:
            after = books.change(item, **_next(item, wanted.way))
            return Confirmed(NO_ANSWER) if wanted.way is Way.TIMEOUT_APPROVED else _shown(after)


def _next(item: BookItem, way: Way) -> dict[str, Any]:
    """How a charge goes on with a card that is not refused: one that is to be captured later is held."""
    if way is Way.REDIRECT:
        return {"way": ASKED}
    if way is Way.PENDING:
        return {"way": way}
    if item.held_until is None:
        return {"way": way, "status": books.APPROVED}
    return {"way": way, "status": books.HELD, "held_until": holds.held_until(way)}


def confirm(item: BookItem, *, approve: bool) -> Confirmed:
    """The payer answers the bank's question."""
    if item.status != books.WAITING or item.way != ASKED:
        return _shown(item)
    if not approve:
        return _refuse(item, Behaviour(Way.DECLINE, "authentication_failed", "The payment was not confirmed."))
    return _shown(books.change(item, **_next(item, Way.APPROVE)))


def _refuse(item: BookItem, wanted: Behaviour) -> Confirmed:
    after = books.change(item, way=WAY, code=wanted.code, reason=wanted.reason)
    return Confirmed(REQUIRES_CARD, wanted.code, wanted.reason) if after.status == books.WAITING else _shown(after)


def _shown(item: BookItem) -> Confirmed:
    if item.status in {books.APPROVED, books.HELD}:
        return Confirmed(SUCCEEDED)
    if item.status == books.DECLINED:
        return Confirmed(REQUIRES_CARD, item.code, item.reason)
    return Confirmed({ASKED: REQUIRES_ACTION, Way.PENDING: PROCESSING}.get(item.way, REQUIRES_CARD), item.code, item.reason)
