"""Adyen's sessions, in which its own card fields pay: how one is asked for, and what its result says.

https://docs.adyen.com/online-payments/build-your-integration/sessions-flow/. Each try in one is a payment with a name of its own, and a
refused one ends no session. Webhooks name the payment; what the script gives the browser only opens the result, which is Adyen's.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from paycorex import clock
from paycorex.money import Money
from payments.connectors import documents
from payments.connectors.prism.facts import Fields, Session
from payments.connectors.prism.known import adyen_kept
from payments.connectors.requests import Attempt
from payments.connectors.results import Approved, Authorized, Declined, Found, Pending

_ONE: Final = re.compile(r"CS[0-9A-Z]{15,}", re.ASCII)
# It lasts an hour unless it is said, and a day at most.
_LONGEST_MS: Final = 24 * 3_600_000
_REFUSED: Final = {"refused": "card_declined", "canceled": "canceled", "expired": "expired"}


def _is_one(name: str) -> bool:
    return _ONE.fullmatch(name) is not None


def _asked_for(body: bytes, attempt: Attempt, _credentials: Mapping[str, str]) -> bytes:
    """Cards alone, for as long as the payment waits; https://docs.adyen.com/online-payments/capture#manual-capture where it is held."""
    asked = json.loads(body) | {"channel": "Web", "allowedPaymentMethods": ["scheme"], **adyen_kept.session(attempt)}
    if attempt.expires_ms is not None and attempt.expires_ms - clock.now_ms() < _LONGEST_MS:
        asked["expiresAt"] = datetime.fromtimestamp(attempt.expires_ms // 1000, UTC).isoformat()
    if attempt.is_manual:
        asked["additionalData"] = {"manualCapture": "true"}
    return json.dumps(asked, ensure_ascii=False).encode()


def _read(document: Any, attempt: Attempt, ours: str) -> Found:
    """https://docs.adyen.com/api-explorer/Checkout/latest/get/sessions/(sessionId). Raises Malformed, Contradiction."""
    session = documents.reference(document, "id")
    if session != attempt.provider_reference or documents.find(document, "reference") != ours:
        raise documents.Contradiction("another_object", session)
    status = documents.find(document, "status")
    if status in _REFUSED:
        return Declined(_REFUSED[status], f"Adyen: the session is {status}.", provider_reference=session)
    paid = documents.find(document, "payments", 0)
    if status != "completed" or documents.find(paid, "resultCode") != "Authorised" or documents.find(document, "payments", 1):
        return Pending(session)
    return _taken(paid, attempt)


def _taken(paid: Any, attempt: Attempt) -> Approved | Authorized:
    reference = documents.reference(paid, "pspReference")
    currency = documents.find(paid, "amount", "currency")
    if not isinstance(currency, str):
        raise documents.Malformed("no currency")
    amount: Money = documents.amount(documents.whole(paid, "amount", "value"), currency, reference)
    return Authorized(reference, amount) if attempt.is_manual else Approved(reference, amount)


FIELDS: Final = Fields(
    lambda parameters: parameters["session_id"],
    lambda _answer: False,
    _asked_for,
    Session(_is_one, "sessionResult", _read),
)
