"""CyberSource (Visa), https://developer.cybersource.com/api-reference-assets/.

It has no keys; requests are signed, so they go as they are made.
"""

from payments.connectors.prism.processors import Processor, Witness
from payments.connectors.requests import Captures, HoldAbility

_SUMS = "orderInformation.amountDetails"

FACTS = Processor(
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
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
    earlier=frozenset({"DUPLICATE_REQUEST"}),
)
