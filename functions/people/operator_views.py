"""The answers about operators, and who of them is signed in."""

from paycorex.contract import View
from paycorex.credentials import operator_sessions, operators
from paycorex.records.console_session import SessionItem
from paycorex.records.person import PersonItem
from people.people import Invited
from people.session_views import ConsoleSession, session
from people.signing_in import SignedIn
from people.views import InvitedView, PersonView, person


class OperatorSignedIn(View):
    """An operator who is signed in. `recovery_codes` are there once, when a first passkey was added; else empty."""

    session: ConsoleSession
    operator: PersonView
    scopes: list[str]
    csrf_token: str
    recovery_codes: list[str]


class OperatorPage(View):
    """What the operators' page asks first: who is signed in."""

    signed_in: OperatorSignedIn | None


class SignedOut(View):
    """The session that was ended."""

    session_id: str
    ended: bool


class MerchantViewed(View):
    """The merchant whose page is open to the operator now, and until when."""

    merchant_id: str
    until: str


class OwnerLetIn(InvitedView):
    """An owner who is let in again, of which merchant, and the link that is shown once."""

    merchant_id: str
    merchant_name: str


class EndedView(View):
    """Whether a view of a merchant was ended in this browser."""

    ended: bool


def signed_in(secret: str, item: SessionItem, operator: PersonItem, codes: tuple[str, ...] = ()) -> OperatorSignedIn:
    """Who is signed in now."""
    return OperatorSignedIn(
        session=session(item, item.session_id),
        operator=person(operator),
        scopes=sorted(operators.scopes_of(operator.role)),
        csrf_token=operator_sessions.csrf_token(secret),
        recovery_codes=list(codes),
    )


def entered(done: SignedIn) -> OperatorSignedIn:
    """Who has just signed in."""
    return signed_in(done.secret, done.session, done.person, done.codes)


def link_of(base_url: str, done: Invited) -> str:
    """Where an operator who is invited goes. The secret stands behind #, which browsers send to no server."""
    return f"{base_url}/operator#welcome={done.ticket.secret}"
