"""The answers about people, passkeys and sessions."""

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.credentials import sessions
from paycorex.credentials.roles import scopes_of
from paycorex.modes import Mode
from paycorex.records.console_session import SessionItem
from paycorex.records.merchant import MerchantItem
from paycorex.records.person import INVITED, PersonItem
from people.people import Invited
from people.signing_in import SignedIn


class PasskeyView(View):
    """A passkey of a person."""

    passkey_id: str
    name: str
    created_at: str
    last_used_at: str | None


class PersonView(View):
    """A person of the merchant."""

    person_id: str
    email: str
    name: str
    role: str
    status: str
    created_at: str
    last_signed_in_at: str | None
    invitation_expires_at: str | None
    passkeys: list[PasskeyView]
    recovery_codes_left: int


class InvitedView(PersonView):
    """A person who is invited. `invitation_url` is there once, and where no e-mail carries it; a replay has null instead."""

    invitation_url: str | None
    sent: bool


class RemovedPerson(View):
    """A person who was removed."""

    person_id: str
    removed: bool


class PersonList(View):
    """Some people of a merchant, who came last first."""

    data: list[PersonView]
    next_cursor: str | None


class ConsoleSession(View):
    """A session of a person in a browser."""

    session_id: str
    person_id: str
    created_at: str
    last_seen_at: str
    expires_at: str
    agent: str
    source_ip: str
    current: bool


class ConsoleSessions(View):
    """A person's sessions, the newest first."""

    data: list[ConsoleSession]


class EndedSession(View):
    """A session that was ended."""

    session_id: str
    ended: bool


class ChosenMode(View):
    """The mode that a session is in now, and the merchant whom its requests are about."""

    mode: Mode
    merchant_id: str
    merchant_name: str


class SignedInView(View):
    """Who is signed in, and what the page needs. `modes`: those that there are to choose from.

    `recovery_codes` are there once, when a first passkey was added; else empty.
    """

    session: ConsoleSession
    person: PersonView
    merchant_id: str
    merchant_name: str
    mode: Mode
    modes: list[Mode]
    scopes: list[str]
    csrf_token: str
    recovery_codes: list[str]


class ConsoleView(View):
    """What a page that was just opened asks first: who is signed in, and whether signing in with a key is offered."""

    signed_in: SignedInView | None
    key_sign_in: bool


class SignInChallenge(View):
    """What `navigator.credentials.get` takes."""

    challenge: str
    rp_id: str
    timeout_ms: int


class PasskeyChallenge(View):
    """What `navigator.credentials.create` takes. `user_handle` and `exclude` are base64url."""

    challenge: str
    rp_id: str
    rp_name: str
    user_handle: str
    email: str
    name: str
    merchant_name: str
    exclude: list[str]
    timeout_ms: int


class NewRecoveryCodes(View):
    """New recovery codes, shown once: a replay has none."""

    recovery_codes: list[str]


def passkey(item: dict[str, object]) -> PasskeyView:
    """A passkey, without its key."""
    used = item["last_used_at"]
    return PasskeyView(
        passkey_id=str(item["passkey_id"]),
        name=str(item["name"]),
        created_at=clock.rfc3339(int(str(item["created_at"]))),
        last_used_at=None if used is None else clock.rfc3339(int(str(used))),
    )


def person(item: PersonItem) -> PersonView:
    """A person, without keys and codes."""
    return PersonView(**_fields(item))


def _fields(item: PersonItem) -> dict[str, object]:
    ends = item.ticket_expires_at if item.status == INVITED else None
    return {
        "person_id": item.person_id,
        "email": item.email,
        "name": item.name,
        "role": item.role,
        "status": item.status,
        "created_at": clock.rfc3339(int(item.created_at)),
        "last_signed_in_at": _moment(item.last_signed_in_at),
        "invitation_expires_at": _moment(ends),
        "passkeys": [passkey(each) for each in item.passkeys],
        "recovery_codes_left": len(item.recovery_codes),
    }


def _moment(milliseconds: float | None) -> str | None:
    return None if milliseconds is None else clock.rfc3339(int(milliseconds))


def invited(item: PersonItem, *, link: str | None = None, sent: bool = False) -> InvitedView:
    """One who is invited, with the link where it is to be handed over."""
    return InvitedView.model_validate(_fields(item) | {"invitation_url": link, "sent": sent})


def session(item: SessionItem, current: str | None) -> ConsoleSession:
    """A session. current: the id of the one that asks."""
    return ConsoleSession(
        session_id=item.session_id,
        person_id=item.person_id,
        created_at=clock.rfc3339(int(item.created_at)),
        last_seen_at=clock.rfc3339(int(item.last_seen_at)),
        expires_at=clock.rfc3339(int(item.expires_at) * 1000),
        agent=item.agent,
        source_ip=item.source_ip,
        current=item.session_id == current,
    )


def signed_in(done: SignedIn) -> SignedInView:
    """Who is signed in to a merchant's console now."""
    assert done.merchant is not None
    return SignedInView(
        session=session(done.session, done.session.session_id),
        person=person(done.person),
        merchant_id=done.merchant.merchant_id,
        merchant_name=done.merchant.name,
        mode=modes.of(done.merchant.merchant_id),
        modes=_modes(done.home or done.merchant, done.session),
        scopes=sorted(scopes_of(done.person.role)),
        csrf_token=sessions.csrf_token(done.secret),
        recovery_codes=list(done.codes),
    )


def _modes(home: MerchantItem, item: SessionItem) -> list[Mode]:
    own = modes.of(home.merchant_id)
    return [own, modes.TEST] if home.test_merchant_id is not None or item.mode == modes.TEST else [own]


def chosen_mode(merchant: MerchantItem) -> ChosenMode:
    """The mode of a session that is about this merchant."""
    return ChosenMode(mode=modes.of(merchant.merchant_id), merchant_id=merchant.merchant_id, merchant_name=merchant.name)


def link_of(base_url: str, done: Invited) -> str:
    """Where one who is invited goes. The secret stands behind #, which browsers send to no server."""
    return f"{base_url}/#welcome={done.ticket.secret}"
