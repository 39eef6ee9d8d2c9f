"""The authorizer's other way in: a person with a session of the console. The same context comes of it as of a signature."""

import logging
from collections.abc import Mapping

from paycorex import modes, storage
from paycorex.credentials import sessions
from paycorex.errors import Unauthorized

SIGNATURE_VERSION = "session"
# What begins so is about people and their sessions.
_OF_NO_MODE = "/v1/console/"
_MODE_HEADER = "x-mode"
# Who sends one of them signs, whatever cookie a browser adds.
_SIGNING = ("x-api-key", "x-signature")


def has_session(headers: sessions.Headers) -> bool:
    """Whether a session has to decide: there is its cookie, and no sign of a signature."""
    return not any(name in headers for name in _SIGNING) and any(f"{sessions.COOKIE}=" in line for line in headers.get("cookie", ()))


def _check_mode(headers: sessions.Headers, session: sessions.Session) -> None:
    """Refuse a page that shows the other mode than the session is in: another tab has chosen it. Raises Unauthorized."""
    chosen = session.item.mode or modes.of(session.home.merchant_id)
    if headers.get(_MODE_HEADER, (chosen,)) != (chosen,):
        raise Unauthorized("the page shows the other mode")


def decide(headers: sessions.Headers, resource: str, logger: logging.Logger) -> tuple[str, Mapping[str, str]]:
    """The principal and the caller's context. People and their sessions are of no mode: there the caller is the person's own merchant.

    Raises Unauthorized. Failures of the store pass through: the gateway answers 503.
    """
    secret = sessions.secret_of(headers)
    if secret is None:
        raise Unauthorized("no session")
    sessions.check_origin(headers, secret)
    session = sessions.find(secret, headers, at_home=resource.startswith(_OF_NO_MODE))
    _check_mode(headers, session)
    try:
        sessions.note_use(session.item)
    except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
        logger.warning("last use not noted", extra={"reason": str(trouble)})
    context = session.caller.to_context()
    return session.person.person_id, context | {
        "signature_version": SIGNATURE_VERSION,
        "signature_state": "verified",
        "body_sha256": "",
        "session_id": session.item.session_id,
        "role": session.person.role,
        "person_name": session.person.name,
        "verified_at": str(sessions.verified_at(session.item)),
    }
