"""BlueSnap's IPNs (https://support.bluesnap.com/docs/ipn-setup): forms, signed by HMAC-SHA256 over the time (`bls-ipn-timestamp`) and the
body (`bls-signature`) with the merchant's encryption key. They name what they are about, and BlueSnap is asked: the library takes our
reference for BlueSnap's, and reads no amount.
"""

from typing import Final
from urllib.parse import parse_qsl

from payments.connectors import signatures
from payments.connectors.documents import Malformed
from payments.connectors.notices import Woken
from payments.connectors.prism.ways import Incoming

_MAX_FIELDS: Final = 300


def read(incoming: Incoming) -> Woken | None:
    """What is about a transaction of ours; None for what names none (payouts, subscriptions, account updates).

    Raises CallbackRefused, Malformed.
    """
    moment = signatures.only(incoming.headers, "bls-ipn-timestamp") or ""
    signed = moment.encode("utf-8", "surrogatepass") + incoming.body
    signatures.check_plain(signatures.only(incoming.headers, "bls-signature"), signed, incoming.secret)
    try:
        form = dict(parse_qsl(incoming.body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError as error:
        raise Malformed("no form") from error
    # `referenceNumber` is that of the charge, whatever happened to it; a refund has its own beside it.
    ours, reference = form.get("merchantTransactionId"), form.get("referenceNumber")
    return Woken(ours, reference=reference) if ours and reference else None
