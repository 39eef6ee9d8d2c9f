"""Nuvei, https://docs.nuvei.com/api/main/indexMain_v1_0.html. Requests carry a checksum of their ids, sum and time, so they go as they are
made, and there are no keys. A transaction is asked for by Nuvei's name of it; a session comes before each payment.
"""

from typing import Any

from payments.connectors.prism.facts import Processor, Step, Witness
from payments.connectors.requests import Captures, HoldAbility, Rest

_MADE = Witness("transactionId", "clientUniqueId")
_DETAILS = "transactionDetails"


def _with_the_gateways_words(answer: Any) -> Any:
    """A refused transaction: the request itself succeeded, and the library looks for words in the request's own error only."""
    if not isinstance(answer, dict) or answer.get("transactionStatus") not in {"DECLINED", "ERROR"}:
        return answer
    return {**answer, "status": "ERROR", "errCode": answer.get("gwErrorCode"), "reason": answer.get("gwErrorReason")}


FACTS = Processor(
    limits={
        "three_ds": "The library makes the same request with and without it, and not the call that Nuvei wants before it (initPayment).",
    },
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
