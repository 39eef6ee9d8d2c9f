"""Cards that Stripe keeps: payment methods of a customer there (https://docs.stripe.com/payments/save-during-payment)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

from paycorex import clock
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.request_bodies import Fields, if_given
from payments.connectors.requests import Attempt
from payments.connectors.results import Charged, Contradicts, Declined, NotFound, Released, Unavailable, Unknown
from payments.connectors.stripe import charges, errors
from payments.connectors.stripe import documents as reading
from payments.connectors.stripe.api import StripeApi
from tokens.instruments import ProviderToken

_LATER: Final = "off_session"
# Stripe does not know the payment method, or it belongs to no customer any more.
_GONE: Final = frozenset({"resource_missing", "payment_method_unexpected_state"})


class StripeKeptCards:
    """The part of the connector that deals with them."""

    name: str
    _api: StripeApi
    _features: tuple[str, ...]

    @calls.errors_as_results
    @calls.refusable
    def agree(self, attempt: Attempt, *, keeps: bool) -> Mapping[str, str] | Declined:
        """Say with the intent, before it is confirmed, that its card is for later payments of a customer; or that it is not after all."""
        content: Fields = {"setup_future_usage": ""}  # An empty text unsets it.
        if keeps:
            made = self._api.post("/v1/customers", _names(attempt), f"{attempt.attempt_id}-customer", charges.CREATE_SECONDS)
            if not made.is_success:
                return errors.refusal(made.document, None, self._api.hidden)
            content = {"customer": documents.reference(made.document, "id"), "setup_future_usage": _LATER}
        # A key of its own each time: the payer may tick, take it back and tick again.
        key, path = f"{attempt.attempt_id}-keep-{clock.now_ms()}", f"/v1/payment_intents/{quote(attempt.provider_reference or '')}"
        said = self._api.post(path, content, key, charges.CREATE_SECONDS)
        return {} if said.is_success else errors.refusal(said.document, attempt.provider_reference, self._api.hidden)

    @calls.errors_as_results
    def kept_card(self, attempt: Attempt) -> ProviderToken | NotFound:
        """The payment method of a paid intent, where it was said to be for later."""
        reference = attempt.provider_reference or ""
        intent = self._api.get(f"/v1/payment_intents/{quote(reference)}?{urlencode({'expand[]': 'payment_method'})}").body()
        reading.identify(intent, reference, attempt)
        if documents.find(intent, "setup_future_usage") != _LATER:
            return NotFound()
        return card_of(self.name, documents.find(intent, "payment_method"))

    def charge_kept(self, attempt: Attempt, card: ProviderToken) -> Charged:
        """Create the customer's intent, then confirm it with the card that Stripe keeps."""
        intent = calls.no_money_moves(calls.refusable(self._create_for))(attempt, card)
        if not isinstance(intent, str):
            return intent
        result = _confirm(self._api, attempt, intent, card)
        return replace(result, provider_reference=intent) if isinstance(result, Unknown) else result

    def _create_for(self, attempt: Attempt, card: ProviderToken) -> str | Declined:
        content = {**charges.intent_of(attempt, self._features), **if_given("customer", card.customer)}
        response = self._api.post("/v1/payment_intents", content, attempt.attempt_id, charges.CREATE_SECONDS)
        if not response.is_success:
            return errors.refusal(response.document, None, self._api.hidden)
        return documents.reference(response.document, "id")

    @calls.errors_as_results
    def _detach(self, card: ProviderToken) -> None:
        path = f"/v1/payment_methods/{quote(card.reference)}/detach"
        response = self._api.post(path, {}, f"{card.reference}-detach", charges.CREATE_SECONDS)
        if not response.is_success and documents.find(response.document, "error", "code") not in _GONE:
            raise calls.OutcomeUnknown(f"Stripe answered {response.status}.")

    def forget_card(self, merchant_id: str, card: ProviderToken) -> Unavailable | Unknown | Contradicts | None:  # noqa: ARG002 - its key says whose
        """Detach the payment method; one that Stripe does not know (any more) is forgotten."""
        return self._detach(card)


def card_of(connector: str, method: object) -> ProviderToken:
    """A payment method that is attached to a customer. Raises documents.Malformed."""
    return ProviderToken(
        connector,
        documents.reference(method, "id"),
        documents.reference(method, "customer"),
        documents.code_or(method, "", "card", "brand") or None,
        documents.code_or(method, "", "card", "last4")[-4:] or None,
        documents.whole(method, "card", "exp_month"),
        documents.whole(method, "card", "exp_year"),
    )


@calls.errors_as_results
@calls.refusable
def _confirm(api: StripeApi, attempt: Attempt, intent: str, card: ProviderToken) -> Charged:
    content: Fields = {"payment_method": card.reference, **charges.presence(attempt), "expand[]": "latest_charge"}
    response = api.post(f"/v1/payment_intents/{quote(intent)}/confirm", content, f"{attempt.attempt_id}-confirm")
    if not response.is_success:
        return errors.refusal(response.document, intent, api.hidden)
    reading.identify(response.document, intent, attempt)
    result = reading.result_of(response.document)
    return Unknown("Stripe did not confirm it.") if isinstance(result, NotFound | Released) else result


def _names(attempt: Attempt) -> Fields:
    return {"metadata[payment_id]": attempt.payment_id, "metadata[attempt_id]": attempt.attempt_id}
