"""Razorpay's settlements, asked for: lists by count and skip, and the recon of a day (https://razorpay.com/docs/api/settlements)."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from urllib.parse import quote

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.razorpay import settlements as reading
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.results import NotFound
from payments.connectors.settling import FoundFee, LinePage, Page, PayoutPage, ProviderPayout

PAYOUTS: Final = 100
LINES: Final = 500
# Razorpay's days are India's.
_INDIA: Final = timezone(timedelta(hours=5, minutes=30))


class RazorpaySettlements:
    """Razorpay's part that is `payments.connectors.settling.Settling`."""

    _api: RazorpayApi

    @calls.errors_as_results
    def payouts(self, merchant_id: str, since_ms: int, until_ms: int, cursor: str | None) -> PayoutPage:  # noqa: ARG002 - an account is one merchant's
        """List settlements by when they were made."""
        wanted: dict[str, str | int] = {"from": -(-since_ms // 1000), "to": (until_ms - 1) // 1000, "count": PAYOUTS}
        found, following = self._api.page("/v1/settlements", wanted, cursor)
        return Page(tuple(map(reading.payout, found)), following)

    @calls.errors_as_results
    def payout_lines(self, merchant_id: str, payout: ProviderPayout, cursor: str | None) -> LinePage:  # noqa: ARG002
        """The recon of the settlement's day, without the lines of others."""
        day = datetime.fromtimestamp(payout.created_at // 1000, UTC).astimezone(_INDIA)
        wanted: dict[str, str | int] = {"year": day.year, "month": f"{day.month:02}", "day": f"{day.day:02}", "count": LINES}
        found, following = self._api.page("/v1/settlements/recon/combined", wanted, cursor)
        its = (each for each in found if documents.find(each, "settlement_id") == payout.reference)
        return Page(tuple(map(reading.line, its)), following)

    @calls.errors_as_results
    def fee_of(self, merchant_id: str, charge_reference: str) -> FoundFee:  # noqa: ARG002
        """Fetch the payment: an order or a code is none, and has no fee."""
        if not charge_reference.startswith("pay_"):
            return NotFound()
        response = self._api.get(f"/v1/payments/{quote(charge_reference, safe='')}")
        if response.status in {400, 404}:
            return NotFound()
        found = response.body()
        documents.expect(found, charge_reference, "id")
        return reading.fee(found, charge_reference) or NotFound()
