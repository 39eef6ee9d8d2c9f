"""Stripe's own card fields: an intent made by us, confirmed by the payer's browser in Stripe.js (https://docs.stripe.com/payments/accept-a-payment).

The intent says in its metadata how it is paid: a card that is refused in the fields does not end it.
"""

from collections.abc import Mapping
from typing import Final

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.request_bodies import Fields
from payments.connectors.requests import Attempt
from payments.connectors.results import Beginning, Begun, Declined, Fault
from payments.connectors.stripe import documents as reading
from payments.connectors.stripe import errors
from payments.connectors.stripe.api import StripeApi

CREATE_SECONDS: Final = 4


def begin(api: StripeApi, credentials: Mapping[str, str], attempt: Attempt, intent: Fields) -> Beginning:
    """Make the intent. intent: its fields, as for every other charge."""
    key = credentials.get("publishable_key")
    if key is None:
        return Declined("missing_setting", "Set the connector's publishable_key first.", retryable=True, fault=Fault.SETUP)
    return calls.no_money_moves(calls.refusable(_made))(api, key, attempt, intent)


def _made(api: StripeApi, key: str, attempt: Attempt, intent: Fields) -> Begun | Declined:
    response = api.post(
        "/v1/payment_intents", {**intent, f"metadata[{reading.FLOW}]": reading.BY_FIELDS}, attempt.attempt_id, CREATE_SECONDS
    )
    if not response.is_success:
        return errors.refusal(response.document, None, api.hidden)
    reference = documents.reference(response.document, "id")
    secret = documents.reference(response.document, "client_secret")
    if not secret.startswith(f"{reference}_secret_"):
        # Another intent's would be paid for this one.
        raise documents.Malformed("the secret of another intent")
    return Begun(reference, {"publishable_key": key, "client_secret": secret})
