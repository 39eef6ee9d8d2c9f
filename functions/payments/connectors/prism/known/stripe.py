"""Stripe. Keys: https://docs.stripe.com/api/idempotent_requests; currencies: https://docs.stripe.com/currencies#special-cases."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from payments.connectors.documents import find
from payments.connectors.one_time import PROCESSOR
from payments.connectors.prism.facts import Fields, Processor, Witness
from payments.connectors.prism.known import stripe_kept
from payments.connectors.prism.translation import HttpRequest
from payments.connectors.requests import Attempt, Captures, HoldAbility
from payments.connectors.results import Authorized
from payments.connectors.stripe import holds

# What the library says of the payer's browser where Stripe documents no such parameter; Stripe refuses those that it does not know.
_INVENTED: Final = frozenset({"payment_method_data[ip]", "payment_method_data[user_agent]"})


# What can be done with one hold is said by its charge.
_WITH_CHARGE: Final = ("expand[]", "latest_charge")


def _as_documented(request: HttpRequest, _message: Any, credentials: Mapping[str, str]) -> HttpRequest:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_data"""
    fields = [field for field in parse_qsl(request.body.decode(), keep_blank_values=True) if field[0] not in _INVENTED]
    asked = _features(credentials) if ("capture_method", "manual") in fields else []
    return replace(request, body=urlencode([*fields, *asked]).encode())


def _features(credentials: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the merchant's account may ask of a hold; one that may not is refused every hold that asks.

    https://docs.stripe.com/payments/incremental-authorization, /overcapture, /extended-authorization
    """
    named = filter(None, credentials.get("card_features", "").split(","))
    return [(f"payment_method_options[card][request_{feature}]", "if_available") for feature in named]


def _larger(request: HttpRequest, _message: Any, _credentials: Mapping[str, str]) -> HttpRequest:
    """https://docs.stripe.com/api/payment_intents/increment_authorization"""
    fields = parse_qsl(request.body.decode(), keep_blank_values=True)
    return replace(request, body=urlencode([*fields, _WITH_CHARGE]).encode())


def _terms(intent: Any) -> Authorized:
    """As our own connector reads them; captured once, whatever the account may: which of several captures was made is not found here."""
    held = holds.held(intent)
    return held if held.ability is None else replace(held, ability=replace(held.ability, captures=Captures.ONE_PART))


def _intent(parameters: Mapping[str, str]) -> str:
    return parameters["client_secret"].partition("_secret_")[0]


def _is_open(intent: Any) -> bool:
    """Only what is begun for a browser lets it choose among ways to pay; there every card may be tried."""
    return bool(find(intent, "status") == "requires_payment_method" and find(intent, "automatic_payment_methods", "enabled") is True)


def _asked_for(body: bytes, attempt: Attempt, credentials: Mapping[str, str]) -> bytes:
    """https://docs.stripe.com/payments/place-a-hold-on-a-payment-method"""
    held = [("capture_method", "manual"), *_features(credentials)] if attempt.is_manual else []
    return urlencode([*parse_qsl(body.decode(), keep_blank_values=True), *held]).encode()


def _challenge(body: bytes) -> bytes:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_options-card-request_three_d_secure"""
    name = "payment_method_options[card][request_three_d_secure]"
    return urlencode({**dict(parse_qsl(body.decode(), keep_blank_values=True)), name: "challenge"}).encode()


_INTENT = Witness("id", "metadata.order_id", "amount", "currency")

FACTS = Processor(
    asks=_challenge,
    # https://docs.stripe.com/payments/finalize-payments-on-the-server: a `pm_…` of its fields.
    one_time=frozenset({PROCESSOR}),
    idempotency="Idempotency-Key",
    holds=HoldAbility(Captures.ONE_PART, hold_days=7),
    of_some_holds=frozenset({"increment", "over_capture"}),
    terms=_terms,
    witnesses={
        "authorize": _INTENT,
        "charge": _INTENT,
        "get": _INTENT,
        "create_client_authentication_token": _INTENT,
        "incremental_authorization": _INTENT,
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
    sends={**dict.fromkeys(("authorize", "charge"), _as_documented), "incremental_authorization": _larger},
    earlier=frozenset({"idempotency_error", "idempotency_key_in_use", "payment_intent_unexpected_state"}),
    signed_at="stripe-signature",
    keeps=stripe_kept.KEEPS,
    fields=Fields(_intent, _is_open, _asked_for),
    refused_currencies=frozenset({"UGX"}),
)
