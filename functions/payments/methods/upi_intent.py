"""Method `upi_intent`: a link and a QR code that the payer's own app pays; the provider says when.

The provider is asked first and the payment stored with what it answered: until the payer sees a link nothing can be paid, so an answer that
is lost costs nothing, and there is no half-made payment.
"""

from dataclasses import replace
from typing import Any, Final

from paycorex import clock, credentials, modes
from paycorex.errors import InvalidState, NotFound, UnsupportedCurrency
from paycorex.idempotency import SignatureReused
from paycorex.ledger.lanes import choose
from paycorex.records.merchant import MerchantItem
from paycorex.records.merchant_settings import SANDBOX_PAYEE_VPA
from paycorex.records.payment import PaymentItem
from payments.connectors import capabilities, fitness, routing
from payments.connectors.model import Connector
from payments.connectors.requests import Attempt, Payer
from payments.connectors.results import Collected
from payments.methods import first_willing, short_names, upi_mandates
from payments.methods.upi_links import CURRENCY, Payee, pay_link
from payments.payer_page import links as payer_links
from payments.payment import asking, attempts, cancellation, creation, due
from payments.payment.dry_run import Explained, expected_entries
from payments.payment.orders import Order, Recorded, draft
from payments.risk import guard

DEFAULT_SECONDS: Final = 900


def start(order: Order) -> Recorded:
    """Make a payment that waits for its payer.

    Raises UnsupportedCurrency, InvalidState without a UPI address to pay to, NoConnector, KeyReused; nothing stored: ProviderUnavailable,
    ProviderConfiguration, UnsupportedAmount.
    """
    known = creation.find(order)
    if known is not None:
        return known
    admitted = _admitted(order)
    if isinstance(admitted, Recorded):
        return admitted
    order, (merchant, route) = admitted.order, admitted.planned
    payment = first_version(order)
    payment.routing = route.noted.stored()
    payee = payee_of(merchant).name
    back = payer_links.back_url(order.base_url, payment, order.caller.cursor_key)
    payer = None if order.payer is None else Payer(**order.payer)

    def ask(attempt: Attempt, connector: Connector) -> Collected:
        return connector.collect(replace(attempt, return_url=back, payer=payer))

    collection = first_willing.find(payment, route, ask, payee_name=payee)
    payment.provider, payment.provider_reference = collection.connector, collection.answer.provider_reference
    for note in collection.notes:
        payment.attempts = attempts.noted(payment.attempts, note)
    payment.next_action = action_of(order, payment, merchant, collection.answer.upi_url)
    try:
        return creation.record_first(order, payment, also=short_names.rows(payment, [collection.connector]))
    except SignatureReused:
        # The same v1 signature under another key was faster: what this one asked for is shown to no payer.
        cancellation.withdraw(payment)
        raise


def _admitted(order: Order) -> Recorded | guard.Admitted[tuple[MerchantItem, routing.Route]]:
    """Rules look at what a payer begins on a page; the merchant's own request was vouched for."""
    if order.payer_ip is None:
        return guard.Admitted(order, prepare(order))
    return guard.admitted(order, lane=choose(order.caller.merchant_id, order.caller.lanes), plan=prepare)


def explain(order: Order) -> Explained:
    """What `start` would do if the payer paid. Raises what it raises, but no provider is asked."""
    merchant, route = prepare(order)
    payment = first_version(order)
    payment.routing = route.noted.stored()
    payment.provider = route.connectors[0]
    payment.next_action = action_of(order, payment, merchant, None)
    if order.is_manual:
        # What the payer's bank blocks moves nothing in the books.
        return Explained(payment, route, (), ("payment.created", "payment.authorized"))
    return Explained(payment, route, expected_entries(order, route.connectors[0]), ("payment.created", "payment.success"))


def prepare(order: Order) -> tuple[MerchantItem, routing.Route]:
    """The payee and the route. Raises UnsupportedCurrency, NotFound, NoConnector, ProviderUnavailable, UnsupportedAmount."""
    if order.amount.currency != CURRENCY:
        raise UnsupportedCurrency("UPI moves rupees only.", details={"field": "currency"})
    merchant = credentials.find_merchant(order.caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    if order.is_manual:
        upi_mandates.refuse(payee_of(merchant), order.amount)
    return merchant, routing.plan(merchant, fitness.Subject(order.payment_id, order.method, order.amount, is_manual=order.is_manual))


def first_version(order: Order) -> PaymentItem:
    """The payment before a provider was asked."""
    now = clock.now_ms()
    item = draft(order, "pending", lane=choose(order.caller.merchant_id, order.caller.lanes), now_ms=now)
    item.expires_at = now + (order.expires_in_seconds or DEFAULT_SECONDS) * 1000
    due.set_due(item, asking.next_look_ms(item))
    return item


def action_of(order: Order, payment: PaymentItem, merchant: MerchantItem, upi_url: str | None) -> dict[str, Any]:
    """What the payer does next. A provider's own link goes to the provider's address, so that it sees the money come."""
    link = upi_url or _own_link(order, payment, payee_of(merchant))
    return {
        "type": "upi_intent",
        "upi_url": link,
        "qr_svg_url": payer_links.qr_url(order.base_url, payment, "svg"),
        "qr_png_url": payer_links.qr_url(order.base_url, payment, "png"),
        "pay_url": payer_links.page_url(order.base_url, payment, order.caller.cursor_key),
        "expires_at": clock.rfc3339(int(payment.expires_at or 0)),
    }


def _own_link(order: Order, payment: PaymentItem, payee: Payee) -> str:
    """The payment's link, or that of the mandate by which its amount is blocked."""
    if not order.is_manual:
        return pay_link(payee, order.amount, payment_id=order.payment_id, note=order.description)
    days = capabilities.holds_of(payment.provider or "", order.method).hold_days
    until_ms = clock.now_ms() + days * 86_400_000
    return upi_mandates.mandate_link(payee, order.amount, payment_id=order.payment_id, note=order.description, until_ms=until_ms)


def payee_of(merchant: MerchantItem) -> Payee:
    """Whom the link pays. Raises InvalidState."""
    chosen = merchant.settings
    vpa = chosen.payee_vpa or (SANDBOX_PAYEE_VPA if modes.of(merchant.merchant_id) == modes.TEST else None)
    if vpa is None:
        raise InvalidState("Set payee_vpa first: the link needs an address to pay to.", details={"field": "payee_vpa"})
    return Payee(vpa, chosen.payee_name or merchant.name, chosen.merchant_category_code)


__all__ = ["action_of", "first_version", "payee_of", "prepare", "start"]
