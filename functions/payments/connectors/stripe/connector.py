"""Connector `stripe`: cards through PaymentIntents (Stripe API, https://docs.stripe.com/api/payment_intents).

A charge is two calls. The first creates the intent without a card: it moves nothing, so it may fail over, and its id is what the attempt is
looked up by. The second confirms it with the card; once that was sent, no other provider is asked. Both carry our idempotency key.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

from paycorex import clock
from paycorex.money import Money
from payments.connectors import documents, signatures
from payments.connectors import http_calls as calls
from payments.connectors.notices import ProviderNotice, ProviderRefund
from payments.connectors.request_bodies import Fields
from payments.connectors.requests import Attempt, CaptureRequest, IncrementRequest, RefundRequest, VoidRequest
from payments.connectors.results import (
    Beginning,
    CaptureResult,
    Charged,
    Collected,
    Declined,
    Found,
    IncrementResult,
    NotFound,
    RefundResult,
    Unknown,
    VoidResult,
)
from payments.connectors.stripe import amounts, captures, charges, errors, fields, holds
from payments.connectors.stripe import documents as reading
from payments.connectors.stripe.api import StripeApi
from payments.connectors.stripe.dispute_calls import StripeDisputes
from payments.connectors.stripe.kept import StripeKeptCards
from payments.connectors.stripe.settlement_calls import StripeSettlements
from tokens.instruments import Card, Instrument, ProviderToken

# Stripe keeps idempotency keys for a day; what is older is listed. (Its search is not there for merchants in India.)
KEYS_KEPT_MS: Final = 20 * 3600 * 1000
# From the start of an attempt until its intent is made less than this passes, and less than this between two clocks.
MADE_WITHIN_SECONDS: Final = 120


class Stripe(StripeDisputes, StripeKeptCards, StripeSettlements):
    """Stripe for one merchant. Credentials: `secret_key`, `webhook_secret`; `card_features`, what its account may ask of a hold; for
    its card fields `publishable_key`.
    """

    name = "stripe"
    methods = frozenset({"tokenized"})
    instruments = frozenset({Card.kind, ProviderToken.kind})
    holds = holds.ABILITY
    of_some_holds = frozenset({"increment", "over_capture"})
    asks_payer = True

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._credentials = credentials
        self._api = StripeApi(credentials)
        self._webhook_secret = credentials.get("webhook_secret", "")
        self._features = tuple(filter(None, credentials.get("card_features", "").split(",")))

    @staticmethod
    def amount_problem(amount: Money) -> str | None:
        """Three decimals exist, of which the last must be 0; MGA has none."""
        return amounts.amount_problem(amount)

    def charge(self, attempt: Attempt, instrument: Instrument) -> Charged:
        """Create and confirm. Until the card was sent, the intent moves no money."""
        if isinstance(instrument, ProviderToken):
            return self.charge_kept(attempt, instrument)
        if not isinstance(instrument, Card):
            return Declined("unsupported_instrument", "Stripe takes cards here.", retryable=True)
        intent = calls.no_money_moves(calls.refusable(self._create))(attempt)
        if not isinstance(intent, str):
            return intent
        result = charges.confirm(self._api, attempt, intent, instrument)
        return replace(result, provider_reference=intent) if isinstance(result, Unknown) else result

    def _create(self, attempt: Attempt) -> str | Declined:
        return charges.create(self._api, attempt, self._features)

    def begin(self, attempt: Attempt) -> Beginning:
        """An intent that the payer's browser confirms in Stripe's fields."""
        return fields.begin(self._api, self._credentials, attempt, charges.intent_of(attempt, self._features))

    def check_return(self, attempt: Attempt, said: Mapping[str, str]) -> None:
        """Stripe's script brings nothing signed."""

    def collect(self, attempt: Attempt) -> Collected:
        """Stripe takes no UPI here."""
        return Declined("unsupported_method", f"Stripe does not take {attempt.method}.", retryable=True)

    @calls.errors_as_results
    def lookup(self, attempt: Attempt) -> Found:
        """Retrieve the attempt's intent."""
        intent = attempt.provider_reference or self._find(attempt)
        if intent is None:
            return NotFound()
        found = self._api.get(f"/v1/payment_intents/{quote(intent)}?{urlencode({'expand[]': 'latest_charge'})}").body()
        reading.identify(found, intent, attempt)
        return reading.result_of(found)

    def _find(self, attempt: Attempt) -> str | None:
        """The intent of an attempt whose id was not noted. Raises NotSent, Malformed, OutcomeUnknown (also when Stripe refuses to tell)."""
        if attempt.started_ms is None or clock.now_ms() - attempt.started_ms < KEYS_KEPT_MS:
            return self._made_again(attempt)
        return self._listed(attempt)

    def _made_again(self, attempt: Attempt) -> str:
        """By its idempotency key. The intent of a customer is another request under it, and is among the others."""
        try:
            made = self._create(attempt)
        except errors.AskedBefore:
            listed = self._listed(attempt)
            if listed is None:
                raise
            return listed
        if isinstance(made, Declined):
            # What was taken under the key does not go away because today's request is refused: other keys, another account.
            raise calls.OutcomeUnknown(made.reason)
        return made

    def _listed(self, attempt: Attempt) -> str | None:
        started = (clock.now_ms() if attempt.started_ms is None else attempt.started_ms) // 1000
        made = {"created[gte]": started - MADE_WITHIN_SECONDS, "created[lte]": started + MADE_WITHIN_SECONDS}
        for intent in self._api.listed("/v1/payment_intents", made):
            if documents.find(intent, "metadata", "attempt_id") == attempt.attempt_id:
                return documents.reference(intent, "id")
        return None

    def withdraw(self, attempt: Attempt) -> None:
        """Cancel the intent, if it is known."""
        if attempt.provider_reference is not None:
            path = f"/v1/payment_intents/{quote(attempt.provider_reference)}/cancel"
            calls.no_money_moves(self._api.post)(path, {}, f"{attempt.attempt_id}-cancel", charges.CREATE_SECONDS)

    def capture(self, request: CaptureRequest) -> CaptureResult:
        """Capture a part of the intent."""
        return captures.capture(self._api, request)

    def lookup_capture(self, request: CaptureRequest) -> CaptureResult:
        """A capture by its name on the intent."""
        return captures.look_up(self._api, request)

    def void(self, request: VoidRequest) -> VoidResult:
        """Cancel the intent, or end its captures."""
        return captures.void(self._api, request)

    def increment(self, request: IncrementRequest) -> IncrementResult:
        """Ask the issuer to hold more."""
        return captures.increment(self._api, request)

    @calls.errors_as_results
    def refund(self, request: RefundRequest) -> RefundResult:
        """Refund a part of the intent."""
        content: Fields = {
            "payment_intent": request.charge_reference,
            "amount": amounts.units(request.amount),
            "metadata[payment_id]": request.payment_id,
            "metadata[refund_id]": request.refund_id,
        }
        response = self._api.post("/v1/refunds", content, request.refund_id)
        if response.is_success:
            return reading.refund_of(response.document, request)
        return errors.refund_refusal(response.document, self._api.hidden)

    @calls.errors_as_results
    def lookup_refund(self, request: RefundRequest) -> RefundResult:
        """Among the intent's refunds, the one with our id."""
        for refund in self._api.listed("/v1/refunds", {"payment_intent": request.charge_reference}):
            if reading.is_it(refund, request):
                return reading.refund_of(refund, request)
        return NotFound()

    @calls.errors_as_results
    def refunds_of(self, charge_reference: str, merchant_id: str) -> tuple[ProviderRefund, ...]:  # noqa: ARG002 - an account is one merchant's
        """List the intent's refunds."""
        return tuple(map(reading.provider_refund, self._api.listed("/v1/refunds", {"payment_intent": charge_reference})))

    def read_callback(self, headers: Mapping[str, tuple[str, ...]], body: bytes) -> ProviderNotice | None:
        """A webhook (https://docs.stripe.com/webhooks#verify-manually)."""
        signatures.check_timestamped(signatures.only(headers, "stripe-signature"), body, self._webhook_secret)
        return reading.notice_of(documents.parse(body))

    def verify(self) -> None:
        """List one intent."""
        self._api.check()
