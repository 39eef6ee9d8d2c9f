"""Checkout.com. Keys: https://www.checkout.com/docs/developer-resources/api/idempotency; currencies:
https://www.checkout.com/docs/payments/accept-payments/calculating-the-amount.
"""

from payments.connectors.prism.processors import Processor, Witness
from payments.connectors.requests import Captures, HoldAbility

_PAYMENT = Witness("id", "reference", "amount", "currency")

FACTS = Processor(
    idempotency="Cko-Idempotency-Key",
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    witnesses={
        "authorize": _PAYMENT,
        "charge": _PAYMENT,
        "get": _PAYMENT,
        "capture": Witness("action_id", "reference"),
        "refund": Witness("action_id", "reference"),
        "event_payment": Witness("data.id", "data.reference", "data.amount", "data.currency"),
    },
    refused_currencies=frozenset({"CLP"}),
)
