"""The tables `people` and `console_sessions`, for the people's room. (What the authorizer reads is `paycorex.credentials.sessions`.)"""

from collections.abc import Sequence
from typing import Any, Final

from pynamodb.expressions.update import Action

from paycorex import clock, storage
from paycorex.records.console_session import SessionItem
from paycorex.records.person import PersonItem
from people.records import ChallengeItem, RosterItem, TicketItem

_BY_MERCHANT: Final = "by_merchant"
_BY_PERSON: Final = "by_person"


def find(person_id: str) -> PersonItem | None:
    """A person as it stands now. The caller compares the merchant."""
    return storage.get(PersonItem, person_id)


def page(merchant_id: str, limit: int, position: str | None) -> tuple[list[PersonItem], str | None]:
    """Some people of a merchant, who came last first, and the position to go on after."""
    start = None if position is None else _start(merchant_id, position)
    condition = PersonItem.merchant_id == merchant_id
    found = storage.query(PersonItem, condition, index=_BY_MERCHANT, newest_first=True, limit=limit, start=start)
    rows = [current for row in found.items if (current := find(row.person_id)) is not None]
    last = found.items[-1] if found.items else None
    more = None if found.next_start is None or last is None else f"{int(last.created_at)}#{last.person_id}"
    return rows, more


def _start(merchant_id: str, position: str) -> dict[str, Any]:
    created_at, _, person_id = position.partition("#")
    return {**PersonItem.wire_key(person_id), "merchant_id": {"S": merchant_id}, "created_at": {"N": created_at}}


def new(item: PersonItem) -> storage.Write:
    """Store a new person."""
    return storage.put(item, PersonItem.person_id.does_not_exist())


def change(item: PersonItem, actions: Sequence[Action]) -> storage.Write:
    """Change a person, unless it was changed since `item` was read."""
    version = int(item.version)
    bumped = [*actions, PersonItem.version.set(version + 1)]
    return storage.update(PersonItem, PersonItem.wire_key(item.person_id), bumped, PersonItem.version == version)


def remove(item: PersonItem) -> storage.Write:
    """Delete a person, unless it was changed since `item` was read."""
    return storage.delete(PersonItem, PersonItem.wire_key(item.person_id), PersonItem.version == int(item.version))


def roster(merchant_id: str) -> RosterItem:
    """Who there is; an empty one of version 0 before the first person."""
    key = f"roster#{merchant_id}"
    return storage.get(RosterItem, key) or RosterItem(person_id=key, people={}, version=0)


def keep_roster(before: RosterItem, people: dict[str, Any]) -> storage.Write:
    """Store who there is, unless that was changed since it was read."""
    version = int(before.version)
    item = RosterItem(person_id=before.person_id, people=people, version=version + 1)
    return storage.put(item, RosterItem.person_id.does_not_exist() if version == 0 else RosterItem.version == version)


def find_ticket(ticket_id: str) -> TicketItem | None:
    """A ticket, used by no one yet."""
    return storage.get(TicketItem, ticket_id)


def new_ticket(item: TicketItem) -> storage.Write:
    """Store a ticket."""
    return storage.put(item, TicketItem.person_id.does_not_exist())


def use_ticket(ticket_id: str) -> storage.Write:
    """Take a ticket away; refused when it is gone."""
    return storage.delete(TicketItem, TicketItem.wire_key(ticket_id), TicketItem.person_id.exists())


def drop_ticket(ticket_id: str) -> storage.Write:
    """Take a ticket away, if it is there."""
    return storage.delete(TicketItem, TicketItem.wire_key(ticket_id), None)


def new_challenge(item: ChallengeItem) -> None:
    """Store a challenge."""
    storage.run(storage.put(item, ChallengeItem.person_id.does_not_exist()))


def take_challenge(challenge_id: str) -> ChallengeItem | None:
    """A challenge, which is gone by that; None when it is gone already, or never was."""
    found = storage.get(ChallengeItem, challenge_id)
    if found is None:
        return None
    try:
        storage.run(storage.delete(ChallengeItem, ChallengeItem.wire_key(challenge_id), ChallengeItem.person_id.exists()))
    except storage.ConditionRefused:
        return None
    return found


def find_session(session_id: str) -> SessionItem | None:
    """A session. The caller compares the merchant."""
    return storage.get(SessionItem, session_id)


def sessions_of(person_id: str) -> list[SessionItem]:
    """A person's sessions, the newest first: at most as many as one may have, and those that the table has not forgotten yet."""
    found = storage.query(SessionItem, SessionItem.person_id == person_id, index=_BY_PERSON, newest_first=True, limit=100)
    # The index lags by moments behind a session that was ended.
    return [current for row in found.items if (current := find_session(row.session_id)) is not None]


def new_session(item: SessionItem) -> storage.Write:
    """Store a session."""
    return storage.put(item, SessionItem.session_id.does_not_exist())


def verified(session_id: str) -> storage.Write:
    """A passkey was used in this session just now; refused when the session is gone."""
    actions = [SessionItem.verified_at.set(clock.now_ms())]
    return storage.update(SessionItem, SessionItem.wire_key(session_id), actions, SessionItem.session_id.exists())


def choose_mode(session_id: str, mode: str | None) -> storage.Write:
    """The session goes on in this mode, None: its merchant's own; refused when the session is gone."""
    action = SessionItem.mode.remove() if mode is None else SessionItem.mode.set(mode)
    return storage.update(SessionItem, SessionItem.wire_key(session_id), [action], SessionItem.session_id.exists())


def end_session(session_id: str) -> storage.Write:
    """Delete a session, if it is there."""
    return storage.delete(SessionItem, SessionItem.wire_key(session_id), None)
