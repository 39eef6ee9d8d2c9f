"""CyberSource (Visa), https://developer.cybersource.com/api-reference-assets/.

It has no keys; requests are signed, so they go as they are made.
"""

from typing import Any, Final

from payments.connectors.documents import Malformed
from payments.connectors.one_time import APPLE_PAY, GOOGLE_PAY, PROCESSOR
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.names import Names
from payments.connectors.requests import Captures, HoldAbility, Rest

_SCRIPTS: Final = ("https://testflex.cybersource.com/", "https://flex.cybersource.com/")
_SUMS = "orderInformation.amountDetails"


def _last(capture: dict[str, Any], _message: Any) -> dict[str, Any]:
    """The one capture of a hold releases what it leaves:
    https://developer.cybersource.com/api-reference-assets/index.html#payments_capture (processingInformation.captureOptions.isFinal).
    """
    processing = capture.get("processingInformation") or {}
    options = {name: value for name, value in (processing.get("captureOptions") or {}).items() if value is not None}
    return {**capture, "processingInformation": {**processing, "captureOptions": {**options, "isFinal": "true"}}}


def _context(message: Any, _body: bytes) -> dict[str, str]:
    """The capture context, and the script that belongs to it: of CyberSource's own host, or none is shown."""
    given = message.session_data.connector_specific.cybersource
    if not given.client_library.startswith(_SCRIPTS):
        raise Malformed("no script of CyberSource's own")
    return {
        "capture_context": given.capture_context.value,
        "client_library": given.client_library,
        "client_library_integrity": given.client_library_integrity,
    }


FACTS = Processor(
    # https://developer.cybersource.com/docs/cybs/en-us/digital-accept-flex/: the transient token of Microform.
    one_time=frozenset({APPLE_PAY, GOOGLE_PAY, PROCESSOR}),
    names=Names(_context, wants=("name", "email", "line1", "city", "country")),
    limits={
        "three_ds": "Each of its three calls wants the card, and the payer's browser acts in between, for which nothing keeps the card.",
        "increment": "CyberSource knows no key by which the same increment twice is one: after a lost answer more would be held twice.",
    },
    # A capture is a transaction of its own, and so are its details: https://developer.cybersource.com/api-reference-assets/.
    shows_captures=False,
    holds=HoldAbility(Captures.ONE_PART, hold_days=7, rest=Rest.BY_CAPTURE),
    mends={"capture": _last},
    three_ds=False,
    witnesses={
        "authorize": Witness("id", "clientReferenceInformation.code", f"{_SUMS}.authorizedAmount", f"{_SUMS}.currency", in_major=True),
        "charge": Witness("id", "clientReferenceInformation.code", f"{_SUMS}.authorizedAmount", f"{_SUMS}.currency", in_major=True),
        "get": Witness("id", "clientReferenceInformation.code", f"{_SUMS}.totalAmount", f"{_SUMS}.currency", in_major=True),
        "capture": Witness("id", "clientReferenceInformation.code", f"{_SUMS}.totalAmount", f"{_SUMS}.currency", in_major=True),
        "refund": Witness(
            "id", "clientReferenceInformation.code", "refundAmountDetails.refundAmount", "refundAmountDetails.currency", in_major=True
        ),
        "refund_get": Witness("id", "clientReferenceInformation.code", f"{_SUMS}.totalAmount", f"{_SUMS}.currency", in_major=True),
    },
    released=frozenset({"AUTH_ALREADY_REVERSED"}),
    earlier=frozenset({"DUPLICATE_REQUEST"}),
)
