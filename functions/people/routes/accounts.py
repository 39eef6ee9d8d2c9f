"""Routes for the people of a merchant: invite, list, change, remove."""

from collections.abc import Collection
from typing import Any, Final

from paycorex import rate_limits, settings
from paycorex.approvals.second import Danger, Second
from paycorex.audit import contents
from paycorex.credentials import Caller
from paycorex.http import Answer, App, Call
from paycorex.records.person import ACTIVE
from people import invitation_mail, people, store, views
from people.people import Invited, Inviter
from people.requests import ChangePerson, Invite, PeopleQuery
from people.routes.signing import base_url_of

_USERS = "/v1/console/users"
# The kind of dangerous act that a change of who may do what is (`paycorex.approvals`).
ROLES: Final = "roles"
# Of one merchant in an hour, where they go by e-mail: the address is that of someone who has not asked for it.
MAILED: Final = rate_limits.Limit("console_invitation", 30, window_seconds=3600)


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("GET", _USERS, scope="people:read", query=PeopleQuery, answer=views.PersonList)(list_people)
    app.route(
        "POST",
        _USERS,
        scope="people:write",
        body=Invite,
        answer=views.InvitedView,
        status=201,
        replay=_replay_invited,
        danger=_of_invitation,
    )(invite_person)
    app.route("GET", f"{_USERS}/{{person_id}}", scope="people:read", answer=views.PersonView)(show_person)
    app.route(
        "PATCH",
        f"{_USERS}/{{person_id}}",
        scope="people:write",
        body=ChangePerson,
        answer=views.PersonView,
        replay=_replay_person,
        danger=_of_change,
    )(change_person)
    app.route("DELETE", f"{_USERS}/{{person_id}}", scope="people:write", answer=views.RemovedPerson, replay=_replay_removed)(remove_person)
    app.route(
        "POST",
        f"{_USERS}/{{person_id}}/invitation",
        scope="people:write",
        answer=views.InvitedView,
        replay=_replay_invited,
        danger=_of_link,
    )(invite_again)


def _of_invitation(call: Call[Invite, None]) -> Collection[str]:
    """Who comes in has a role."""
    return Danger({ROLES}, lambda: Second(roles=(call.body.role,)))


def _of_link(call: Call[Any, Any]) -> Collection[str]:
    """So has who comes in by another link."""
    return Danger({ROLES}, lambda: _second(call, None))


def _of_change(call: Call[ChangePerson, None]) -> Collection[str]:
    """To give a role or to let one in again is dangerous; to lock one out may be urgent, and needs no second person."""
    if call.body.role is None and call.body.status != ACTIVE:
        return ()
    return Danger({ROLES}, lambda: _second(call, call.body))


def _second(call: Call[Any, Any], body: ChangePerson | None) -> Second:
    """Whom it is about, and which roles are given and taken. Raises NotFound."""
    person = people.find(call.caller.merchant_id, call.path["person_id"])
    given = {} if body is None else contents.plain(body)
    about = {"name": person.name, "email": person.email, "role": person.role, "status": person.status}
    return Second({**given, "of": about}, roles=(person.role, *((body.role,) if body is not None and body.role else ())))


def _replay_invited(caller: Caller, person_id: str) -> views.InvitedView:
    return views.invited(people.find(caller.merchant_id, person_id))


def _replay_person(caller: Caller, person_id: str) -> views.PersonView:
    return views.person(people.find(caller.merchant_id, person_id))


def _replay_removed(_caller: Caller, person_id: str) -> views.RemovedPerson:
    return views.RemovedPerson(person_id=person_id, removed=True)


def _inviter(call: Call[Any, Any]) -> Inviter:
    role = str(call.request.authorizer.get("role", "")) if call.caller.is_person else None
    return Inviter(call.caller, role)


def list_people(call: Call[None, PeopleQuery]) -> Answer:
    """People of the merchant, who came last first."""
    items, more = store.page(call.caller.merchant_id, call.query.limit, call.position("people"))
    return Answer(200, views.PersonList(data=[views.person(item) for item in items], next_cursor=call.next_cursor("people", more)))


def invite_person(call: Call[Invite, None]) -> Answer:
    """Invite a person by e-mail, or by the link in this answer where no e-mail is set up. One gives only roles that one holds.

    A key names owners only until one can sign in.
    """
    body = call.body
    _check_mailed(call)
    done = people.invite(_inviter(call), email=body.email, name=body.name, role=body.role, claim=call.claim)
    return Answer(201, _handed_over(call, done))


def invite_again(call: Call[None, None]) -> Answer:
    """A new invitation for a person who has not signed in yet; the older link ends."""
    _check_mailed(call)
    return Answer(200, _handed_over(call, people.invite_again(_inviter(call), call.path["person_id"], claim=call.claim)))


def _check_mailed(call: Call[Any, Any]) -> None:
    if settings.current().mail_from:
        MAILED.take(call.caller.merchant_id)


def _handed_over(call: Call[Any, Any], done: Invited) -> views.InvitedView:
    link = views.link_of(base_url_of(call), done)
    sent = invitation_mail.send(done.person, people.merchant_name(done.person.merchant_id), link)
    return views.invited(done.person, link=None if sent else link, sent=sent)


def show_person(call: Call[None, None]) -> Answer:
    """One person."""
    return Answer(200, views.person(people.find(call.caller.merchant_id, call.path["person_id"])))


def change_person(call: Call[ChangePerson, None]) -> Answer:
    """Change a person's name, role or status; it acts with the person's next request."""
    body = call.body
    changed = people.change(_inviter(call), call.path["person_id"], name=body.name, role=body.role, status=body.status, claim=call.claim)
    return Answer(200, views.person(changed))


def remove_person(call: Call[None, None]) -> Answer:
    """Remove a person, with passkeys and sessions."""
    removed = people.remove(_inviter(call), call.path["person_id"], claim=call.claim)
    return Answer(200, views.RemovedPerson(person_id=removed.person_id, removed=True))
