"""Method `tokenized` without a token: the payer types the card into fields of the provider's own, on the page that we serve.

The provider is asked first and the payment stored with what it answered: until a payer has the fields nothing can be paid. What the
payer's browser says afterwards settles nothing; a look-up or the provider's signed callback does.
"""

from typing import Any, Final

from paycorex import clock, credentials
from paycorex.errors import NotFound
from paycorex.idempotency import SignatureReused
from paycorex.ledger.lanes import choose
from paycorex.records.payment import PaymentItem
from payments.connectors import capabilities, fitness, routing
from payments.connectors.fields import TakesCardsItself
from payments.connectors.model import Connector
from payments.connectors.requests import Attempt
from payments.connectors.results import Begun, Contradicts, Declined, Unavailable, Unknown
from payments.methods import first_willing, kept_cards, short_names
from payments.payer_page import links as payer_links
from payments.payment import asking, attempts, cancellation, creation, due, keeping, naming
from payments.payment.dry_run import Explained, expected_entries
from payments.payment.orders import Order, Recorded, draft
from payments.risk import guard

ACTION: Final = "provider_fields"
DEFAULT_SECONDS: Final = 1_800


def start(order: Order) -> Recorded:
    """Make a payment that waits for its payer at the provider's fields.

    Raises NoConnector, UnsupportedAmount, KeyReused; nothing stored: ProviderUnavailable, ProviderConfiguration.
    """
    kept_cards.check(order)
    known = creation.find(order)
    if known is not None:
        return known
    lane = choose(order.caller.merchant_id, order.caller.lanes)
    admitted = guard.admitted(order, lane=lane, plan=route_of)
    if isinstance(admitted, Recorded):
        return admitted
    order, route = admitted.order, admitted.planned
    payment = _first_version(order)
    payment.routing = route.noted.stored()
    back = payer_links.back_url(order.base_url, payment, order.caller.cursor_key)
    begun = first_willing.find(payment, route, _begin, saves=order.saves, return_url=back)
    payment.provider, payment.provider_reference = begun.connector, begun.answer.provider_reference
    for note in begun.notes:
        payment.attempts = attempts.noted(payment.attempts, note)
    payment.next_action = _action(order, payment, begun.answer.parameters)
    if order.saves and capabilities.keeps_cards(begun.connector):
        # Where the provider keeps no cards, the payer is not asked for it.
        payment.method_state = keeping.at(None, keeping.ASKED)
    if begun.answer.awaits_name:
        payment.method_state = naming.awaited(payment.method_state, begun.answer.own_name, begun.answer.wants)
    try:
        return creation.record_first(order, payment, also=short_names.rows(payment, [begun.connector]))
    except SignatureReused:
        # The same v1 signature under another key was faster: what this one began is shown to no payer.
        cancellation.withdraw(payment)
        raise


def explain(order: Order) -> Explained:
    """What `start` would do if the payer paid. Raises what it raises, but no provider is asked."""
    kept_cards.check(order)
    route = route_of(order)
    payment = _first_version(order)
    payment.routing = route.noted.stored()
    payment.provider = route.connectors[0]
    payment.next_action = _action(order, payment, {})
    if order.is_manual:
        # What is held by a provider moves nothing in the books.
        return Explained(payment, route, (), ("payment.created", "payment.authorized"))
    return Explained(payment, route, expected_entries(order, route.connectors[0]), ("payment.created", "payment.success"))


def route_of(order: Order) -> routing.Route:
    """Where the payer's card may go. Raises NoConnector, ProviderUnavailable, UnsupportedAmount, NotFound."""
    merchant = credentials.find_merchant(order.caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    subject = fitness.Subject(
        order.payment_id,
        order.method,
        order.amount,
        by_fields=True,
        is_manual=order.is_manual,
        must_confirm=order.must_confirm,
    )
    return routing.plan(merchant, subject)


def _begin(attempt: Attempt, connector: Connector) -> Begun | Declined | Unavailable | Unknown | Contradicts:
    if not isinstance(connector, TakesCardsItself):
        return Unavailable("The connector has no fields of its own.", is_theirs=False)
    return connector.begin(attempt)


def _first_version(order: Order) -> PaymentItem:
    now = clock.now_ms()
    item = draft(order, "pending", lane=choose(order.caller.merchant_id, order.caller.lanes), now_ms=now)
    item.expires_at = now + (order.expires_in_seconds or DEFAULT_SECONDS) * 1000
    due.set_due(item, asking.next_look_ms(item))
    return item


def _action(order: Order, payment: PaymentItem, parameters: Any) -> dict[str, Any]:
    """What the payer does next, on our page or in fields that the merchant shows itself; and whether the card can be kept."""
    asked = {"keeps_card": capabilities.keeps_cards(str(payment.provider))} if order.saves else {}
    return {
        "type": ACTION,
        "provider": payment.provider,
        **asked,
        **parameters,
        "pay_url": payer_links.page_url(order.base_url, payment, order.caller.cursor_key),
        "expires_at": clock.rfc3339(int(payment.expires_at or 0)),
    }
