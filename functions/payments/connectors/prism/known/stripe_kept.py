"""Cards that Stripe keeps for payments by the library: payment methods of a customer of their own.

https://docs.stripe.com/payments/save-during-payment; the tick changes the intent before it is confirmed.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from paycorex import clock
from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.prism.keeper import Keeper, Keeps
from payments.connectors.requests import Attempt
from payments.connectors.results import Declined, NotFound
from tokens.instruments import ProviderToken

_LATER: Final = "off_session"
# Stripe does not know the payment method, or it belongs to no customer any more.
_GONE: Final = frozenset({"resource_missing", "payment_method_unexpected_state"})


def _agree(keeper: Keeper, attempt: Attempt, keeps: bool) -> Mapping[str, str] | Declined:  # noqa: FBT001 - the field's form
    content = {"setup_future_usage": ""}  # An empty text unsets it.
    if keeps:
        made = keeper.ask("POST", "/customers", urlencode({"metadata[order_id]": keeper.ours}).encode(), f"{attempt.attempt_id}-customer")
        content = {"customer": documents.reference(made.body(), "id"), "setup_future_usage": _LATER}
    # A key of its own each time: the payer may tick, take it back and tick again.
    key, path = f"{attempt.attempt_id}-keep-{clock.now_ms()}", f"/payment_intents/{quote(attempt.provider_reference or '')}"
    said = keeper.ask("POST", path, urlencode(content).encode(), key)
    return {} if said.is_success else Declined("refused", f"Stripe answered {said.status}.")


def _kept(keeper: Keeper, attempt: Attempt) -> ProviderToken | NotFound:
    reference = attempt.provider_reference or ""
    path = f"/payment_intents/{quote(reference)}?{urlencode({'expand[]': 'payment_method'})}"
    intent = keeper.ask("GET", path, b"", None).body()
    documents.expect(intent, reference, "id")
    documents.expect(intent, keeper.ours, "metadata", "order_id")
    if documents.find(intent, "setup_future_usage") != _LATER:
        return NotFound()
    card = documents.find(intent, "payment_method")
    return ProviderToken(
        keeper.connector,
        documents.reference(card, "id"),
        documents.reference(card, "customer"),
        documents.code_or(card, "", "card", "brand") or None,
        documents.code_or(card, "", "card", "last4")[-4:] or None,
        documents.whole(card, "card", "exp_month"),
        documents.whole(card, "card", "exp_year"),
    )


def _forget(keeper: Keeper, card: ProviderToken) -> None:
    said = keeper.ask("POST", f"/payment_methods/{quote(card.reference)}/detach", b"", f"{card.reference}-detach")
    if not said.is_success and documents.find(said.document, "error", "code") not in _GONE:
        raise calls.OutcomeUnknown(f"Stripe answered {said.status}.")


KEEPS: Final = Keeps(lambda begun: begun.removesuffix("/payment_intents"), _agree, _kept, _forget)
