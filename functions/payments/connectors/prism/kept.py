"""Cards that a processor keeps for later payments: agreed to before the first one, read after it, charged by the library, forgotten there.

The library makes the charges. What it makes no request of is asked beside the address at which it begins the processor's fields.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from paycorex.money import Money
from payments.connectors import http_calls as calls
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.prism import exchange
from payments.connectors.prism.desk import Desk, questions
from payments.connectors.prism.keeper import Keeper, Keeps
from payments.connectors.requests import Attempt
from payments.connectors.results import Contradicts, Declined, NotFound, Unavailable, Unknown
from tokens.instruments import ProviderToken

_FLOW: Final = "create_client_authentication_token"
# Of a request that is made for its address and headers, and never sent.
_ANY: Final = Attempt("", "", "", "tokenized", Money(100, "EUR"), return_url="https://shop.invalid")


class PrismKeptCards:
    """The part of the connector that deals with them; where the processor keeps none, nothing is asked."""

    name: str
    _desk: Desk

    @calls.errors_as_results
    @questions
    def agree(self, attempt: Attempt, *, keeps: bool) -> Mapping[str, str] | Declined | Unavailable:
        """Say before the payment whether its card is for later ones; what the payer's browser needs besides."""
        how = self._desk.known.keeps
        if how is None:
            return Unavailable("It keeps no cards.", is_theirs=False)
        return how.agree(self._keeper(how, attempt.payment_id), attempt, keeps)

    @calls.errors_as_results
    @questions
    def kept_card(self, attempt: Attempt) -> ProviderToken | NotFound | Unavailable:
        """The card that was kept with this attempt."""
        how = self._desk.known.keeps
        return NotFound() if how is None else how.kept(self._keeper(how, attempt.payment_id), attempt)

    def forget_card(self, merchant_id: str, card: ProviderToken) -> Unavailable | Unknown | Contradicts | None:  # noqa: ARG002 - the credentials say whose
        """It is kept no more; one that the processor does not know is forgotten."""
        return self._forget(card)

    @calls.errors_as_results
    @questions
    def _forget(self, card: ProviderToken) -> None:
        how = self._desk.known.keeps
        if how is not None:
            how.forget(self._keeper(how, ""), card)

    def _keeper(self, how: Keeps, payment_id: str) -> Keeper:
        known = self._desk.start(payment_id)
        return Keeper(partial(_ask, self._desk, how), self.name, known.ours, self._desk.exchange.credentials)


def _ask(desk: Desk, how: Keeps, method: str, path: str, content: bytes, key: str | None) -> ProviderResponse:
    """Raises Untranslatable, NotSent, OutcomeUnknown."""
    made = desk.exchange.translator.request(_FLOW, desk.messages.fields(_ANY, desk.ready(desk.start(""), _FLOW)))
    headers = dict(made.headers)
    if key is not None and desk.known.idempotency is not None:
        headers[desk.known.idempotency] = key
    url = exchange.address(how.base(made.url) + path)
    return calls.ask(method, url, headers, content, timeout_seconds=calls.LOOKUP_SECONDS)
