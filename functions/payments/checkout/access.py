"""Access to a session without a key: by its link, while the shop is open and the session ended a day ago at most."""

import hashlib
from typing import Final

from paycorex import clock, credentials
from paycorex.errors import NotFound
from paycorex.rate_limits import Limit
from paycorex.records.checkout_session import OPEN, SessionItem
from paycorex.records.merchant import MerchantItem
from payments.checkout import store
from payments.payer_page import links
from payments.payer_page.access import SHOWN_AFTER_END_MS, LinkOver, ShopClosed

# Wrong tokens for one session from one address, as for a payment.
GUESSES: Final = Limit("session_guess", 10)
_UNKNOWN_MERCHANTS_KEY: Final = hashlib.sha256(b"unknown").hexdigest()[:32]
_ACTIVE: Final = "active"


def opened(session_id: str, token: str, source_ip: str) -> tuple[SessionItem, MerchantItem]:
    """The session that a token opens, and its merchant.

    The same NotFound, at the same cost, for a wrong token and for no such session. Raises RateLimited, ShopClosed, LinkOver.
    """
    guesser = f"{session_id}#{source_ip}"
    GUESSES.refuse_if_spent(guesser)
    session = store.find_session(session_id)
    merchant = None if session is None else credentials.find_merchant(session.merchant_id)
    genuine = links.is_token_of(token, session_id, merchant.cursor_key if merchant else _UNKNOWN_MERCHANTS_KEY)
    if session is None or merchant is None or not genuine:
        GUESSES.take(guesser)
        raise NotFound("session")
    if merchant.status != _ACTIVE:
        raise ShopClosed
    ended_ms = int(session.expires_at) if session.status == OPEN else int(session.updated_at)
    if clock.now_ms() - ended_ms >= SHOWN_AFTER_END_MS:
        raise LinkOver
    return session, merchant


def page_url(base_url: str, session: SessionItem, cursor_key: str) -> str:
    """The session's page."""
    return url_of(base_url, session.session_id, cursor_key)


def url_of(base_url: str, session_id: str, cursor_key: str) -> str:
    """The page of the session with this id."""
    return f"{base_url}/c/{session_id}?t={links.token_of(session_id, cursor_key)}"
