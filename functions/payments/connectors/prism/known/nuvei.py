"""Nuvei, https://docs.nuvei.com/api/main/indexMain_v1_0.html. Requests carry a checksum of their ids, sum and time, so they go as they are
made, and there are no keys. A transaction is asked for by Nuvei's name of it; a session comes before each payment.
"""

from typing import Any

from payments.connectors import documents
from payments.connectors.prism.facts import Processor, Step, Witness
from payments.connectors.prism.names import Names
from payments.connectors.prism.preludes import SESSION
from payments.connectors.requests import Captures, HoldAbility, Rest

_MADE = Witness("transactionId", "clientUniqueId")
_DETAILS = "transactionDetails"


def _with_the_gateways_words(answer: Any) -> Any:
    """A refused transaction: the request itself succeeded, and the library looks for words in the request's own error only."""
    if not isinstance(answer, dict) or answer.get("transactionStatus") not in {"DECLINED", "ERROR"}:
        return answer
    return {**answer, "status": "ERROR", "errCode": answer.get("gwErrorCode"), "reason": answer.get("gwErrorReason")}


def _session(_message: Any, body: bytes) -> dict[str, str]:
    """https://docs.nuvei.com/documentation/accept-payment/web-sdk/tokenization-only-flow: whose fields they are, and in which session.

    Raises Malformed.
    """
    answer = documents.parse(body)
    return {
        SESSION: documents.text(answer, "sessionToken"),
        "merchant_id": documents.text(answer, "merchantId"),
        "merchant_site_id": documents.text(answer, "merchantSiteId"),
    }


def _by_name(payment: dict[str, Any], message: Any) -> dict[str, Any]:
    """A card by the name that Nuvei's fields gave, which the library takes for one that is kept."""
    option = payment["paymentOption"]
    if "userPaymentOptionId" not in option:
        return payment
    holder = {"cardHolderName": message.customer.name} if message.customer.name else {}
    return {**payment, "paymentOption": {"card": {"ccTempToken": option["userPaymentOptionId"], **holder}}}


FACTS = Processor(
    limits={
        "three_ds": "The library makes the same request with and without it, and not the call that Nuvei wants before it (initPayment).",
    },
    names=Names(_session, reads_itself=True, wants=("name", "email", "country")),
    mends={"authorize": _by_name},
    before=(Step.SESSION,),
    # Details are those of one transaction, and a settle is another: https://docs.nuvei.com/api/main/indexMain_v1_0.html#getTransactionDetails.
    shows_captures=False,
    three_ds=False,
    # A void is documented of an authorization as it was made, not of what a settle in part leaves.
    holds=HoldAbility(Captures.ONE_PART, hold_days=7, rest=Rest.BY_TIME),
    witnesses={
        "authorize": _MADE,
        "capture": _MADE,
        "refund": _MADE,
        "get": Witness(
            f"{_DETAILS}.transactionId",
            f"{_DETAILS}.clientUniqueId",
            f"{_DETAILS}.processedAmount",
            f"{_DETAILS}.processedCurrency",
            in_major=True,
        ),
    },
    reads=dict.fromkeys(("authorize", "capture", "void", "refund"), _with_the_gateways_words),
)
