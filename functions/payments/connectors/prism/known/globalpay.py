"""Global Payments (Unified Payments API), cards, as https://developer.globalpayments.com/api documents transactions, version 2021-03-22.

A request without an answer is found by Global Payments' own id only, which a notification brings. Amounts are digits of the smallest unit.
"""

from typing import Any, Final

from payments.connectors import documents
from payments.connectors.one_time import PROCESSOR
from payments.connectors.prism.facts import Processor, Step, Witness
from payments.connectors.prism.known import globalpay_callbacks
from payments.connectors.prism.names import BEGINNING, Names
from payments.connectors.requests import Captures, HoldAbility


def _named_refund(request: dict[str, Any], message: Any) -> dict[str, Any]:
    return {**request, "reference": message.merchant_refund_id}


def _for_fields(request: dict[str, Any], _message: Any) -> dict[str, Any]:
    """A token that can do nothing but give a card a name that is used once: what the payer's browser gets must do no more."""
    kept = {name: value for name, value in request.items() if name != "restricted_token"}
    return {**kept, "permissions": ["PMT_POST_Create_Single"]}


def _access_token(_message: Any, body: bytes) -> dict[str, str]:
    return {"access_token": documents.text(documents.parse(body), "token")}


_TRANSACTION: Final = Witness("id", "reference", "amount", "currency")

FACTS = Processor(
    limits={
        "three_ds": "The library makes the same request with and without it, and not the calls that Global Payments wants before it.",
    },
    three_ds=False,
    # https://developer.globalpayments.com/docs/payments/online/hosted-fields-guide: a single-use `PMT_…`.
    one_time=frozenset({PROCESSOR}),
    names=Names(_access_token, reads_itself=True, wants=("name", "country")),
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
    mends={"refund": _named_refund, BEGINNING: _for_fields},
    earlier=frozenset({"DUPLICATE_ACTION"}),
    setup=frozenset({"ACTION_NOT_AUTHORIZED", "INVALID_REQUEST_DATA", "MANDATORY_DATA_MISSING", "NOT_AUTHENTICATED"}),
)
