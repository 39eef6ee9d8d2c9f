"""Calls to Razorpay's API with one merchant's key: JSON in, documents out."""

import base64
from collections.abc import Mapping
from typing import Any

from paycorex import settings
from payments.connectors import http_calls as calls
from payments.connectors import request_bodies
from payments.connectors.http_calls import ProviderResponse


class RazorpayApi:
    """Razorpay's API. hidden: what no text that is kept may show."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._pair = f"{credentials.get('key_id', '')}:{credentials.get('key_secret', '')}"
        self.hidden = tuple(credentials.get(name, "") for name in ("key_secret", "webhook_secret"))

    def get(self, path: str) -> ProviderResponse:
        """Ask. Raises NotSent, OutcomeUnknown."""
        return calls.ask("GET", settings.current().razorpay_base_url + path, self._headers(), timeout_seconds=calls.LOOKUP_SECONDS)

    def post(
        self, path: str, content: Mapping[str, Any], more: Mapping[str, str] | None = None, *, timeout_seconds: int | None = None
    ) -> ProviderResponse:
        """Do something; more: further headers. Raises NotSent, OutcomeUnknown."""
        headers = {**self._headers(), "Content-Type": "application/json", **(more or {})}
        body = request_bodies.body(content)
        return calls.ask("POST", settings.current().razorpay_base_url + path, headers, body, timeout_seconds=timeout_seconds)

    def check(self) -> None:
        """List one payment. Raises CredentialsRefused, ConnectionError."""
        calls.check_credentials("GET", f"{settings.current().razorpay_base_url}/v1/payments?count=1", self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(self._pair.encode()).decode()}"}
