"""Calls to Stripe's API with one merchant's key: forms in, documents out, every POST with an idempotency key."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from paycorex import clock, settings
from payments.connectors import documents, request_bodies
from payments.connectors import http_calls as calls
from payments.connectors.http_calls import ProviderResponse
from payments.connectors.request_bodies import Fields

API_VERSION: Final = "2024-06-20"
PAGE: Final = 100
# How long a list is read on: what asks has other payments to look after.
LISTING_SECONDS: Final = 6


class StripeApi:
    """Stripe's API. hidden: what no text that is kept may show."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._key = credentials.get("secret_key", "")
        self.hidden = (self._key, credentials.get("webhook_secret", ""))

    def get(self, path: str) -> ProviderResponse:
        """Ask. Raises NotSent, OutcomeUnknown."""
        return calls.ask("GET", settings.current().stripe_base_url + path, self._headers(), timeout_seconds=calls.LOOKUP_SECONDS)

    def report(self, path: str) -> ProviderResponse:
        """A page of a report. Raises NotSent, OutcomeUnknown."""
        return calls.ask_report(settings.current().stripe_base_url + path, self._headers())

    def page(self, path: str, wanted: Mapping[str, str | int], cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """A page of a long list, and by what the next one is asked for. Raises OutcomeUnknown, NotSent, Malformed."""
        page = self.report(f"{path}?{urlencode(dict(wanted) | ({'starting_after': cursor} if cursor else {}))}").body()
        found = documents.objects(page, "data")
        if len(found) > int(wanted["limit"]):
            raise documents.Malformed("more than was asked for")
        has_more = bool(found) and documents.find(page, "has_more") is True
        return found, documents.reference(found[-1], "id") if has_more else None

    def post(self, path: str, fields: Fields, key: str, timeout_seconds: int | None = None) -> ProviderResponse:
        """Do something, once per key. Raises NotSent, OutcomeUnknown."""
        headers = self._headers() | {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": key}
        body = request_bodies.form(fields)
        return calls.ask("POST", settings.current().stripe_base_url + path, headers, body, timeout_seconds=timeout_seconds)

    def upload(self, fields: Mapping[str, str], key: str, *, name: str, content_type: str, content: bytes) -> ProviderResponse:
        """Store a file (https://docs.stripe.com/api/files/create), once per key. Raises NotSent, OutcomeUnknown."""
        kind, body = request_bodies.multipart(fields, name=name, content_type=content_type, content=content)
        headers = self._headers() | {"Content-Type": kind, "Idempotency-Key": key}
        return calls.ask("POST", f"{settings.current().stripe_files_base_url}/v1/files", headers, body)

    def listed(self, path: str, wanted: Mapping[str, str | int]) -> Iterator[dict[str, Any]]:
        """Every object of a list. Raises OutcomeUnknown (also when it takes too long), NotSent, Malformed."""
        query, began = {**wanted, "limit": PAGE}, clock.now_ms()
        while True:
            page = self.get(f"{path}?{urlencode(query)}").body()
            objects = documents.objects(page, "data")
            yield from objects
            if not objects or documents.find(page, "has_more") is not True:
                return
            if clock.now_ms() - began >= LISTING_SECONDS * 1000:
                raise calls.OutcomeUnknown("Stripe's list is too long.")
            query["starting_after"] = documents.text(objects[-1], "id")

    def check(self) -> None:
        """List one intent. Raises CredentialsRefused, ConnectionError."""
        calls.check_credentials("GET", f"{settings.current().stripe_base_url}/v1/payment_intents?limit=1", self._headers())

    def _headers(self) -> dict[str, str]:
        credentials = base64.b64encode(f"{self._key}:".encode()).decode()
        return {"Authorization": f"Basic {credentials}", "Stripe-Version": API_VERSION}
