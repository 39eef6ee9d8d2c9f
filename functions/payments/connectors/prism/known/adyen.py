"""Adyen. Keys: https://docs.adyen.com/development-resources/api-idempotency; codes: https://docs.adyen.com/development-resources/error-codes
(704: in progress or processed); currencies: https://docs.adyen.com/development-resources/currency-codes.

It has no question about a payment: its callbacks say what became of one.
"""

import json
from typing import Any

from payments.connectors.one_time import APPLE_PAY, GOOGLE_PAY
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.prism.known import adyen_dispute_answers, adyen_disputes, adyen_kept, adyen_sessions
from payments.connectors.prism.ways import DisputeAnswers
from payments.connectors.requests import Captures, HoldAbility

_ITEM = "notificationItems.0.NotificationRequestItem"


def _challenge(body: bytes) -> bytes:
    """https://docs.adyen.com/api-explorer/Checkout/72/post/payments#request-threeDS2RequestData: 04, a challenge is mandated."""
    return json.dumps({**json.loads(body), "threeDS2RequestData": {"threeDSRequestorChallengeInd": "04"}}, ensure_ascii=False).encode()


def _details(wanted: dict[str, Any], _message: Any) -> dict[str, Any]:
    """What the payer brought back, and nothing that the library adds beside it (a `type`, and nulls):
    https://docs.adyen.com/api-explorer/Checkout/68/post/payments/details.
    """
    brought = {name: value for name, value in wanted["details"].items() if value is not None and name != "type"}
    return {**wanted, "details": brought}


FACTS = Processor(
    asks=_challenge,
    one_time=frozenset({APPLE_PAY, GOOGLE_PAY}),
    limits={
        "lookup": "Adyen has no question about a payment: its webhooks say what became of one.",
        "increment": "Adyen answers later, by a webhook that the library does not read.",
    },
    idempotency="Idempotency-Key",
    holds=HoldAbility(Captures.MANY, hold_days=28),
    captures_itself=True,
    witnesses={
        "get": Witness("pspReference", "merchantReference", "amount.value", "amount.currency"),
        "authorize": Witness("pspReference", "merchantReference", "amount.value", "amount.currency"),
        "charge": Witness("pspReference", "merchantReference", "amount.value", "amount.currency"),
        "create_client_authentication_token": Witness("id", "reference", "amount.value", "amount.currency"),
        "capture": Witness("pspReference", "reference", "amount.value", "amount.currency"),
        "refund": Witness("pspReference", "reference", "amount.value", "amount.currency"),
        "event_payment": Witness(
            f"{_ITEM}.pspReference",
            f"{_ITEM}.merchantReference",
            f"{_ITEM}.amount.value",
            f"{_ITEM}.amount.currency",
            charge=f"{_ITEM}.originalReference",
        ),
        "event_refund": Witness(
            f"{_ITEM}.pspReference",
            f"{_ITEM}.merchantReference",
            f"{_ITEM}.amount.value",
            f"{_ITEM}.amount.currency",
            charge=f"{_ITEM}.originalReference",
        ),
    },
    fields=adyen_sessions.FIELDS,
    keeps=adyen_kept.KEEPS,
    mends={"charge": adyen_kept.charge, "get": _details},
    earlier=frozenset({"704"}),
    # https://docs.adyen.com/online-payments/build-your-integration/advanced-flow/?tab=_card_#handle-the-redirect
    completes_by=("redirectResult",),
    dispute=adyen_disputes.read,
    answers=DisputeAnswers(adyen_dispute_answers.submit, adyen_dispute_answers.accept),
    # https://docs.adyen.com/development-resources/live-endpoints: of the Disputes API, for which alone there are calls of our own.
    hosts=("ca-test.adyen.com", "ca-live.adyen.com"),
    signs=lambda credentials: {"X-API-Key": credentials["api_key"]},
    house_first=True,
    refund_reason="OTHER",
    refused_currencies=frozenset({"CLP", "CVE", "IDR"}),
)
