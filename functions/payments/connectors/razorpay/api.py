"""Calls to Razorpay's API with one merchant's key: JSON in, documents out."""

import base64
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from paycorex import settings
from payments.connectors import documents, request_bodies
from payments.connectors import http_calls as calls
from payments.connectors.http_calls import ProviderResponse

# A list that goes on beyond this is not read further: the count of a year of settlements, the lines of a very large day.
MAX_SKIP: Final = 200_000


class RazorpayApi:
    """Razorpay's API. hidden: what no text that is kept may show."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._pair = f"{credentials.get('key_id', '')}:{credentials.get('key_secret', '')}"
        self.hidden = tuple(credentials.get(name, "") for name in ("key_secret", "webhook_secret"))

    def get(self, path: str) -> ProviderResponse:
        """Ask. Raises NotSent, OutcomeUnknown."""
        return calls.ask("GET", settings.current().razorpay_base_url + path, self._headers(), timeout_seconds=calls.LOOKUP_SECONDS)

    def report(self, path: str) -> ProviderResponse:
        """A page of a report. Raises NotSent, OutcomeUnknown."""
        return calls.ask_report(settings.current().razorpay_base_url + path, self._headers())

    def page(self, path: str, wanted: Mapping[str, str | int], cursor: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """A page of a long list, and by what the next one is asked for. Raises OutcomeUnknown, NotSent, Malformed."""
        skip, count = int(cursor or 0), int(wanted["count"])
        if skip >= MAX_SKIP:
            raise calls.OutcomeUnknown("Razorpay's list is too long.")
        found = documents.objects(self.report(f"{path}?{urlencode(dict(wanted) | {'skip': skip})}").body(), "items")
        if len(found) > count:
            raise documents.Malformed("more than was asked for")
        return found, str(skip + count) if len(found) == count else None

    def post(
        self, path: str, content: Mapping[str, Any], more: Mapping[str, str] | None = None, *, timeout_seconds: int | None = None
    ) -> ProviderResponse:
        """Do something; more: further headers. Raises NotSent, OutcomeUnknown."""
        return self._send("POST", path, content, more or {}, timeout_seconds)

    def patch(self, path: str, content: Mapping[str, Any]) -> ProviderResponse:
        """Change something. Raises NotSent, OutcomeUnknown."""
        return self._send("PATCH", path, content, {}, None)

    def upload(self, path: str, fields: Mapping[str, str], *, name: str, content_type: str, content: bytes) -> ProviderResponse:
        """Store a file. Raises NotSent, OutcomeUnknown."""
        kind, body = request_bodies.multipart(fields, name=name, content_type=content_type, content=content)
        headers = {**self._headers(), "Content-Type": kind}
        return calls.ask("POST", settings.current().razorpay_base_url + path, headers, body)

    def _send(
        self, method: str, path: str, content: Mapping[str, Any], more: Mapping[str, str], timeout_seconds: int | None
    ) -> ProviderResponse:
        headers = {**self._headers(), "Content-Type": "application/json", **more}
        body = request_bodies.body(content)
        return calls.ask(method, settings.current().razorpay_base_url + path, headers, body, timeout_seconds=timeout_seconds)

    def delete(self, path: str) -> ProviderResponse:
        """Delete something; again is the same. Raises NotSent, OutcomeUnknown."""
        return calls.ask("DELETE", settings.current().razorpay_base_url + path, self._headers(), timeout_seconds=calls.LOOKUP_SECONDS)

    def check(self) -> None:
        """List one payment. Raises CredentialsRefused, ConnectionError."""
        calls.check_credentials("GET", f"{settings.current().razorpay_base_url}/v1/payments?count=1", self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(self._pair.encode()).decode()}"}
