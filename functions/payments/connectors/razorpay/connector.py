"""Connector `razorpay`: UPI by QR code, cards and UPI addresses server to server (https://razorpay.com/docs/api).

Razorpay has no idempotency key for payments; an order, which can be paid once only, takes its place. Our attempt's id is the order's
receipt, by which it is found again. Refunds carry our id in `X-Refund-Idempotency`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from paycorex import clock
from paycorex.money import Money
from payments.connectors import documents, signatures
from payments.connectors import http_calls as calls
from payments.connectors.notices import ProviderNotice, ProviderRefund
from payments.connectors.razorpay import captures, charges, codes, errors, fields, holds, kept
from payments.connectors.razorpay import documents as reading
from payments.connectors.razorpay.api import RazorpayApi
from payments.connectors.razorpay.codes import RazorpayCodes
from payments.connectors.razorpay.dispute_calls import RazorpayDisputes
from payments.connectors.razorpay.kept import RazorpayKeptCards
from payments.connectors.razorpay.settlement_calls import RazorpaySettlements
from payments.connectors.requests import Attempt, CaptureRequest, IncrementRequest, RefundRequest, VoidRequest
from payments.connectors.results import (
    Begun,
    CaptureResult,
    Charged,
    Collected,
    Collecting,
    Declined,
    Fault,
    Found,
    IncrementResult,
    NotFound,
    Pending,
    RefundResult,
    VoidResult,
)
from tokens.instruments import Card, Instrument, ProviderToken, Upi

PAGE: Final = 100
# A code cannot be closed sooner.
MIN_OPEN_SECONDS: Final = 121
# What Razorpay wants to know of a payer and no token holds: the merchant's own stand in.
PAYER_FIELDS: Final = ("email", "contact")


class Razorpay(RazorpayCodes, RazorpayDisputes, RazorpayKeptCards, RazorpaySettlements):
    """Razorpay for one merchant. Credentials: `key_id`, `key_secret`, `webhook_secret`; for cards `email` and `contact` too."""

    name = "razorpay"
    methods = frozenset({"tokenized", "upi_intent"})
    instruments = frozenset({Card.kind, Upi.kind, ProviderToken.kind})
    holds = holds.ABILITY
    of_some_holds = frozenset[str]()
    # Razorpay decides itself whether the bank asks the payer: there is no way to require it.
    asks_payer = False

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._credentials = credentials
        self._api = RazorpayApi(credentials)

    @staticmethod
    def amount_problem(amount: Money) -> str | None:
        """Of three decimals the last must be 0."""
        return reading.amount_problem(amount)

    def charge(self, attempt: Attempt, instrument: Instrument) -> Charged:
        """Make an order, then pay it. An order without a payment moves no money."""
        kept_card = instrument if isinstance(instrument, ProviderToken) else None
        details = kept.details(kept_card) if kept_card else reading.details(instrument, attempt.security_code)
        if details is None:
            return Declined("unsupported_instrument", "Razorpay takes cards and UPI addresses here.", retryable=True)
        if not attempt.customer_initiated and kept_card is None:
            return Declined("unsupported", "Razorpay charges no card here without its payer.", retryable=True, fault=Fault.SETUP)
        missing = [name for name in PAYER_FIELDS if not self._credentials.get(name)]
        if missing:
            return Declined("missing_setting", f"Set the connector's {' and '.join(missing)} first.", retryable=True, fault=Fault.SETUP)
        order = calls.no_money_moves(calls.refusable(charges.order))(self._api, attempt)
        payer = {name: self._credentials[name] for name in PAYER_FIELDS}
        path = charges.WITH_KEPT_CARD if kept_card else charges.WITH_PAYER
        return charges.pay(self._api, attempt, order, payer, details, path) if isinstance(order, str) else order

    @calls.no_money_moves
    @calls.refusable
    def begin(self, attempt: Attempt) -> Begun | Declined:
        """An order that the payer's browser pays in checkout.js."""
        return fields.begun(charges.order(self._api, attempt), self._credentials)

    def check_return(self, attempt: Attempt, said: Mapping[str, str]) -> None:
        """What checkout.js hands to the page is signed with the key's secret."""
        fields.check_return(self._credentials.get("key_secret", ""), attempt, said)

    @calls.no_money_moves
    @calls.refusable
    def collect(self, attempt: Attempt) -> Collected:
        """A code for exactly one payment of exactly this amount, closed when the payer's time ends."""
        soonest = int(clock.now_seconds()) + MIN_OPEN_SECONDS
        code = {
            "type": "upi_qr",
            "name": (attempt.payee_name or "")[:40],
            "usage": "single_use",
            "fixed_amount": True,
            "payment_amount": reading.units(attempt.amount),
            "description": attempt.description or attempt.payment_id,
            "close_by": max((attempt.expires_ms or 0) // 1000, soonest),
            "notes": charges.notes(attempt),
        }
        response = self._api.post("/v1/payments/qr_codes", code)
        if not response.is_success:
            return errors.refusal(response.document, self._api.hidden)
        link, reference = documents.find(response.document, "image_content"), documents.reference(response.document, "id")
        if not isinstance(link, str) or not link.startswith("upi://"):
            # Without its content only Razorpay's picture leads to Razorpay's address, and a link of ours would be paid past it.
            reason = "Razorpay has to enable image_content for this account."
            return Declined("no_link", reason, retryable=True, provider_reference=reference, fault=Fault.SETUP)
        return Collecting(reference, documents.url(response.document, "image_content", schemes=("upi://",)))

    @calls.errors_as_results
    def lookup(self, attempt: Attempt) -> Found:
        """The payment by its id, the code's payments, or those of the order with our receipt."""
        reference = attempt.provider_reference or ""
        if reference.startswith("pay_"):
            found = self._api.get(f"/v1/payments/{quote(reference)}").body()
            documents.expect(found, reference, "id")
            if not attempt.is_by_code:
                documents.expect(found, attempt.attempt_id, "notes", "attempt_id")
            return reading.payment_of(found, is_manual=attempt.is_manual)
        if reference.startswith(fields.PREFIX):
            return fields.look_up(self._api, reference, is_manual=attempt.is_manual)
        if reference.startswith("qr_"):
            found = reading.best_of(documents.objects(self._api.get(f"/v1/payments/qr_codes/{quote(reference)}/payments").body(), "items"))
            # A try that failed does not use the code up: the payer may try again until it closes.
            return Pending(reference) if isinstance(found, NotFound | Declined) else found
        return self._by_receipt(attempt)

    def _by_receipt(self, attempt: Attempt) -> Found:
        orders = self._api.get("/v1/orders?" + urlencode({"receipt": attempt.attempt_id})).body()
        payments: list[dict[str, Any]] = []
        for order in documents.objects(orders, "items"):
            documents.expect(order, attempt.attempt_id, "receipt")
            paid = self._api.get(f"/v1/orders/{quote(documents.text(order, 'id'))}/payments").body()
            payments += documents.objects(paid, "items")
        return reading.best_of(payments, is_manual=attempt.is_manual)

    def withdraw(self, attempt: Attempt) -> None:
        """Close the code, if there is one."""
        reference = attempt.provider_reference or ""
        if reference.startswith("qr_"):
            path = f"/v1/payments/qr_codes/{quote(reference)}/close"
            calls.no_money_moves(self._api.post)(path, {}, timeout_seconds=charges.CREATE_SECONDS)

    def capture(self, request: CaptureRequest) -> CaptureResult:
        """Capture the payment, once and in full."""
        return captures.capture(self._api, request)

    def lookup_capture(self, request: CaptureRequest) -> CaptureResult:
        """Whether the payment is captured."""
        return captures.look_up(self._api, request)

    def void(self, _request: VoidRequest) -> VoidResult:
        """Razorpay releases by itself only."""
        return captures.no_void()

    def increment(self, _request: IncrementRequest) -> IncrementResult:
        """Razorpay makes no hold larger."""
        return Declined("increment_unavailable", "Razorpay makes no hold larger.", fault=Fault.SETUP)

    @calls.errors_as_results
    def refund(self, request: RefundRequest) -> RefundResult:
        """Refund a part of the payment."""
        notes = {"payment_id": request.payment_id, "refund_id": request.refund_id}
        body = {"amount": reading.units(request.amount), "receipt": request.refund_id, "notes": notes}
        path = f"/v1/payments/{quote(request.charge_reference)}/refund"
        response = self._api.post(path, body, {"X-Refund-Idempotency": request.refund_id})
        if response.is_success:
            return reading.refund_of(response.document, request)
        refused = errors.refusal(response.document, self._api.hidden)
        return Declined(refused.code, refused.reason, fault=refused.fault)

    @calls.errors_as_results
    def lookup_refund(self, request: RefundRequest) -> RefundResult:
        """Among the payment's refunds, the one with our id."""
        for refund in self._refunds_of(request.charge_reference):
            if reading.is_it(refund, request):
                return reading.refund_of(refund, request)
        return NotFound()

    @calls.errors_as_results
    def refunds_of(self, charge_reference: str, merchant_id: str) -> tuple[ProviderRefund, ...]:  # noqa: ARG002 - an account is one merchant's
        """List the payment's refunds."""
        return tuple(map(reading.provider_refund, self._refunds_of(charge_reference)))

    def _refunds_of(self, payment: str) -> Iterator[dict[str, Any]]:
        seen = 0
        while True:
            response = self._api.get(f"/v1/payments/{quote(payment)}/refunds?count={PAGE}&skip={seen}")
            refunds = documents.objects(response.body(), "items")
            yield from refunds
            seen += len(refunds)
            if len(refunds) < PAGE:
                return

    def read_callback(self, headers: Mapping[str, tuple[str, ...]], body: bytes) -> ProviderNotice | None:
        """A webhook. Its signature has no time in it; one that is replayed says what is known already."""
        secret = self._credentials.get("webhook_secret", "")
        signatures.check_plain(signatures.only(headers, "x-razorpay-signature"), body, secret)
        event = documents.parse(body)
        return codes.notice_of(event) or reading.notice_of(event)

    def verify(self) -> None:
        """List one payment."""
        self._api.check()
