"""Sessions of operators: those of `sessions`, under a cookie of their own and a token of their own. Neither kind passes for the other."""

import hashlib
import hmac
from typing import Final

from paycorex import storage
from paycorex.credentials import sessions
from paycorex.credentials.operators import REALM
from paycorex.credentials.sessions import Headers
from paycorex.errors import Unauthorized
from paycorex.records.console_session import SessionItem
from paycorex.records.person import ACTIVE, PersonItem

# What an operator may lack for a route, as the authorizer writes it for the door.
NO_ROLE: Final = "role"
NO_FRESH_PASSKEY: Final = "passkey"


def csrf_token(secret: str) -> str:
    """What the header X-CSRF-Token has to say beside an operator's cookie."""
    return hashlib.sha256(b"paycorex-operator-csrf\0" + secret.encode()).hexdigest()


def check_origin(headers: Headers, secret: str) -> None:
    """Refuse what a page of another origin could have made a browser send. Raises Unauthorized."""
    given = headers.get(sessions.CSRF_HEADER, ())
    if len(given) != 1 or not hmac.compare_digest(given[0].encode(), csrf_token(secret).encode()):
        raise Unauthorized("the token beside the operator's cookie is missing or wrong")
    if headers.get("sec-fetch-site", ("same-origin",)) != ("same-origin",):
        raise Unauthorized("a page of another origin asks")


def find(secret: str, headers: Headers) -> tuple[SessionItem, PersonItem]:
    """The session of an operator's cookie, and whose it is. Raises Unauthorized when it does not hold, storage.Unavailable."""
    item = sessions.held(secret, headers)
    if item.merchant_id != REALM or item.operator_id:
        raise Unauthorized("the session is of no operator")
    operator = storage.get(PersonItem, item.person_id)
    if operator is None or operator.merchant_id != REALM:
        raise Unauthorized("the session is of no operator")
    if operator.status != ACTIVE:
        raise Unauthorized(f"the operator is {operator.status}")
    return item, operator
