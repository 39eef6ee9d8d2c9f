"""Routes for operators as people: list, invite, change, remove; and the operators' own audit log."""

from typing import Any, Final

from paycorex.audit import chain
from paycorex.credentials import Caller
from paycorex.credentials.operators import REALM, scope_of
from paycorex.http import Answer, App, Call
from people import audit_log, operator_views, people, store, views
from people.audit_log import AuditList, Filter
from people.operators import Administrator
from people.people import Invited
from people.requests import AuditQuery, ChangeOperator, InviteOperator, PeopleQuery
from people.routes.signing import base_url_of

_V1: Final = "/operator/v1"
_ALL: Final = f"{_V1}/operators"
_ONE: Final = f"{_ALL}/{{operator_id}}"


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("GET", _ALL, scope=scope_of("GET", _ALL), query=PeopleQuery, answer=views.PersonList)(operator_list_operators)
    scope = scope_of("POST", _ALL)
    app.route("POST", _ALL, scope=scope, body=InviteOperator, answer=views.InvitedView, status=201, replay=_replay_invited)(
        operator_invite_operator
    )
    scope = scope_of("PATCH", _ONE)
    app.route("PATCH", _ONE, scope=scope, body=ChangeOperator, answer=views.PersonView, replay=_replay_person)(operator_change_operator)
    scope = scope_of("DELETE", _ONE)
    app.route("DELETE", _ONE, scope=scope, answer=views.RemovedPerson, replay=_replay_removed)(operator_remove_operator)
    again = f"{_ONE}/invitation"
    scope = scope_of("POST", again)
    app.route("POST", again, scope=scope, answer=views.InvitedView, replay=_replay_invited)(operator_invite_operator_again)
    log = f"{_V1}/audit"
    app.route("GET", log, scope=scope_of("GET", log), query=AuditQuery, answer=AuditList)(operator_list_audit)


def _replay_invited(_caller: Caller, operator_id: str) -> views.InvitedView:
    return views.invited(people.find(REALM, operator_id))


def _replay_person(_caller: Caller, operator_id: str) -> views.PersonView:
    return views.person(people.find(REALM, operator_id))


def _replay_removed(_caller: Caller, operator_id: str) -> views.RemovedPerson:
    return views.RemovedPerson(person_id=operator_id, removed=True)


def operator_list_operators(call: Call[None, PeopleQuery]) -> Answer:
    """All operators, who came last first."""
    items, more = store.page(REALM, call.query.limit, call.position("operators"))
    return Answer(200, views.PersonList(data=[views.person(item) for item in items], next_cursor=call.next_cursor("operators", more)))


def operator_invite_operator(call: Call[InviteOperator, None]) -> Answer:
    """Invite an operator, by the link in this answer."""
    body = call.body
    done = people.invite(Administrator(call.caller), email=body.email, name=body.name, role=body.role, claim=call.claim)
    return Answer(201, _handed_over(call, done))


def operator_invite_operator_again(call: Call[None, None]) -> Answer:
    """A new invitation for an operator who has not signed in yet; the older link ends."""
    return Answer(200, _handed_over(call, people.invite_again(Administrator(call.caller), call.path["operator_id"], claim=call.claim)))


def operator_change_operator(call: Call[ChangeOperator, None]) -> Answer:
    """Change an operator's name, role or status; it acts with the next request."""
    body, who = call.body, Administrator(call.caller)
    changed = people.change(who, call.path["operator_id"], name=body.name, role=body.role, status=body.status, claim=call.claim)
    return Answer(200, views.person(changed))


def operator_remove_operator(call: Call[None, None]) -> Answer:
    """Remove an operator, with passkeys and sessions."""
    removed = people.remove(Administrator(call.caller), call.path["operator_id"], claim=call.claim)
    return Answer(200, views.RemovedPerson(person_id=removed.person_id, removed=True))


def operator_list_audit(call: Call[None, AuditQuery]) -> Answer:
    """What operators did, from where, before and after, the newest first. Each entry's hash covers the one before it."""
    chain.close_left_over(REALM)
    found = audit_log.page(REALM, Filter.of(call.query), call.query.limit, call.position("operator_audit"))
    data = [audit_log.view(item) for item in found.items]
    more = call.next_cursor("operator_audit", found.position)
    return Answer(200, AuditList(data=data, sealed_up_to=audit_log.sealed_up_to(REALM), next_cursor=more))


def _handed_over(call: Call[Any, Any], done: Invited) -> views.InvitedView:
    return views.invited(done.person, link=operator_views.link_of(base_url_of(call), done))
