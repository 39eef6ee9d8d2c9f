"""Global Payments' notifications to a transaction's `status_url` (https://developer.globalpayments.com/api): the transaction as JSON, with
`X-GP-Signature`, the SHA-512 of the body and the app key, as its own clients check it. They name what they are about by our reference and
by Global Payments' own, and it is asked: the library does not verify them.
"""

import hashlib
import hmac

from payments.connectors import documents, signatures
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import Woken
from payments.connectors.prism.ways import Incoming


def read(incoming: Incoming) -> Woken | None:
    """None for a transaction that was not made here. Raises CallbackRefused, Malformed."""
    key = incoming.credentials.get("app_key", "")
    expected = hashlib.sha512(incoming.body + key.encode()).hexdigest()
    given = signatures.only(incoming.headers, "x-gp-signature") or ""
    if not key or not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
        raise CallbackRefused("signature does not match")
    said = documents.parse(incoming.body)
    ours, reference = documents.text(said, "reference"), documents.text(said, "id")
    if not ours.startswith(("pay_", "ref_")):
        return None
    return Woken(refund_id=ours) if ours.startswith("ref_") else Woken(ours, reference=reference)
