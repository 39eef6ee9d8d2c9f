"""Stripe's payouts, asked for: page by page, and what was kept of a charge."""

from typing import Final
from urllib.parse import quote, urlencode

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.results import NotFound
from payments.connectors.settling import FoundFee, LineKind, LinePage, Page, PayoutPage, ProviderPayout
from payments.connectors.stripe import settlements as reading
from payments.connectors.stripe.api import StripeApi

# The most that Stripe gives; a line comes with its charge, of some kilobytes.
PAGE: Final = 100


class StripeSettlements:
    """Stripe's part that is `payments.connectors.settling.Settling`."""

    _api: StripeApi

    @calls.errors_as_results
    def payouts(self, merchant_id: str, since_ms: int, until_ms: int, cursor: str | None) -> PayoutPage:  # noqa: ARG002 - an account is one merchant's
        """List payouts by when they were made."""
        wanted: dict[str, str | int] = {"created[gte]": -(-since_ms // 1000), "created[lt]": -(-until_ms // 1000), "limit": PAGE}
        found, following = self._api.page("/v1/payouts", wanted, cursor)
        return Page(tuple(map(reading.payout, found)), following)

    @calls.errors_as_results
    def payout_lines(self, merchant_id: str, payout: ProviderPayout, cursor: str | None) -> LinePage:  # noqa: ARG002
        """List the balance transactions of a payout. Stripe knows them for payouts that it made by itself, not for those by hand."""
        wanted: dict[str, str | int] = {"payout": payout.reference, "limit": PAGE, "expand[]": "data.source"}
        found, following = self._api.page("/v1/balance_transactions", wanted, cursor)
        lines = (reading.line(each, payout) for each in found)
        return Page(tuple(line for line in lines if line.kind is not LineKind.PAYOUT), following)

    @calls.errors_as_results
    def fee_of(self, merchant_id: str, charge_reference: str) -> FoundFee:  # noqa: ARG002
        """The balance transaction of an intent's charge, or of a charge; there is none before it is captured."""
        is_intent = charge_reference.startswith("pi_")
        kind, wanted = ("payment_intents", "latest_charge.balance_transaction") if is_intent else ("charges", "balance_transaction")
        response = self._api.get(f"/v1/{kind}/{quote(charge_reference, safe='')}?{urlencode({'expand[]': wanted})}")
        if response.status == 404:
            return NotFound()
        found = response.body()
        documents.expect(found, charge_reference, "id")
        transaction = documents.find(found, *wanted.split("."))
        return reading.fee(transaction, charge_reference) if isinstance(transaction, dict) else NotFound()
