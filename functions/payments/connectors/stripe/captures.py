"""Captures, releases and increments of what Stripe holds (https://docs.stripe.com/payments/multicapture).

A capture has no object of its own at Stripe. Its id and amount become metadata of its intent in the very request that captures, by which it
is found again; the idempotency key, which is the id too, protects a repeated request for a day.
"""

from typing import Any, Final
from urllib.parse import quote

from paycorex import ids
from payments.connectors import captures, documents
from payments.connectors import http_calls as calls
from payments.connectors.request_bodies import Fields
from payments.connectors.requests import CaptureRequest, IncrementRequest, VoidRequest
from payments.connectors.results import (
    Approved,
    Authorized,
    CaptureResult,
    Contradicts,
    Declined,
    IncrementResult,
    NotFound,
    Pending,
    Released,
    Unknown,
    VoidResult,
)
from payments.connectors.stripe import amounts, errors, holds
from payments.connectors.stripe.api import StripeApi

_EXPIRED: Final = "authorization_expired"
_OVER: Final = "not_capturable"
_CODES: Final = {"charge_expired_for_capture": _EXPIRED}
_WITH_CHARGE: Final = {"expand[]": "latest_charge"}


@calls.errors_as_results
def capture(api: StripeApi, request: CaptureRequest) -> CaptureResult:
    """Capture a part of an intent."""
    units = amounts.units(request.amount)
    fields: Fields = {
        "amount_to_capture": units,
        # Left out, it is true; false is for holds that may be captured more than once.
        **({} if request.is_final else {"final_capture": "false"}),
        f"metadata[{request.capture_id}]": units,
        **_WITH_CHARGE,
    }
    response = api.post(_path(request.authorization_reference, "capture"), fields, request.capture_id)
    if response.is_success:
        return _made(response.document, request, total=request.captured_minor + request.amount.minor)
    try:
        return _refused(response.document, api)
    except calls.OutcomeUnknown:
        # An earlier request may have captured it, or ended the hold.
        return look_up(api, request)


@calls.errors_as_results
def look_up(api: StripeApi, request: CaptureRequest) -> CaptureResult:
    """A capture by its name on the intent."""
    intent = _read(api, request)
    status, noted = documents.text(intent, "status"), _noted(intent, request)
    if request.capture_id in noted:
        return _made(intent, request)
    others = max(sum(noted.values()), request.captured_minor)
    if amounts.minor(intent, request.amount.currency, "amount_received") - others == request.amount.minor:
        detail = f"{request.amount.minor} {request.amount.currency} captured without our name"
        return Contradicts("another_object", documents.shown(detail), request.authorization_reference)
    if status == "canceled":
        return Declined(_EXPIRED if holds.is_by_time(intent) else _OVER, "Stripe holds the money no more.")
    return Declined(_OVER, "Nothing of it is held any more.") if status == "succeeded" else NotFound()


@calls.errors_as_results
def void(api: StripeApi, request: VoidRequest) -> VoidResult:
    """Cancel an intent that was not captured; of one that was in part, end the captures."""
    if request.captured_minor:
        fields: Fields = {"amount_to_capture": 0, "final_capture": "true"}
        response = api.post(_path(request.authorization_reference, "capture"), fields, request.void_id)
    else:
        response = api.post(_path(request.authorization_reference, "cancel"), {}, request.void_id)
    if response.is_success:
        return _released(response.document, request)
    try:
        return _refused(response.document, api)
    except calls.OutcomeUnknown:
        return _released(_read(api, request), request)


@calls.errors_as_results
def increment(api: StripeApi, request: IncrementRequest) -> IncrementResult:
    """Ask the issuer to hold more."""
    fields: Fields = {"amount": amounts.units(request.total), **_WITH_CHARGE}
    path = _path(request.authorization_reference, "increment_authorization")
    response = api.post(path, fields, request.increment_id)
    if not response.is_success:
        return _refused(response.document, api)
    _identify(response.document, request.authorization_reference, request.payment_id, request.total.currency)
    grown: Authorized = holds.held(response.document)
    if grown.amount != request.total:
        return Contradicts("amount_differs", documents.shown(f"held {grown.amount}, asked {request.total}"), grown.provider_reference)
    return grown


def _made(intent: Any, request: CaptureRequest, total: int | None = None) -> Approved | Pending | Contradicts:
    """A capture that the intent has. total: what all captures together must be now; later ones may have followed without it."""
    currency, reference = request.amount.currency, request.authorization_reference
    _identify(intent, reference, request.payment_id, currency)
    if documents.text(intent, "status") == "processing":
        return Pending(reference)
    received, noted = amounts.minor(intent, currency, "amount_received"), _noted(intent, request)
    own = noted.pop(request.capture_id, 0)
    taken = min(own, received - sum(noted.values())) if total is None else received - (total - request.amount.minor)
    name = next(iter(holds.aliases_of(intent)), reference)
    return captures.checked(request, Approved(name, documents.amount(taken, currency, reference)))


def _noted(intent: Any, request: CaptureRequest) -> dict[str, int]:
    """Captures by our id, in minor units, as the intent's metadata has them. Raises Malformed."""
    metadata = documents.find(intent, "metadata") or {}
    named = {name: value for name, value in metadata.items() if ids.is_id("cap", name)}
    if not all(isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18 for value in named.values()):
        raise documents.Malformed("a capture's amount")
    return {name: amounts.minor_of(int(value), request.amount.currency) for name, value in named.items()}


def _released(intent: Any, request: VoidRequest) -> VoidResult:
    reference = request.authorization_reference
    _identify(intent, reference, request.payment_id, request.left.currency)
    match documents.text(intent, "status"):
        case "canceled":
            return holds.released(intent)
        case "succeeded" if amounts.minor(intent, request.left.currency, "amount_received") == request.captured_minor:
            return Released(reference, request.captured_minor)
        case "succeeded":
            return Declined(_OVER, "More of it was captured.", provider_reference=reference)
        case _:
            return Unknown("Stripe has not released it yet.", reference)


def _read(api: StripeApi, request: CaptureRequest | VoidRequest) -> Any:
    intent = api.get(f"/v1/payment_intents/{quote(request.authorization_reference)}?expand%5B%5D=latest_charge").body()
    currency = request.amount.currency if isinstance(request, CaptureRequest) else request.left.currency
    _identify(intent, request.authorization_reference, request.payment_id, currency)
    return intent


def _identify(intent: Any, reference: str, payment_id: str, currency: str) -> None:
    """It is the intent that was asked for, and this payment's. Raises Contradiction."""
    documents.expect(intent, reference, "id")
    documents.expect(intent, payment_id, "metadata", "payment_id")
    documents.expect(intent, currency.lower(), "currency")


def _refused(document: Any, api: StripeApi) -> Declined:
    """Raises OutcomeUnknown where it does not say that nothing happened."""
    refused = errors.refusal(document, None, api.hidden)
    return Declined(_CODES.get(refused.code, refused.code), refused.reason, fault=refused.fault)


def _path(intent: str, verb: str) -> str:
    return f"/v1/payment_intents/{quote(intent)}/{verb}"
