"""Tickets: a secret that lets its holder add a passkey, once. Invitations, recovery codes, and an operator's way back are tickets.

What is stored of a secret is its SHA-256; they have 256 and 100 random bits, so a plain hash cannot be searched.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from paycorex import clock, ids, storage
from paycorex.errors import Refusal
from paycorex.records.person import DISABLED, PersonItem
from people import store
from people.records import INVITATION, RECOVERY, TicketItem
from people.sides import CONSOLE, Side

INVITATION_SECONDS: Final = 7 * 24 * 3600
CODES: Final = 10
_CODE_BYTES: Final = 13
_CODE_CHARACTERS: Final = 20
_GROUP: Final = 5


class TicketRefused(Refusal):
    """No such ticket, or no longer. One answer for every cause."""

    code = "not_found"

    def __init__(self) -> None:
        super().__init__("This link or code is not valid, or no longer.")


@dataclass(frozen=True, slots=True, repr=False)
class Ticket:
    """A new ticket. The secret is in the clear only here and in the one answer or e-mail that shows it."""

    secret: str
    item: TicketItem


def invitation(person_id: str) -> Ticket:
    """A ticket for one who is invited. Nothing is stored yet."""
    secret = secrets.token_urlsafe(32)
    expires_at = int(clock.now_seconds()) + INVITATION_SECONDS
    return Ticket(secret, TicketItem(person_id=ticket_id(secret), holder=person_id, kind=INVITATION, expires_at=expires_at))


def recovery_codes(person_id: str) -> list[Ticket]:
    """New recovery codes. Nothing is stored yet."""
    return [_code(person_id) for _ in range(CODES)]


def _code(person_id: str) -> Ticket:
    text = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()[:_CODE_CHARACTERS]
    shown = "-".join(text[at : at + _GROUP] for at in range(0, _CODE_CHARACTERS, _GROUP))
    return Ticket(shown, TicketItem(person_id=ticket_id(shown), holder=person_id, kind=RECOVERY))


def ticket_id(secret: str) -> str:
    """What a ticket is stored under. A recovery code may be typed in capitals and without its dashes."""
    plain = secret.strip()
    code = plain.replace("-", "").replace(" ", "").lower()
    normal = code if len(code) == _CODE_CHARACTERS else plain
    return f"ticket#{hashlib.sha256(normal.encode()).hexdigest()}"


def find(secret: str, side: Side = CONSOLE) -> tuple[TicketItem, PersonItem]:
    """A ticket of a page's people that holds, and whose it is. Raises TicketRefused."""
    item = store.find_ticket(ticket_id(secret))
    person = None if item is None else store.find(item.holder)
    if item is None or person is None or person.status == DISABLED or not ids.is_id(side.prefix, person.person_id):
        raise TicketRefused
    if item.person_id not in {person.ticket_id, *person.recovery_codes}:
        raise TicketRefused
    if item.expires_at is not None and clock.now_seconds() >= int(item.expires_at):
        raise TicketRefused
    return item, person


def dropped(person: PersonItem) -> list[storage.Write]:
    """The writes that take all tickets of a person away."""
    known = [*person.recovery_codes, *([person.ticket_id] if person.ticket_id else [])]
    return [store.drop_ticket(each) for each in known]
