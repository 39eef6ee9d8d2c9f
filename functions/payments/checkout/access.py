"""Access to a session without a key: by its link, while the shop is open and the session ended a day ago at most."""

from typing import Final

from paycorex.rate_limits import Limit
from paycorex.records.checkout_session import OPEN, SessionItem
from paycorex.records.merchant import MerchantItem
from payments.checkout import store
from payments.payer_page import access, links

# Wrong tokens for one session from one address, as for a payment.
GUESSES: Final = Limit("session_guess", 10)


def opened(session_id: str, token: str, source_ip: str) -> tuple[SessionItem, MerchantItem]:
    """The session that a token opens, and its merchant. Raises what `payer_page.access.entered` raises, and LinkOver."""
    session, merchant = access.entered(session_id, token, source_ip, find=store.find_session, guesses=GUESSES, noun="session")
    access.show_until(int(session.expires_at) if session.status == OPEN else int(session.updated_at), "checkout")
    return session, merchant


def page_url(base_url: str, session: SessionItem, cursor_key: str) -> str:
    """The session's page."""
    return url_of(base_url, session.session_id, cursor_key)


def url_of(base_url: str, session_id: str, cursor_key: str) -> str:
    """The page of the session with this id."""
    return f"{base_url}/c/{session_id}?t={links.token_of(session_id, cursor_key)}"
