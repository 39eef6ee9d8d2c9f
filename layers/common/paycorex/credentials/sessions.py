"""Sessions of people: a cookie that scripts cannot read, and beside it a header that no other origin can send.

The cookie holds 256 random bits; what is stored is an id derived from them. It follows OWASP's session management: a name with
`__Host-` (RFC 6265bis), new at every sign-in, twelve hours at most and half an hour without use, bound to the browser that signed in.
The header X-CSRF-Token holds a hash of the cookie, which only a page of this origin can ask for. It is demanded of reads as well, so the
cookie alone opens nothing. Sessions are not remembered between requests: one that is ended is refused at once.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from paycorex import clock, ids, modes, storage
from paycorex.credentials import viewers
from paycorex.credentials.caller import Caller
from paycorex.credentials.directory import find_merchant
from paycorex.credentials.roles import scopes_of
from paycorex.errors import Unauthorized
from paycorex.records.console_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.person import ACTIVE, PersonItem

COOKIE: Final = "__Host-paycorex"
CSRF_HEADER: Final = "x-csrf-token"
LIFETIME_SECONDS: Final = 12 * 3600
IDLE_SECONDS: Final = 30 * 60
# How exactly a session's last use is known: a write for each request would cost more than the request.
SEEN_INTERVAL_MS: Final = 5 * 60 * 1000
AGENT_CHARACTERS: Final = 300
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

Headers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds, with whose it is. merchant: whom its requests are about. home: whose person it is, mostly the same."""

    item: SessionItem
    person: PersonItem
    merchant: MerchantItem
    home: MerchantItem

    @property
    def caller(self) -> Caller:
        """The person as a door's caller, with the scopes of the role as it is now."""
        return Caller.of(self.merchant, key_id=self.person.person_id, scopes=scopes_of(self.person.role))


def new_secret() -> str:
    """The secret of a new session, for its cookie."""
    return secrets.token_urlsafe(32)


def session_id(secret: str) -> str:
    """What a session is stored and shown under. It says nothing about the secret."""
    return ids.derive("ses", "session", secret)


def csrf_token(secret: str) -> str:
    """What the header has to say beside this cookie."""
    return hashlib.sha256(b"paycorex-csrf\0" + secret.encode()).hexdigest()


def set_cookie(secret: str, seconds: int = LIFETIME_SECONDS, *, cookie: str = COOKIE) -> str:
    """The header's value that gives a browser its session. No script reads it, and no page of another site sends it."""
    return f"{cookie}={secret}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict"


def drop_cookie(cookie: str = COOKIE) -> str:
    """The header's value that takes it away."""
    return set_cookie("", 0, cookie=cookie)


def secret_of(headers: Headers, *, cookie: str = COOKIE) -> str | None:
    """The secret in the request's cookie; None without one. Raises Unauthorized for a malformed one, or one given twice."""
    pairs = (part.strip().partition("=") for line in headers.get("cookie", ()) for part in line.split(";"))
    found = [value for name, _, value in pairs if name == cookie]
    if not found:
        return None
    if len(found) > 1 or not _SECRET.fullmatch(found[0]):
        raise Unauthorized("the session's cookie is malformed")
    return found[0]


def agent_of(headers: Headers) -> str:
    """The browser as it names itself, cut to what is kept."""
    return headers.get("user-agent", ("",))[0][:AGENT_CHARACTERS]


def check_origin(headers: Headers, secret: str) -> None:
    """Refuse what a page of another origin could have made a browser send. Raises Unauthorized."""
    given = headers.get(CSRF_HEADER, ())
    if len(given) != 1 or not hmac.compare_digest(given[0].encode(), csrf_token(secret).encode()):
        raise Unauthorized("the token beside the session's cookie is missing or wrong")
    if headers.get("sec-fetch-site", ("same-origin",)) != ("same-origin",):
        raise Unauthorized("a page of another origin asks")


def held(secret: str, headers: Headers) -> SessionItem:
    """The stored session of a cookie, in its time and its browser. Whose it is remains to be asked. Raises Unauthorized."""
    item = storage.get(SessionItem, session_id(secret))
    if item is None:
        raise Unauthorized("no such session")
    now = clock.now_ms()
    if now >= int(item.expires_at) * 1000:
        raise Unauthorized("the session is over")
    if now - int(item.last_seen_at) >= IDLE_SECONDS * 1000:
        raise Unauthorized("the session was not used for too long")
    if not hmac.compare_digest(item.agent.encode(), agent_of(headers).encode()):
        raise Unauthorized("the session is another browser's")
    return item


def find(secret: str, headers: Headers, *, at_home: bool = False) -> Session:
    """The session of a cookie. at_home: for what is of the person and not of a mode, so that it is about the person's own merchant.

    Raises Unauthorized when it does not hold (any more), storage.Unavailable.
    """
    item = held(secret, headers)
    person = viewers.person_of(item) if item.operator_id else storage.get(PersonItem, item.person_id)
    home = find_merchant(item.merchant_id)
    if person is None or home is None or person.merchant_id != item.merchant_id:
        raise Unauthorized("the session is of no person")
    if person.status != ACTIVE:
        raise Unauthorized(f"the person is {person.status}")
    merchant = home if at_home or item.mode != modes.TEST else find_merchant(modes.test_id(home.merchant_id))
    for each in (home, merchant):
        if each is None or each.status != "active":
            raise Unauthorized(f"merchant is {'not there' if each is None else each.status}")
    assert merchant is not None
    return Session(item, person, merchant, home)


def verified_at(item: SessionItem) -> int:
    """When a passkey was last used in a session, in milliseconds: to sign in, or again. An operator who looks on has used none in it."""
    return 0 if item.operator_id else int(item.created_at if item.verified_at is None else item.verified_at)


def note_use(item: SessionItem) -> None:
    """Note that the session is in use, once in a while. At most one write unit. Raises storage.Unavailable or storage.OutcomeUnknown."""
    now = clock.now_ms()
    if now - int(item.last_seen_at) < SEEN_INTERVAL_MS:
        return
    # A session that was ended meanwhile stays ended.
    there = SessionItem.session_id.exists() & (SessionItem.last_seen_at < now)
    try:
        storage.run(storage.update(SessionItem, SessionItem.wire_key(item.session_id), [SessionItem.last_seen_at.set(now)], there))
    except storage.ConditionRefused:
        return
