"""Xendit, cards by payment requests, as https://developers.xendit.co/api-reference documents them (header `Idempotency-key`).

A request without an answer is found by Xendit's own id only: our reference stands in it for people. There is no way to release a hold.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from payments.connectors.prism.facts import Processor, Witness, as_it_is
from payments.connectors.prism.translation import HttpRequest


def _one_slash(request: HttpRequest, _message: Any, _credentials: Mapping[str, str]) -> HttpRequest:
    """The library writes the host's end and the path's beginning both."""
    return replace(request, url=request.url.replace(".co//", ".co/"))


def _named(request: dict[str, Any], message: Any) -> dict[str, Any]:
    """Our reference on the request itself too, where Xendit shows it."""
    return {**request, "reference_id": message.merchant_transaction_id}


def _named_refund(request: dict[str, Any], message: Any) -> dict[str, Any]:
    return {**request, "reference_id": message.merchant_refund_id}


_REQUEST: Final = Witness("id", "reference_id", "amount", "currency", in_major=True)
# https://developers.xendit.co/api-reference/#create-capture: it names the request that it is of, and a refund does too.
_CAPTURE: Final = Witness("payment_request_id", "reference_id", "captured_amount", "currency", in_major=True)
_REFUND: Final = Witness("id", "reference_id", "amount", "currency", in_major=True)

FACTS = Processor(
    asks=as_it_is,
    idempotency="idempotency-key",
    witnesses={"authorize": _REQUEST, "get": _REQUEST, "capture": _CAPTURE, "refund": _REFUND, "refund_get": _REFUND},
    mends={"authorize": _named, "refund": _named_refund},
    sends=dict.fromkeys(("authorize", "get", "capture", "refund", "refund_get"), _one_slash),
    earlier=frozenset({"DUPLICATE_ERROR", "IDEMPOTENCY_ERROR"}),
    setup=frozenset({"API_VALIDATION_ERROR", "CHANNEL_NOT_ACTIVATED", "INVALID_API_KEY", "REQUEST_FORBIDDEN_ERROR"}),
)
