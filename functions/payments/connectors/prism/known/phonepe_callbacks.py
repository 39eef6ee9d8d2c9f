"""PhonePe's server-to-server callbacks (https://developer.phonepe.com/v1/reference/server-to-server-callback-5), in base64, signed by
SHA-256 of it and the salt key (X-VERIFY). They name what they are about by our reference, and PhonePe is asked about it.
"""

import base64
import binascii
import hashlib
import hmac

from payments.connectors import documents, signatures
from payments.connectors.documents import Malformed
from payments.connectors.model import CallbackRefused
from payments.connectors.notices import Woken
from payments.connectors.prism.ways import Incoming


def read(incoming: Incoming) -> Woken:
    """Raises CallbackRefused, Malformed."""
    try:
        encoded = documents.text(documents.parse(incoming.body), "response")
    except Malformed as error:
        raise CallbackRefused("the callback could not be read") from error
    salt, index = incoming.credentials.get("salt_key", ""), incoming.credentials.get("salt_index", "")
    expected = f"{hashlib.sha256(f'{encoded}{salt}'.encode()).hexdigest()}###{index}"
    given = signatures.only(incoming.headers, "x-verify") or ""
    if not salt or not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
        raise CallbackRefused("signature does not match")
    try:
        said = documents.parse(base64.b64decode(encoded, validate=True))
    except binascii.Error as error:
        raise Malformed("no base64") from error
    ours = documents.text(said, "data", "merchantTransactionId")
    return Woken(refund_id=ours) if ours.startswith("ref_") else Woken(ours)
