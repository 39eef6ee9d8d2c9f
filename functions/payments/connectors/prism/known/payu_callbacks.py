"""PayU India's webhooks of payments (https://docs.payu.in/docs/webhook-events-and-sample-payloads): a form, signed by the hash of its
fields in the order opposite to a request's (https://docs.payu.in/docs/transaction-callback-1). It names our reference, and PayU is asked.

Those of refunds have no signature (https://docs.payu.in/reference-link/refund-status-callback): nothing in one is believed. It names a
payment, and PayU is asked about the refunds of that one; how often, is bounded.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from payments.connectors import documents
from payments.connectors.documents import Malformed
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import Woken
from payments.connectors.prism.ways import Incoming

_SIGNED: Final = ("udf5", "udf4", "udf3", "udf2", "udf1", "email", "firstname", "productinfo", "amount", "txnid", "key")
_MAX_FIELDS: Final = 200
# What a callback of a refund says that it is.
_REFUND: Final = "refund"
# Between the status and the fields of the merchant's own.
_EMPTY: Final = [""] * 5


def read(incoming: Incoming) -> Woken:
    """Raises CallbackRefused; RateLimited for one of a refund."""
    form = _fields(incoming.body)
    if form.get("key") != incoming.credentials.get("api_key"):
        raise CallbackRefused("it is about another account")
    if form.get("action") == _REFUND:
        # Its numbers come with spaces around them.
        named = {name: str(form.get(name) or "").strip() for name in ("merchantTxnId", "mihpayid")}
        incoming.unproven()
        return Woken(named["merchantTxnId"], reference=named["mihpayid"])
    _check_signature(form, incoming.credentials.get("api_secret", ""))
    return Woken(form.get("txnid"))


def _fields(body: bytes) -> Mapping[str, Any]:
    """A form, or JSON: refunds come as either. Raises CallbackRefused."""
    try:
        if body.lstrip()[:1] == b"{":
            found = documents.parse(body)
            return found if isinstance(found, dict) else {}
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except (Malformed, ValueError) as error:
        raise CallbackRefused("the callback could not be read") from error


def _check_signature(form: Mapping[str, Any], salt: str) -> None:
    """Raises CallbackRefused."""
    fields = [salt, form.get("status", ""), *_EMPTY, *(form.get(name, "") for name in _SIGNED)]
    if form.get("additional_charges"):
        fields.insert(0, form["additional_charges"])
    expected = hashlib.sha512("|".join(map(str, fields)).encode()).hexdigest()
    if not salt or not hmac.compare_digest(str(form.get("hash", "")).encode(), expected.encode()):
        raise CallbackRefused("signature does not match")
