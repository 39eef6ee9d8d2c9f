"""BlueSnap, https://developers.bluesnap.com/v8976-JSON/docs. It has no keys; transactions are asked for by its own name of them."""

from payments.connectors.prism.processors import Processor, Witness
from payments.connectors.requests import Captures, HoldAbility

_ITSELF = Witness("transactionId", "merchantTransactionId", "amount", "currency", in_major=True)

FACTS = Processor(
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    three_ds=False,
    witnesses={
        **dict.fromkeys(("authorize", "get"), _ITSELF),
        "capture": Witness("transactionId", "", "amount", "currency", in_major=True),
        "refund": Witness("refundTransactionId"),
        "refund_get": Witness("transactionId", "", "amount", "currency", in_major=True),
    },
)
