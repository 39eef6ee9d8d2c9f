"""Who of a merchant there is: an e-mail address once, at most so many, and never without an active owner once there was one.

Operators have a roster too; its owners are those with the role admin.
"""

from typing import Any, Final

from paycorex import storage
from paycorex.credentials import operators
from paycorex.credentials.roles import OWNER
from paycorex.errors import Conflict, InvalidState, TooMany
from paycorex.records.person import ACTIVE, PersonItem
from people import store

MAX_PEOPLE: Final = 100


def added(person: PersonItem) -> storage.Write:
    """The write that adds one. Raises Conflict for an e-mail address that is there, TooMany at the limit."""
    before = store.roster(person.merchant_id)
    people: dict[str, Any] = dict(before.people)
    if any(email == person.email for email, _ in people.values()):
        raise Conflict("There is a person with this e-mail address.", details={"field": "email"})
    if len(people) >= MAX_PEOPLE:
        who = "There are at most {} operators." if person.merchant_id == operators.REALM else "A merchant has at most {} people."
        raise TooMany(who.format(MAX_PEOPLE), limit=MAX_PEOPLE)
    return store.keep_roster(before, people | {person.person_id: [person.email, False]})


def top_role(merchant_id: str) -> str:
    """The role that someone must have."""
    return operators.ADMIN if merchant_id == operators.REALM else OWNER


def has_owner(merchant_id: str) -> bool:
    """Whether an owner of the merchant can sign in."""
    return any(is_owner for _, is_owner in store.roster(merchant_id).people.values())


def changed(person: PersonItem, *, role: str, status: str) -> list[storage.Write]:
    """The writes for a change of role or status; none when it is the same to the roster. Raises InvalidState for the last owner."""
    return _kept(person, is_owner=role == top_role(person.merchant_id) and status == ACTIVE)


def activated(person: PersonItem) -> list[storage.Write]:
    """The writes for one who signs in for the first time, or again."""
    return _kept(person, is_owner=person.role == top_role(person.merchant_id))


def removed(person: PersonItem) -> storage.Write:
    """The write that takes one away. Raises InvalidState for the last owner."""
    before = store.roster(person.merchant_id)
    left = {each: line for each, line in before.people.items() if each != person.person_id}
    _check_owners(person.merchant_id, before.people, left)
    return store.keep_roster(before, left)


def _kept(person: PersonItem, *, is_owner: bool) -> list[storage.Write]:
    before = store.roster(person.merchant_id)
    after = dict(before.people) | {person.person_id: [person.email, is_owner]}
    if after == dict(before.people):
        return []
    _check_owners(person.merchant_id, before.people, after)
    return [store.keep_roster(before, after)]


def _check_owners(merchant_id: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    if any(is_owner for _, is_owner in before.values()) and not any(is_owner for _, is_owner in after.values()):
        role = top_role(merchant_id)
        raise InvalidState(f"This is the last {role} who can sign in. Make another person {role} first.")
