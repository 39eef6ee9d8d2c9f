"""Inviting people, changing what they may do, and removing them. One gives and takes only roles that one holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from paycorex import clock, credentials, ids, storage
from paycorex.credentials import Caller
from paycorex.credentials.roles import OWNER, may_give
from paycorex.errors import Forbidden, InvalidState, NotFound
from paycorex.idempotency import Claim
from paycorex.records.person import ACTIVE, DISABLED, INVITED, PersonItem
from people import roster, store, tickets
from people.sides import side_of
from people.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who manages people: a person with a role, or a key without one."""

    caller: Caller
    role: str | None

    def check(self, role: str) -> None:
        """Raises Forbidden for a role that this one cannot give or take.

        A key names owners only until one can sign in: an admin makes keys, and would else become owner by one of them.
        """
        if role == OWNER and self.role is None and roster.has_owner(self.caller.merchant_id):
            raise Forbidden(
                "The role owner is given and taken by owners alone, since there is one who can sign in.", details={"role": role}
            )
        if not may_give(self.caller.scopes, self.role, role):
            raise Forbidden(f"The role {role} can be given and taken only by who has it, or more.", details={"role": role})


@dataclass(frozen=True, slots=True, repr=False)
class Invited:
    """A person who is invited, and the ticket of the invitation."""

    person: PersonItem
    ticket: Ticket


class Manager(Protocol):
    """Who manages people, and which roles it may give and take."""

    @property
    def caller(self) -> Caller:
        """As whom the change is made."""

    def check(self, role: str) -> None:
        """Raises Forbidden for a role that this one cannot give or take."""


def find(merchant_id: str, person_id: str) -> PersonItem:
    """One person of the merchant. Raises NotFound."""
    found = store.find(person_id)
    if found is None or found.merchant_id != merchant_id:
        raise NotFound("person")
    return found


def invite(inviter: Manager, *, email: str, name: str, role: str, claim: Claim) -> Invited:
    """Invite one. Raises Forbidden, Conflict for an address that is there, TooMany, storage.TransactionRefused."""
    inviter.check(role)
    invited = new(
        inviter.caller.merchant_id,
        claim.record_id(side_of(inviter.caller.merchant_id).prefix),
        email=email,
        name=name,
        role=role,
        by=inviter.caller.key_id,
    )
    writes = [store.new(invited.person), store.new_ticket(invited.ticket.item), roster.added(invited.person)]
    storage.transact([*writes, *claim.rows(reference=invited.person.person_id)])
    return invited


def new(merchant_id: str, person_id: str, *, email: str, name: str, role: str, by: str) -> Invited:
    """One who is invited. Nothing is stored yet."""
    ticket = tickets.invitation(person_id)
    person = PersonItem(
        person_id=person_id,
        merchant_id=merchant_id,
        email=email,
        name=name,
        role=role,
        status=INVITED,
        created_at=clock.now_ms(),
        invited_by=by,
        ticket_id=ticket.item.person_id,
        ticket_expires_at=int(ticket.item.expires_at or 0) * 1000,
        passkeys=[],
        recovery_codes=[],
        version=1,
    )
    return Invited(person, ticket)


def invite_again(inviter: Manager, person_id: str, *, claim: Claim) -> Invited:
    """A new link for one who has not signed in yet; the older one ends. Raises NotFound, Forbidden, InvalidState."""
    person = find(inviter.caller.merchant_id, person_id)
    inviter.check(person.role)
    if person.status != INVITED:
        raise InvalidState("This person has signed in. Recovery codes, or an operator, let one in again.")
    ticket = tickets.invitation(person_id)
    storage.transact([*renewed(person, ticket), *claim.rows(reference=person_id, status=200)])
    return Invited(find(person.merchant_id, person_id), ticket)


def renewed(person: PersonItem, ticket: Ticket) -> list[storage.Write]:
    """The writes that give a person another ticket in place of the older one."""
    actions = [PersonItem.ticket_id.set(ticket.item.person_id), PersonItem.ticket_expires_at.set(int(ticket.item.expires_at or 0) * 1000)]
    older = [store.drop_ticket(person.ticket_id)] if person.ticket_id else []
    return [store.change(person, actions), *older, store.new_ticket(ticket.item)]


def change(inviter: Manager, person_id: str, *, name: str | None, role: str | None, status: str | None, claim: Claim) -> PersonItem:
    """Change name, role or status; acts with the next request of the person.

    Raises NotFound; Forbidden for a role, before or after, that the caller cannot give, for a name as well: the audit log shows it;
    InvalidState for the last owner, and for the
    status of one who has not signed in yet.
    """
    person = find(inviter.caller.merchant_id, person_id)
    inviter.check(person.role)
    inviter.check(role or person.role)
    if status is not None and person.status == INVITED:
        raise InvalidState("This person has not signed in yet. Remove the person to take the invitation back.")
    actions = []
    if name is not None:
        actions.append(PersonItem.name.set(name))
    if role is not None:
        actions.append(PersonItem.role.set(role))
    if status is not None:
        actions.append(PersonItem.status.set(status))
    writes = [store.change(person, actions), *roster.changed(person, role=role or person.role, status=status or person.status)]
    storage.transact([*writes, *claim.rows(reference=person_id, status=200)])
    if status == DISABLED:
        end_sessions(person)
    return find(person.merchant_id, person_id)


def remove(inviter: Manager, person_id: str, *, claim: Claim) -> PersonItem:
    """Remove one, with passkeys, tickets and sessions; who it was stays in the audit log. Raises NotFound, Forbidden, InvalidState."""
    person = find(inviter.caller.merchant_id, person_id)
    inviter.check(person.role)
    writes = [store.remove(person), roster.removed(person), *tickets.dropped(person)]
    storage.transact([*writes, *claim.rows(reference=person_id, status=200)])
    end_sessions(person)
    return person


def let_in(merchant_id: str, prefix: str, *, email: str, name: str, role: str, by: str) -> Invited:
    """A ticket that an operator gives, by the page or a command: for a new person, or for the one with this address.

    That one gets the role and is active again, with passkeys as they are; an older ticket is void. prefix: of a new person's id.
    Raises InvalidState when the roster's last owner or admin would be gone, Conflict, TooMany, storage.TransactionRefused.
    """
    known = next((each for each, (there, _) in store.roster(merchant_id).people.items() if there == email), None)
    person = None if known is None else store.find(known)
    if person is None:
        invited = new(merchant_id, ids.new(prefix), email=email, name=name, role=role, by=by)
        storage.transact([store.new(invited.person), store.new_ticket(invited.ticket.item), roster.added(invited.person)])
        return invited
    ticket = tickets.invitation(person.person_id)
    status = INVITED if person.status == INVITED else ACTIVE
    actions = [
        PersonItem.role.set(role),
        PersonItem.status.set(status),
        PersonItem.ticket_id.set(ticket.item.person_id),
        PersonItem.ticket_expires_at.set(int(ticket.item.expires_at or 0) * 1000),
    ]
    older = [store.drop_ticket(person.ticket_id)] if person.ticket_id else []
    changed = roster.changed(person, role=role, status=status)
    storage.transact([store.change(person, actions), *older, store.new_ticket(ticket.item), *changed])
    return Invited(find(merchant_id, person.person_id), ticket)


def end_sessions(person: PersonItem, but: Callable[[str], bool] = lambda _session_id: False) -> None:
    """End a person's sessions. Their person is asked for with each request, so what is left over opens nothing."""
    for item in store.sessions_of(person.person_id):
        if not but(item.session_id):
            storage.run(store.end_session(item.session_id))


def merchant_name(merchant_id: str) -> str:
    """What the merchant is called, for those who are invited. Raises NotFound."""
    found = credentials.find_merchant(merchant_id)
    if found is None:
        raise NotFound("merchant")
    return str(found.name)
