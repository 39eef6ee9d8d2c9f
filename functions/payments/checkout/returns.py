"""The ways back to the shop: addresses that the shop signed, with the session's id and nothing else. A payer who comes proves nothing."""

from typing import Final
from urllib.parse import urlsplit

from paycorex import safe_http, settings
from paycorex.errors import InvalidRequest
from paycorex.records import checkout_session
from paycorex.records.checkout_session import SessionItem

_NAME: Final = "session_id"


def accepted(url: str, field: str) -> str:
    """The address in its normal form. Raises InvalidRequest for anything but https to a public name (on a laptop to itself, too)."""
    is_local = settings.current().stage == "local"
    try:
        found = safe_http.parse_target(url, safe_http.Policy.local() if is_local else safe_http.Policy.public()).url
    except safe_http.BlockedTarget as blocked:
        raise InvalidRequest(f"{field}: {blocked}.", details={"field": field}) from blocked
    names = {pair.partition("=")[0] for pair in found.partition("?")[2].split("&")}
    if _NAME in names:
        raise InvalidRequest(f"{field}: {_NAME} is added to it, so it has none of its own.", details={"field": field})
    return found


def after(session: SessionItem, status: str) -> str | None:
    """Where the payer of a session in this status goes; None where the shop named no address."""
    address = session.success_url if status == checkout_session.PAID else session.cancel_url
    if address is None:
        return None
    return f"{address}{'&' if '?' in address else '?'}{_NAME}={session.session_id}"


def origin(session: SessionItem) -> str | None:
    """The origin of the shop's page: the only one that gets the outcome in the browser."""
    if session.success_url is None:
        return None
    parts = urlsplit(session.success_url)
    return f"{parts.scheme}://{parts.netloc}"
