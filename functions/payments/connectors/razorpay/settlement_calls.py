"""Razorpay's settlements, asked for: lists by count and skip, and the recon of a day (https://razorpay.com/docs/api/settlements)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final
from urllib.parse import quote, urlencode

from payments.connectors import documents
from payments.connectors import http_calls as calls
from payments.connectors.razorpay import settlements as reading
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.results import NotFound
from payments.connectors.settling import FoundFee, LinePage, Page, PayoutPage, ProviderPayout

PAYOUTS: Final = 100
LINES: Final = 500
# A list that goes on beyond this is not read further: the count of a year of settlements, the lines of a very large day.
MAX_SKIP: Final = 200_000
# Razorpay's days are India's.
_INDIA: Final = timezone(timedelta(hours=5, minutes=30))


class RazorpaySettlements:
    """Razorpay's part that is `payments.connectors.settling.Settling`."""

    _api: RazorpayApi

    @calls.errors_as_results
    def payouts(self, merchant_id: str, since_ms: int, until_ms: int, cursor: str | None) -> PayoutPage:  # noqa: ARG002 - an account is one merchant's
        """List settlements by when they were made."""
        wanted: dict[str, str | int] = {"from": -(-since_ms // 1000), "to": (until_ms - 1) // 1000, "count": PAYOUTS}
        found, following = self._page("/v1/settlements", wanted, cursor)
        return Page(tuple(map(reading.payout, found)), following)

    @calls.errors_as_results
    def payout_lines(self, merchant_id: str, payout: ProviderPayout, cursor: str | None) -> LinePage:  # noqa: ARG002
        """The recon of the settlement's day, without the lines of others."""
        day = datetime.fromtimestamp(payout.created_at // 1000, UTC).astimezone(_INDIA)
        wanted: dict[str, str | int] = {"year": day.year, "month": f"{day.month:02}", "day": f"{day.day:02}", "count": LINES}
        found, following = self._page("/v1/settlements/recon/combined", wanted, cursor)
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

    def _page(self, path: str, wanted: Mapping[str, str | int], cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """A page of a list, and by what the next one is asked for. Raises OutcomeUnknown, NotSent, Malformed."""
        skip, count = int(cursor or 0), int(wanted["count"])
        if skip >= MAX_SKIP:
            raise calls.OutcomeUnknown("Razorpay's list is too long.")
        found = documents.objects(self._api.report(f"{path}?{urlencode(dict(wanted) | {'skip': skip})}").body(), "items")
        if len(found) > count:
            raise documents.Malformed("more than was asked for")
        return found, str(skip + count) if len(found) == count else None
