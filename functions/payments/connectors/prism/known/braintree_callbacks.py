"""Braintree's webhooks of disputes (https://developer.paypal.com/braintree/docs/guides/webhooks/parse): a form of a signature and of XML in
base64. The XML names the dispute, and Braintree is asked how it stands; webhooks of anything else are not used.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from payments.connectors.documents import Malformed
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import Dispute
from payments.connectors.prism.known import braintree_disputes
from payments.connectors.prism.ways import Incoming

_MAX_FIELDS: Final = 20
_KIND: Final = re.compile(rb"<kind>(dispute_[a-z_]{1,40})</kind>")
_DISPUTE: Final = re.compile(rb"<dispute>(.*)</dispute>", re.DOTALL)
# What is inside a dispute has names of its own.
_INSIDE: Final = re.compile(rb"<(transaction|evidence|status-history|paypal-messages)\b[^>]*>.*?</\1>", re.DOTALL)
_NAME: Final = re.compile(rb"<id>([A-Za-z0-9_-]{1,64})</id>")


def read(incoming: Incoming) -> Dispute | None:
    """Raises CallbackRefused, Malformed; NotSent and OutcomeUnknown where Braintree does not say how the dispute stands."""
    payload = _payload(incoming)
    if _KIND.search(payload) is None:
        return None
    about = _DISPUTE.search(payload)
    name = None if about is None else _NAME.search(_INSIDE.sub(b"", about.group(1)))
    if name is None:
        raise Malformed("no dispute")
    reference = braintree_disputes.name_of(incoming.ask, name.group(1).decode())
    return braintree_disputes.look_up(incoming.ask, reference)


def _payload(incoming: Incoming) -> bytes:
    """The XML, after its signature was judged. Raises CallbackRefused."""
    try:
        form = dict(parse_qsl(incoming.body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError as error:
        raise CallbackRefused("the callback could not be read") from error
    payload = form.get("bt_payload", "")
    _check(form.get("bt_signature", ""), payload, incoming.credentials)
    try:
        return base64.b64decode(payload)
    except binascii.Error as error:
        raise Malformed("no base64") from error


def _check(signature: str, payload: str, credentials: Mapping[str, str]) -> None:
    """One pair of a public key and a signature for each of the account's keys; ours has to be among them. Raises CallbackRefused."""
    pairs = dict(pair.split("|", 1) for pair in signature.split("&") if "|" in pair)
    given = pairs.get(credentials.get("public_key", ""), "")
    # Braintree signs by a hash of the private key, with HMAC-SHA1.
    key = hashlib.sha1(credentials.get("private_key", "").encode(), usedforsecurity=False).digest()
    expected = hmac.new(key, payload.encode(), hashlib.sha1).hexdigest()
    if not credentials.get("private_key") or not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
        raise CallbackRefused("signature does not match")
