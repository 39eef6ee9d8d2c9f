"""The authorizer's third way in: an operator with a session of the operators' page. Nothing else opens its routes, and it opens no others.

The table in `paycorex.credentials.operators` decides. A door is handed the one scope that its route needs, or none: then its answer says
what is missing, which the gateway could not.
"""

import logging
from collections.abc import Mapping

from paycorex import clock, settings, storage
from paycorex.credentials import operator_sessions, operators, sessions
from paycorex.credentials.operators import Needs
from paycorex.errors import Unauthorized
from paycorex.records.console_session import SessionItem


def decide(headers: sessions.Headers, method: str, resource: str, logger: logging.Logger) -> tuple[str, Mapping[str, str]]:
    """The principal and the caller's context. Raises Unauthorized. Failures of the store pass through: the gateway answers 503."""
    if not settings.current().has_operators_page:
        raise Unauthorized("operators act by AWS IAM alone")
    needs = operators.ROUTES.get((method, resource))
    if needs is None:
        raise Unauthorized("no route of the operators' table")
    secret = sessions.secret_of(headers, cookie=operators.COOKIE)
    if secret is None:
        raise Unauthorized("no operator's session")
    operator_sessions.check_origin(headers, secret)
    item, operator = operator_sessions.find(secret, headers)
    try:
        sessions.note_use(item)
    except (storage.Unavailable, storage.OutcomeUnknown) as trouble:
        logger.warning("last use not noted", extra={"reason": str(trouble)})
    missing = _missing(needs, operator.role, item)
    scopes = frozenset() if missing else frozenset({needs.scope})
    context = operators.caller_of(operator.person_id, secret, scopes).to_context()
    return operator.person_id, context | {
        "signature_version": operators.SIGNATURE_VERSION,
        "signature_state": "verified",
        "body_sha256": "",
        "session_id": item.session_id,
        "role": operator.role,
        "person_name": operator.name,
        "missing": missing,
    }


def _missing(needs: Needs, role: str, item: SessionItem) -> str:
    """What the operator lacks: `role`, `passkey` (one that was just used), or nothing."""
    if needs.scope not in operators.scopes_of(role):
        return operator_sessions.NO_ROLE
    verified_at = int(item.created_at if item.verified_at is None else item.verified_at)
    if needs.fresh and clock.now_ms() - verified_at > operators.FRESH_SECONDS * 1000:
        return operator_sessions.NO_FRESH_PASSKEY
    return ""
