"""Airwallex, https://www.airwallex.com/docs/api#/Payment_Acceptance. An intent is made before the card is sent to it, so a lost answer is
asked for by the intent. Each request has an id of ours in its body, by which a second one is refused.
"""

import json
from typing import Any

from payments.connectors.prism.facts import Processor, Step, Witness
from payments.connectors.requests import Captures, HoldAbility

_INTENT = Witness("id", "merchant_order_id", "amount", "currency", in_major=True)


def _as_documented(request: dict[str, Any], _message: Any) -> dict[str, Any]:
    """Amounts are numbers in JSON, where the library writes texts."""
    products = (request.get("order") or {}).get("products") or ()
    for priced in (request, *products):
        for name in ("amount", "unit_price"):
            if name in priced:
                priced[name] = json.loads(priced[name])
    return request


FACTS = Processor(
    before=(Step.ACCESS, Step.ORDER),
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    witnesses={
        **dict.fromkeys(("authorize", "get"), _INTENT),
        "capture": Witness("id", "", "captured_amount", "currency", in_major=True),
        **dict.fromkeys(("refund", "refund_get"), Witness("id", "", "amount", "currency", in_major=True)),
    },
    mends=dict.fromkeys(("create_order", "capture", "refund"), _as_documented),
    earlier=frozenset({"duplicate_request"}),
    # https://www.airwallex.com/docs/payments__error-codes
    payers=frozenset({"authentication_declined", "card_brand_not_supported", "issuer_declined", "provider_declined", "risk_declined"}),
)
