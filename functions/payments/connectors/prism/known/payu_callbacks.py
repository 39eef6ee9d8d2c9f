"""PayU India's webhooks of payments (https://docs.payu.in/docs/webhook-events-and-sample-payloads): a form, signed by the hash of its
fields in the order opposite to a request's (https://docs.payu.in/docs/transaction-callback-1). It names our reference, and PayU is asked.

Its callbacks of refunds have no signature, so none of them is believed: refunds are asked about.
"""

import hashlib
import hmac
from typing import Final
from urllib.parse import parse_qsl

from payments.connectors.model import CallbackRefused
from payments.connectors.notices import Woken
from payments.connectors.prism.processors import Incoming

_SIGNED: Final = ("udf5", "udf4", "udf3", "udf2", "udf1", "email", "firstname", "productinfo", "amount", "txnid", "key")
_MAX_FIELDS: Final = 200
# Between the status and the fields of the merchant's own.
_EMPTY: Final = [""] * 5


def read(incoming: Incoming) -> Woken:
    """Raises CallbackRefused."""
    try:
        form = dict(parse_qsl(incoming.body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError as error:
        raise CallbackRefused("the callback could not be read") from error
    salt = incoming.credentials.get("api_secret", "")
    fields = [salt, form.get("status", ""), *_EMPTY, *(form.get(name, "") for name in _SIGNED)]
    if form.get("additional_charges"):
        fields.insert(0, form["additional_charges"])
    expected = hashlib.sha512("|".join(fields).encode()).hexdigest()
    is_ours = form.get("key") == incoming.credentials.get("api_key")
    if not salt or not is_ours or not hmac.compare_digest(form.get("hash", "").encode(), expected.encode()):
        raise CallbackRefused("signature does not match")
    return Woken(form.get("txnid"))
