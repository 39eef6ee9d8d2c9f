"""Cards that Razorpay keeps: tokens of a customer there (https://razorpay.com/docs/api/payments/recurring-payments/cards)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.razorpay import charges, errors
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.requests import Attempt
from payments.connectors.results import Contradicts, Declined, NotFound, Unavailable, Unknown
from tokens.instruments import ProviderToken

CREATE_SECONDS: Final = 4


class RazorpayKeptCards:
    """The part of the connector that deals with them."""

    name: str
    _api: RazorpayApi

    @calls.errors_as_results
    @calls.refusable
    def agree(self, attempt: Attempt, *, keeps: bool) -> Mapping[str, str] | Declined:
        """A customer of this payment's own, in whose name checkout.js asks for the payer's consent."""
        if not keeps:
            return {}
        content = {"name": f"Payer {attempt.payment_id.removeprefix('pay_')}", "notes": charges.notes(attempt)}
        made = self._api.post("/v1/customers", content, timeout_seconds=CREATE_SECONDS)
        if not made.is_success:
            return errors.refusal(made.document, self._api.hidden)
        return {"customer_id": documents.reference(made.document, "id")}

    @calls.errors_as_results
    def kept_card(self, attempt: Attempt) -> ProviderToken | NotFound:
        """The token of a payment, of the customer that was made for it: the browser says which, so the customer is looked at."""
        paid = self._api.get(f"/v1/payments/{quote(attempt.provider_reference or '')}").body()
        documents.expect(paid, attempt.provider_reference, "id")
        token, owner = documents.reference_or_none(paid, "token_id"), documents.reference_or_none(paid, "customer_id")
        if token is None or owner is None:
            return NotFound()
        customer = self._api.get(f"/v1/customers/{quote(owner)}").body()
        if documents.find(customer, "notes", "attempt_id") != attempt.attempt_id:
            return NotFound()
        return card_of(self.name, owner, self._api.get(f"/v1/customers/{quote(owner)}/tokens/{quote(token)}").body())

    @calls.errors_as_results
    def _delete(self, card: ProviderToken) -> None:
        # What Razorpay refuses to delete it does not keep: there is no other reason that it names.
        self._api.delete(f"/v1/customers/{quote(card.customer or '')}/tokens/{quote(card.reference)}")

    def forget_card(self, merchant_id: str, card: ProviderToken) -> Unavailable | Unknown | Contradicts | None:  # noqa: ARG002 - its key says whose
        """Delete the customer's token."""
        return self._delete(card)


def card_of(connector: str, customer: str, token: Any) -> ProviderToken:
    """A customer's token. Raises documents.Malformed."""
    brand = documents.code_or(token, "", "card", "network").lower().replace(" ", "")
    return ProviderToken(
        connector,
        documents.reference(token, "id"),
        customer,
        brand or None,
        documents.code_or(token, "", "card", "last4")[-4:] or None,
        _number(token, "expiry_month"),
        _number(token, "expiry_year"),
    )


def details(card: ProviderToken) -> Mapping[str, Any]:
    """How a payment says that it is paid with a kept card."""
    return {"customer_id": card.customer or "", "token": card.reference, "recurring": "1"}


def _number(token: Any, name: str) -> int | None:
    """Razorpay writes it as a number or as text, or leaves it out."""
    found = str(documents.find(token, "card", name) or "")
    return int(found) if found.isascii() and found.isdigit() and len(found) <= 4 else None
