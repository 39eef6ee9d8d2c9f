"""BlueSnap, https://developers.bluesnap.com/v8976-JSON/docs. It has no keys; transactions are asked for by its own name of them."""

from typing import Any

from payments.connectors.one_time import PROCESSOR
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.known import bluesnap_callbacks
from payments.connectors.prism.names import Names
from payments.connectors.requests import Captures, HoldAbility, Rest


def _token(message: Any, _body: bytes) -> dict[str, str]:
    """It is the name too, once the payer's browser has bound a card to it."""
    return {"pf_token": message.session_data.connector_specific.bluesnap.pf_token.value}


_ITSELF = Witness("transactionId", "merchantTransactionId", "amount", "currency", in_major=True)

FACTS = Processor(
    # https://developers.bluesnap.com/v8976-JSON/docs/hosted-payment-fields: a `pfToken`, of which the browser has made a card.
    one_time=frozenset({PROCESSOR}),
    names=Names(_token, own="pf_token"),
    limits={
        "three_ds": "The library makes the same request with and without it. BlueSnap asks the bank by a script of its own in the browser.",
    },
    # What it retrieves by a name is that one transaction, with the type that it was made with; that an authorization shows its capture is
    # not documented, and a reversal is of an authorization that was not captured: https://developers.bluesnap.com/v8976-JSON/docs.
    shows_captures=False,
    holds=HoldAbility(Captures.ONE_PART, hold_days=7, rest=Rest.BY_TIME),
    three_ds=False,
    callback=bluesnap_callbacks.read,
    witnesses={
        **dict.fromkeys(("authorize", "get"), _ITSELF),
        "capture": Witness("transactionId", "", "amount", "currency", in_major=True),
        "refund": Witness("refundTransactionId"),
        "refund_get": Witness("transactionId", "", "amount", "currency", in_major=True),
    },
)
