"""How Stripe is asked for money: an intent that moves nothing, then its confirmation with the card.

https://docs.stripe.com/api/payment_intents. What depends on the payer's one call (the security code, where the payer comes back to) is in
the confirmation only: the same intent may have to be asked for again, under its idempotency key, when that call is long over.
"""

from typing import Final
from urllib.parse import quote

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.request_bodies import Fields, if_given
from payments.connectors.requests import Attempt
from payments.connectors.results import Charged, Declined, NotFound, Released, Unknown
from payments.connectors.stripe import amounts, errors
from payments.connectors.stripe import documents as reading
from payments.connectors.stripe.api import StripeApi
from tokens.instruments import Card

CREATE_SECONDS: Final = 4


def create(api: StripeApi, attempt: Attempt, features: tuple[str, ...]) -> str | Declined:
    """The id of the attempt's intent: asked for again, it is the same one. Raises NotSent, OutcomeUnknown, Malformed."""
    response = api.post("/v1/payment_intents", intent_of(attempt, features), attempt.attempt_id, CREATE_SECONDS)
    if not response.is_success:
        return errors.refusal(response.document, None, api.hidden)
    return documents.reference(response.document, "id")


def intent_of(attempt: Attempt, features: tuple[str, ...]) -> Fields:
    """What every intent of ours says.

    features: what the account may ask for of a card's hold; an account that may not is refused every hold that asks.
    """
    asked = features if attempt.is_manual else ()
    return {
        "amount": amounts.units(attempt.amount),
        "currency": attempt.amount.currency.lower(),
        "payment_method_types[]": "card",
        **if_given("capture_method", "manual" if attempt.is_manual else None),
        **if_given("payment_method_options[card][request_three_d_secure]", "challenge" if attempt.must_confirm else None),
        **{f"payment_method_options[card][request_{feature}]": "if_available" for feature in asked},
        **if_given("description", attempt.description),
        **if_given("statement_descriptor_suffix", attempt.statement_descriptor),
        "metadata[payment_id]": attempt.payment_id,
        "metadata[attempt_id]": attempt.attempt_id,
    }


@calls.errors_as_results
@calls.refusable
def confirm(api: StripeApi, attempt: Attempt, intent: str, card: Card) -> Charged:
    """Take or hold the intent's money."""
    fields: Fields = {
        "payment_method_data[type]": "card",
        "payment_method_data[card][number]": card.number,
        "payment_method_data[card][exp_month]": card.expiry_month,
        "payment_method_data[card][exp_year]": card.expiry_year,
        **if_given("payment_method_data[billing_details][name]", card.holder),
        **if_given("payment_method_data[card][cvc]", attempt.security_code),
        **presence(attempt),
        "expand[]": "latest_charge",
    }
    response = api.post(f"/v1/payment_intents/{quote(intent)}/confirm", fields, f"{attempt.attempt_id}-confirm")
    if not response.is_success:
        return errors.refusal(response.document, intent, (*api.hidden, card.number, attempt.security_code or ""))
    reading.identify(response.document, intent, attempt)
    result = reading.result_of(response.document)
    return Unknown("Stripe did not confirm it.") if isinstance(result, NotFound | Released) else result


def presence(attempt: Attempt) -> dict[str, str | int]:
    """Whether the payer is there to confirm, and where from."""
    return _with_payer(attempt) if attempt.customer_initiated else _without_payer(attempt)


def _with_payer(attempt: Attempt) -> dict[str, str | int]:
    return if_given("return_url", attempt.return_url if (attempt.return_url or "").startswith("http") else None)


def _without_payer(attempt: Attempt) -> dict[str, str | int]:
    """Of a charge that the merchant initiates: the payer cannot confirm it, and the network knows it by the first one.

    https://docs.stripe.com/payments/save-during-payment. Stripe has to enable `mit_exemption` for the account.
    """
    known = if_given("payment_method_options[card][mit_exemption][network_transaction_id]", attempt.network_transaction_id)
    return {"off_session": "true", **known}
