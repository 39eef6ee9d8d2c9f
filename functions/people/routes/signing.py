"""Routes by which people come in. They are public: what lets in is a passkey, a ticket or the session's cookie."""

from dataclasses import replace
from typing import Any, Final

from paycorex import rate_limits, settings
from paycorex.credentials import sessions
from paycorex.errors import Unauthorized
from paycorex.http import Answer, App, Call
from paycorex.records.person import PersonItem
from people import challenges, passkeys, recorded, session_views, signing_in, tickets, views
from people.browser import Browser
from people.people import merchant_name
from people.records import SIGN_IN
from people.requests import AcceptTicket, BeginPasskey, SignIn
from people.sides import CONSOLE, Side
from people.signing_in import SignedIn

# Of one address in a minute; beginning and ending each count.
ATTEMPTS: Final = rate_limits.Limit("console_sign_in", 60)
TIMEOUT_MS: Final = challenges.LIFETIME_SECONDS * 1000


def add_to(app: App) -> None:
    """Add these routes to the door."""
    app.route("GET", "/v1/console/session", public=True, answer=session_views.ConsoleView)(show_console)
    app.route("POST", "/v1/console/sessions/challenge", public=True, answer=views.SignInChallenge, status=201)(begin_sign_in)
    app.route("POST", "/v1/console/sessions", public=True, body=SignIn, answer=session_views.SignedInView, status=201)(sign_in)
    app.route("POST", "/v1/console/passkeys/challenge", public=True, body=BeginPasskey, answer=views.PasskeyChallenge, status=201)(
        begin_passkey
    )
    app.route("POST", "/v1/console/passkeys", public=True, body=AcceptTicket, answer=session_views.SignedInView, status=201)(accept_ticket)


def show_console(call: Call[None, None]) -> Answer:
    """Who is signed in by this browser's cookie, with the token that has to stand beside it; null without a session that holds."""
    offered = settings.current().offers_key_sign_in
    try:
        secret = sessions.secret_of(call.request.headers)
        found = None if secret is None else sessions.find(secret, call.request.headers)
    except Unauthorized:
        found = secret = None
    if found is None or secret is None:
        return Answer(200, session_views.ConsoleView(signed_in=None, key_sign_in=offered))
    shown = session_views.signed_in(SignedIn(secret, found.item, found.person, found.merchant, home=signing_in.with_test_mode(found.home)))
    return Answer(200, session_views.ConsoleView(signed_in=shown, key_sign_in=offered))


def begin_sign_in(call: Call[None, None]) -> Answer:
    """A challenge for a passkey: the browser finds the passkey, so no name is asked for."""
    ATTEMPTS.take(call.request.source_ip)
    site = passkeys.site_of(base_url_of(call))
    challenge = challenges.begin(SIGN_IN)
    return Answer(201, views.SignInChallenge(challenge=passkeys.text_of(challenge), rp_id=site.rp_id, timeout_ms=TIMEOUT_MS))


def sign_in(call: Call[SignIn, None]) -> Answer:
    """Sign in with a passkey. The session is in a cookie that scripts cannot read."""
    ATTEMPTS.take(call.request.source_ip)
    return _entered(call, "sign_in", signing_in.with_passkey(browser_of(call), call.body.credential.answer()))


def begin_passkey(call: Call[BeginPasskey, None]) -> Answer:
    """A challenge for a new passkey, by an invitation or a recovery code."""
    ATTEMPTS.take(call.request.source_ip)
    _ticket, person = tickets.find(call.body.ticket)
    return Answer(201, challenge_for(call, person))


def accept_ticket(call: Call[AcceptTicket, None]) -> Answer:
    """Add a passkey by an invitation or a recovery code, which is used up, and sign in."""
    ATTEMPTS.take(call.request.source_ip)
    body = call.body
    done = signing_in.with_ticket(browser_of(call), body.ticket, body.credential.answer(), name=body.name)
    return _entered(call, "accept_ticket", done)


def browser_of(call: Call[Any, Any]) -> Browser:
    """The browser that calls."""
    return Browser(call.request.headers, call.request.source_ip, base_url_of(call))


def base_url_of(call: Call[Any, Any]) -> str:
    """Where the console is, without a final slash: the setting, else what the request says of itself."""
    base = settings.current().console_base_url.rstrip("/") or call.request.base_url
    # A passkey belongs to a name, and browsers know this address by one.
    return base.replace("://127.0.0.1", "://localhost", 1)


def challenge_for(call: Call[Any, Any], person: PersonItem) -> views.PasskeyChallenge:
    """What a browser needs to make a passkey for this person of a merchant."""
    return passkey_challenge(call, person, CONSOLE, merchant_name(person.merchant_id))


def passkey_challenge(call: Call[Any, Any], person: PersonItem, side: Side, of_whom: str) -> views.PasskeyChallenge:
    """What a browser needs to make a passkey for this person. of_whom: what the person belongs to, as it is shown."""
    site = passkeys.site_of(base_url_of(call))
    challenge = challenges.begin(side.new_passkey, person.person_id)
    return views.PasskeyChallenge(
        challenge=passkeys.text_of(challenge),
        rp_id=site.rp_id,
        rp_name=passkeys.NAME_OF_SERVICE,
        user_handle=passkeys.text_of(person.person_id.encode()),
        email=person.email,
        name=person.name,
        merchant_name=of_whom,
        exclude=[each["credential_id"] for each in person.passkeys],
        timeout_ms=TIMEOUT_MS,
    )


def _entered(call: Call[Any, Any], operation: str, done: SignedIn) -> Answer:
    person, session_id = done.person, done.session.session_id
    recorded.note(person.merchant_id, operation, actor=person.person_id, person=person, browser=browser_of(call), session_id=session_id)
    return replace(Answer(201, session_views.signed_in(done)), headers={"Set-Cookie": sessions.set_cookie(done.secret)})
