"""Routes by which operators come in, step up and leave. What lets in is a passkey or a ticket of an operator."""

from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from paycorex import clock, settings, storage
from paycorex.credentials import operator_sessions, operators, sessions
from paycorex.errors import Forbidden, Unauthorized
from paycorex.http import Answer, App, Call
from people import challenges, operator_views, passkeys, people, recorded, signing_in, tickets, views
from people.records import STEP_UP
from people.requests import AcceptTicket, BeginPasskey, SignIn
from people.routes.signing import ATTEMPTS, TIMEOUT_MS, base_url_of, browser_of, passkey_challenge
from people.sides import OPERATORS
from people.signing_in import SignedIn

_V1: Final = "/operator/v1"
_NAME: Final = "PayCoreX operators"


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("GET", f"{_V1}/session", public=True, answer=operator_views.OperatorPage)(operator_show_session)
    app.route("POST", f"{_V1}/sessions/challenge", public=True, answer=views.SignInChallenge, status=201)(operator_begin_sign_in)
    app.route("POST", f"{_V1}/sessions", public=True, body=SignIn, answer=operator_views.OperatorSignedIn, status=201)(operator_sign_in)
    app.route("POST", f"{_V1}/passkeys/challenge", public=True, body=BeginPasskey, answer=views.PasskeyChallenge, status=201)(
        operator_begin_passkey
    )
    app.route("POST", f"{_V1}/passkeys", public=True, body=AcceptTicket, answer=operator_views.OperatorSignedIn, status=201)(
        operator_accept_ticket
    )
    begin, done, own = f"{_V1}/session/step_up/challenge", f"{_V1}/session/step_up", f"{_V1}/session"
    scope = operators.scope_of("POST", begin)
    app.route("POST", begin, scope=scope, answer=views.SignInChallenge, status=201, self_idempotent=True)(operator_begin_step_up)
    scope = operators.scope_of("POST", done)
    app.route("POST", done, scope=scope, body=SignIn, answer=views.SteppedUp, status=201, self_idempotent=True)(operator_step_up)
    scope = operators.scope_of("DELETE", own)
    app.route("DELETE", own, scope=scope, answer=operator_views.SignedOut, self_idempotent=True)(operator_sign_out)


def operator_show_session(call: Call[None, None]) -> Answer:
    """Which operator is signed in by this browser's cookie, with the token that has to stand beside it; null without one."""
    _check_page()
    headers = call.request.headers
    try:
        secret = sessions.secret_of(headers, cookie=operators.COOKIE)
        found = None if secret is None else operator_sessions.find(secret, headers)
    except Unauthorized:
        found = secret = None
    shown = None if found is None or secret is None else operator_views.signed_in(secret, *found)
    return Answer(200, operator_views.OperatorPage(signed_in=shown))


def operator_begin_sign_in(call: Call[None, None]) -> Answer:
    """A challenge for an operator's passkey: the browser finds the passkey, so no name is asked for."""
    _check_page()
    ATTEMPTS.take(call.request.source_ip)
    return Answer(201, _challenge(call, OPERATORS.sign_in))


def operator_sign_in(call: Call[SignIn, None]) -> Answer:
    """Sign in as an operator. The session is in a cookie that scripts cannot read."""
    _check_page()
    ATTEMPTS.take(call.request.source_ip)
    return _entered(call, "sign_in", signing_in.with_passkey(browser_of(call), call.body.credential.answer(), OPERATORS))


def operator_begin_passkey(call: Call[BeginPasskey, None]) -> Answer:
    """A challenge for an operator's new passkey, by an invitation or a recovery code."""
    _check_page()
    ATTEMPTS.take(call.request.source_ip)
    _ticket, person = tickets.find(call.body.ticket, OPERATORS)
    return Answer(201, passkey_challenge(call, person, OPERATORS, _NAME))


def operator_accept_ticket(call: Call[AcceptTicket, None]) -> Answer:
    """Add an operator's passkey by an invitation or a recovery code, which is used up, and sign in."""
    _check_page()
    ATTEMPTS.take(call.request.source_ip)
    body = call.body
    done = signing_in.with_ticket(browser_of(call), body.ticket, body.credential.answer(), name=body.name, side=OPERATORS)
    return _entered(call, "accept_ticket", done)


def operator_begin_step_up(call: Call[None, None]) -> Answer:
    """A challenge for one's passkey, within a session."""
    return Answer(201, _challenge(call, STEP_UP, call.caller.key_id))


def operator_step_up(call: Call[SignIn, None]) -> Answer:
    """Use one's passkey again. For five minutes the session may do what asks for a fresh one."""
    person = people.find(operators.REALM, call.caller.key_id)
    session_id = str(call.request.authorizer.get("session_id", ""))
    signing_in.step_up(browser_of(call), person, session_id, call.body.credential.answer())
    recorded.note(operators.REALM, "step_up", actor=person.person_id, person=person, browser=browser_of(call), session_id=session_id)
    return Answer(201, views.SteppedUp(fresh_until=clock.rfc3339(clock.now_ms() + operators.FRESH_SECONDS * 1000)))


def operator_sign_out(call: Call[None, None]) -> Answer:
    """End this session. It is refused from the next request on."""
    session_id = str(call.request.authorizer.get("session_id", ""))
    # It may be over already: by another operator, or by this request sent twice.
    with suppress(storage.TransactionRefused):
        signing_in.end_session(session_id, claimed=[])
    headers = {"Set-Cookie": sessions.drop_cookie(operators.COOKIE)}
    return Answer(200, operator_views.SignedOut(session_id=session_id, ended=True), headers=headers)


def _check_page() -> None:
    """Raises Forbidden where operators do not sign in with passkeys."""
    if not settings.current().has_operators_page:
        raise Forbidden("Operators of this deployment act by AWS IAM alone: use the paycorex command, or set OperatorSignIn to passkeys.")


def _challenge(call: Call[Any, Any], purpose: str, holder: str | None = None) -> views.SignInChallenge:
    site = passkeys.site_of(base_url_of(call))
    challenge = challenges.begin(purpose, holder)
    return views.SignInChallenge(challenge=passkeys.text_of(challenge), rp_id=site.rp_id, timeout_ms=TIMEOUT_MS)


def _entered(call: Call[Any, Any], operation: str, done: SignedIn) -> Answer:
    person, session_id = done.person, done.session.session_id
    recorded.note(operators.REALM, operation, actor=person.person_id, person=person, browser=browser_of(call), session_id=session_id)
    headers = {"Set-Cookie": sessions.set_cookie(done.secret, cookie=operators.COOKIE)}
    return replace(Answer(201, operator_views.entered(done)), headers=headers)
