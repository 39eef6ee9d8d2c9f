"""Stripe. Keys: https://docs.stripe.com/api/idempotent_requests; currencies: https://docs.stripe.com/currencies#special-cases."""

from payments.connectors.prism.processors import Processor, Witness
from payments.connectors.requests import Captures, HoldAbility

_INTENT = Witness("id", "metadata.order_id", "amount", "currency")

FACTS = Processor(
    idempotency="Idempotency-Key",
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    witnesses={
        "authorize": _INTENT,
        "get": _INTENT,
        "capture": Witness("id", "metadata.order_id", "amount_received", "currency"),
        "refund": _INTENT,
        "refund_get": _INTENT,
        "event_payment": Witness("data.object.id", "data.object.metadata.order_id", "data.object.amount", "data.object.currency"),
        "event_refund": Witness(
            "data.object.id",
            "data.object.metadata.order_id",
            "data.object.amount",
            "data.object.currency",
            charge="data.object.payment_intent",
        ),
    },
    earlier=frozenset({"idempotency_error", "idempotency_key_in_use", "payment_intent_unexpected_state"}),
    refused_currencies=frozenset({"UGX"}),
)
