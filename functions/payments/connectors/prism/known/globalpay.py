"""Global Payments (Unified Payments API), cards, as https://developer.globalpayments.com/api documents transactions, version 2021-03-22.

A request without an answer is found by Global Payments' own id only, which a notification brings. Amounts are digits of the smallest unit.
"""

from typing import Any, Final

from payments.connectors.one_time import PROCESSOR
from payments.connectors.prism.facts import Processor, Step, Witness
from payments.connectors.prism.known import globalpay_callbacks
from payments.connectors.requests import Captures, HoldAbility


def _named_refund(request: dict[str, Any], message: Any) -> dict[str, Any]:
    return {**request, "reference": message.merchant_refund_id}


_TRANSACTION: Final = Witness("id", "reference", "amount", "currency")

FACTS = Processor(
    limits={
        "three_ds": "The library makes the same request with and without it, and not the calls that Global Payments wants before it.",
    },
    three_ds=False,
    # https://developer.globalpayments.com/docs/payments/online/hosted-fields-guide: a single-use `PMT_…`.
    one_time=frozenset({PROCESSOR}),
    # https://developer.globalpayments.com/api/getting-started#idempotency
    idempotency="x-gp-idempotency",
    before=(Step.ACCESS,),
    # In part only with what becomes of the rest, which a reversal after a capture would take from the capture.
    holds=HoldAbility(Captures.ONE_FULL, hold_days=7),
    witnesses={
        **dict.fromkeys(("authorize", "get"), _TRANSACTION),
        "capture": Witness("id", "", "amount", "currency"),
        **dict.fromkeys(("refund", "refund_get"), _TRANSACTION),
    },
    callback=globalpay_callbacks.read,
    mends={"refund": _named_refund},
    earlier=frozenset({"DUPLICATE_ACTION"}),
    setup=frozenset({"ACTION_NOT_AUTHORIZED", "INVALID_REQUEST_DATA", "MANDATORY_DATA_MISSING", "NOT_AUTHENTICATED"}),
)
