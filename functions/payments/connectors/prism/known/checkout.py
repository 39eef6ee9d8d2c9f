"""Checkout.com. Keys: https://www.checkout.com/docs/developer-resources/api/idempotency; currencies:
https://www.checkout.com/docs/payments/accept-payments/calculating-the-amount.
"""

from typing import Any

from payments.connectors.one_time import APPLE_PAY, GOOGLE_PAY, PROCESSOR
from payments.connectors.prism.facts import Processor, Witness, as_it_is
from payments.connectors.prism.known import checkout_dispute_answers, checkout_disputes
from payments.connectors.prism.ways import DisputeAnswers, DisputeCalls
from payments.connectors.requests import Captures, HoldAbility, Rest

_PAYMENT = Witness("id", "reference", "amount", "currency")


def _addresses(payment: dict[str, Any], message: Any) -> dict[str, Any]:
    """The library adds a second `?` to an address that has one."""
    return {**payment, **{name: message.return_url for name in ("success_url", "failure_url") if message.return_url}}


FACTS = Processor(
    asks=as_it_is,
    # https://www.checkout.com/docs/payments/add-payment-methods/apple-pay: of a wallet's payload a token is made first.
    one_time=frozenset({APPLE_PAY, GOOGLE_PAY, PROCESSOR}),
    tokenizes=frozenset({APPLE_PAY, GOOGLE_PAY}),
    idempotency="Cko-Idempotency-Key",
    # https://checkout.com/docs/payments/manage-payments/capture-a-payment: `capture_type` is `Final` by default, which voids what is left.
    holds=HoldAbility(Captures.ONE_PART, hold_days=7, rest=Rest.BY_CAPTURE),
    witnesses={
        "authorize": _PAYMENT,
        "charge": _PAYMENT,
        "get": _PAYMENT,
        "capture": Witness("action_id", "reference"),
        "refund": Witness("action_id", "reference"),
        "event_payment": Witness("data.id", "data.reference", "data.amount", "data.currency"),
        # https://www.checkout.com/docs/developer-resources/webhooks/webhook-event-types: `payment_refunded`.
        "event_refund": Witness("data.action_id", "data.reference", "data.amount", "data.currency", charge="data.id"),
    },
    mends={"authorize": _addresses, "charge": _addresses},
    refused_currencies=frozenset({"CLP"}),
    dispute=checkout_disputes.read_event,
    disputes=DisputeCalls(
        checkout_disputes.look_up,
        checkout_disputes.listed,
        DisputeAnswers(checkout_dispute_answers.submit, checkout_dispute_answers.accept),
    ),
    hosts=("api.sandbox.checkout.com", "api.checkout.com"),
    signs=lambda credentials: {"Authorization": f"Bearer {credentials['api_secret']}"},
)
