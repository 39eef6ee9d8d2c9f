"""The answers about sessions: whose they are, what a person may do in one, and the mode that it is in."""

from paycorex import clock, modes
from paycorex.contract import View
from paycorex.credentials import sessions
from paycorex.credentials.roles import scopes_of
from paycorex.modes import Mode
from paycorex.records.console_session import SessionItem
from paycorex.records.merchant import MerchantItem
from people.signing_in import SignedIn
from people.views import PersonView, person


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
