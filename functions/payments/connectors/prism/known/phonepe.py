"""PhonePe, UPI, as https://developer.phonepe.com/v1/reference documents PG v1: UPI intent, check status, refund.

Payments and refunds are found by our references, which are the transactions' ids there. The library sends refunds where PhonePe's offline
payments have theirs, in the form of PG v1: they are sent where PG v1 has them, and signed for that.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.known import phonepe_callbacks
from payments.connectors.prism.translation import HttpRequest

_REFUND: Final = "/pg/v1/refund"
_STATUS: Final = "/pg/v1/status"
# A refund that is done, as the library knows it.
_STATES: Final = {"COMPLETED": "SUCCESS"}


def _signed(request: HttpRequest, credentials: Mapping[str, str], base: str, path: str, payload: str = "") -> HttpRequest:
    """X-VERIFY: SHA-256 of payload, path and salt key, with the salt's index."""
    digest = hashlib.sha256(f"{payload}{path}{credentials['salt_key']}".encode()).hexdigest()
    verify = f"{digest}###{credentials['salt_index']}"
    headers = {name: verify if name.lower() == "x-verify" else value for name, value in request.headers.items()}
    return replace(request, url=f"{base}{path}", headers=headers)


def _refund(request: HttpRequest, _message: Any, credentials: Mapping[str, str]) -> HttpRequest:
    base = request.url.partition("/v3/credit/")[0]
    return _signed(request, credentials, base, _REFUND, json.loads(request.body)["request"])


def _refund_get(request: HttpRequest, _message: Any, credentials: Mapping[str, str]) -> HttpRequest:
    base, _, rest = request.url.partition("/v3/transaction/")
    merchant, refund_id, _status = rest.split("/")
    return _signed(request, credentials, base, f"{_STATUS}/{merchant}/{refund_id}")


def _read_refund(answer: dict[str, Any]) -> dict[str, Any]:
    data = answer.get("data") or {}
    state = data.get("state")
    return {**answer, "data": {**data, "state": _STATES.get(str(state), state)}}


# Amounts are in paise, and there is no other currency.
_OURS: Final = Witness("data.merchantTransactionId", "data.merchantTransactionId", "data.amount")

FACTS = Processor(
    limits=dict.fromkeys(("capture", "void"), "UPI is held by a one-time mandate, and the library makes no request for one here."),
    finds=frozenset({"get", "refund_get"}),
    witnesses={"get": _OURS, "refund": _OURS, "refund_get": _OURS},
    # By these it says that it is not decided, whatever else stands there: https://developer.phonepe.com/v1/reference/check-status-api-1
    earlier=frozenset({"INTERNAL_SERVER_ERROR", "PAYMENT_PENDING", "TOO_MANY_REQUESTS"}),
    setup=frozenset({"BAD_REQUEST", "AUTHORIZATION_FAILED", "KEY_NOT_CONFIGURED"}),
    unknown=frozenset({"TRANSACTION_NOT_FOUND"}),
    sends={"refund": _refund, "refund_get": _refund_get},
    callback=phonepe_callbacks.read,
    reads={"refund": _read_refund, "refund_get": _read_refund},
)
