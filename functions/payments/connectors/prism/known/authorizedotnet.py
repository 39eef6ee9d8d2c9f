"""Authorize.Net. https://developer.authorize.net/api/reference/. `refId` and the invoice's number keep 20 characters; a refund names the
card by its last digits, which the processor is asked for first. It has no keys: a second one within two minutes is refused as a duplicate.
"""

import json
from typing import Any

from payments.connectors import documents
from payments.connectors.one_time import APPLE_PAY, GOOGLE_PAY
from payments.connectors.prism.facts import Processor, Witness
from payments.connectors.requests import Captures, HoldAbility

_ANSWER = Witness("transactionResponse.transId", "refId")


def _card(details: Any) -> str:
    number = documents.text(details, "transaction", "payment", "creditCard", "cardNumber")
    return json.dumps({"creditCard": {"cardNumber": number, "expirationDate": "XXXX"}})


FACTS = Processor(
    one_time=frozenset({APPLE_PAY, GOOGLE_PAY}),
    longest_reference=20,
    holds=HoldAbility(Captures.ONE_PART, hold_days=30),
    witnesses={
        "authorize": _ANSWER,
        "get": Witness("transaction.transId", "transaction.order.invoiceNumber", "transaction.authAmount", in_major=True),
        "capture": Witness("transactionResponse.transId"),
        "refund": Witness("transactionResponse.transId"),
        # Without a currency; https://developer.authorize.net/api/reference/features/webhooks.html.
        "event_payment": Witness("payload.id", "payload.merchantReferenceId|payload.invoiceNumber", "payload.authAmount", in_major=True),
    },
    noted={"refund": _card},
    # 11: a duplicate. https://developer.authorize.net/api/reference/responseCodes.html
    earlier=frozenset({"11"}),
    setup=frozenset({"E00003", "E00007", "E00008", "E00009", "E00013", "E00044"}),
)
