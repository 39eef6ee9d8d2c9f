"""Routes for what is one's own: sessions, passkeys, recovery codes. Every person may use them, and no key."""

from typing import Any

from paycorex.approvals import demands
from paycorex.credentials import Caller, sessions
from paycorex.credentials.roles import OWN
from paycorex.errors import Forbidden, NotFound
from paycorex.http import Answer, App, Call
from paycorex.records.person import PersonItem
from people import people, session_views, signing_in, store, views
from people.requests import AddPasskey, ChooseMode, SessionsQuery
from people.routes.signing import browser_of, challenge_for

_ME = "/v1/console/users/me"


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("PATCH", "/v1/console/session", scope=OWN, body=ChooseMode, answer=session_views.ChosenMode, replay=_replay_mode)(choose_mode)
    app.route("GET", "/v1/console/sessions", scope=OWN, query=SessionsQuery, answer=session_views.ConsoleSessions)(list_sessions)
    app.route("DELETE", "/v1/console/sessions/{console_session_id}", scope=OWN, answer=session_views.EndedSession, replay=_replay_ended)(
        end_session
    )
    app.route("POST", f"{_ME}/passkeys/challenge", scope=OWN, answer=views.PasskeyChallenge, status=201, self_idempotent=True)(
        begin_own_passkey
    )
    app.route("POST", f"{_ME}/passkeys", scope=OWN, body=AddPasskey, answer=views.PersonView, status=201, replay=_replay_self)(add_passkey)
    app.route("DELETE", f"{_ME}/passkeys/{{passkey_id}}", scope=OWN, answer=views.PersonView, replay=_replay_self)(remove_passkey)
    app.route("POST", f"{_ME}/recovery_codes", scope=OWN, answer=views.NewRecoveryCodes, status=201, replay=_replay_codes)(
        renew_recovery_codes
    )


def _self(caller: Caller) -> PersonItem:
    return people.find(caller.merchant_id, caller.key_id)


def _replay_self(caller: Caller, _person_id: str) -> views.PersonView:
    return views.person(_self(caller))


def _replay_codes(_caller: Caller, _person_id: str) -> views.NewRecoveryCodes:
    return views.NewRecoveryCodes(recovery_codes=[])


def _replay_ended(_caller: Caller, session_id: str) -> session_views.EndedSession:
    return session_views.EndedSession(session_id=session_id, ended=True)


def _replay_mode(_caller: Caller, shown: str) -> session_views.ChosenMode:
    return session_views.ChosenMode.model_validate_json(shown)


def _current(call: Call[Any, Any]) -> str:
    return str(call.request.authorizer.get("session_id", ""))


def choose_mode(call: Call[ChooseMode, None]) -> Answer:
    """Go on in the other mode, in the same session: its next requests are about the merchant of that mode, with the same role.

    People and their sessions stay those of the own merchant.
    """
    home_id, mode = call.caller.merchant_id, call.body.mode
    merchant = signing_in.merchant_of_mode(home_id, mode)
    shown = session_views.chosen_mode(merchant)
    claimed = call.claim.rows(reference=shown.model_dump_json(), status=200)
    signing_in.choose_mode(home_id, _current(call), mode, claimed=claimed)
    return Answer(200, shown)


def list_sessions(call: Call[None, SessionsQuery]) -> Answer:
    """One's own sessions, or another person's, with the scope people:read."""
    wanted = call.query.person_id or call.caller.key_id
    if wanted != call.caller.key_id and "people:read" not in call.caller.scopes:
        raise Forbidden("Your role lacks the scope people:read.", details={"scope": "people:read"})
    person = people.find(call.caller.merchant_id, wanted)
    data = [session_views.session(item, _current(call)) for item in store.sessions_of(person.person_id)]
    return Answer(200, session_views.ConsoleSessions(data=data))


def end_session(call: Call[None, None]) -> Answer:
    """End one of one's own sessions, or another person's with the scope people:write. It is refused from the next request on."""
    session_id = call.path["console_session_id"]
    found = store.find_session(session_id)
    if found is None or found.merchant_id != call.caller.merchant_id:
        raise NotFound("session")
    if found.person_id != call.caller.key_id and "people:write" not in call.caller.scopes:
        raise NotFound("session")
    signing_in.end_session(session_id, claimed=call.claim.rows(reference=session_id, status=200))
    answer = Answer(200, session_views.EndedSession(session_id=session_id, ended=True))
    if session_id != _current(call):
        return answer
    return Answer(200, answer.body, headers={"Set-Cookie": sessions.drop_cookie()})


def _check_fresh(call: Call[Any, Any]) -> None:
    """A session that was left open adds nothing by which it would be fresh again.

    Who came in by an invitation or a recovery code added a passkey with it, so that session is fresh. Raises demands.StepUpNeeded.
    """
    demands.check_fresh(call.request.authorizer, OWN)


def begin_own_passkey(call: Call[None, None]) -> Answer:
    """A challenge for another passkey of one's own. It asks for one that was just used, as what lets one in does."""
    _check_fresh(call)
    return Answer(201, challenge_for(call, _self(call.caller)))


def add_passkey(call: Call[AddPasskey, None]) -> Answer:
    """Add a passkey to one's own."""
    _check_fresh(call)
    person, body = _self(call.caller), call.body
    claimed = call.claim.rows(reference=person.person_id)
    signing_in.add_passkey(browser_of(call), person, body.credential.answer(), name=body.name, claimed=claimed)
    return Answer(201, views.person(_self(call.caller)))


def remove_passkey(call: Call[None, None]) -> Answer:
    """Remove one of one's own passkeys, never the last."""
    _check_fresh(call)
    person, passkey_id = _self(call.caller), call.path["passkey_id"]
    if all(each["passkey_id"] != passkey_id for each in person.passkeys):
        raise NotFound("passkey")
    signing_in.remove_passkey(person, passkey_id, claimed=call.claim.rows(reference=person.person_id, status=200))
    return Answer(200, views.person(_self(call.caller)))


def renew_recovery_codes(call: Call[None, None]) -> Answer:
    """New recovery codes in place of the older ones, shown once."""
    _check_fresh(call)
    person = _self(call.caller)
    codes = signing_in.renew_codes(person, claimed=call.claim.rows(reference=person.person_id))
    return Answer(201, views.NewRecoveryCodes(recovery_codes=[code.secret for code in codes]))
