"""Method `tokenized`: a stored instrument, charged at a connector.

The payment is stored with its attempt before a provider is called, so an attempt without an answer is found by the janitor. The
instrument leaves the vault for exactly one call of one connector and is never kept. A refusal that another provider may see differently,
or an outage, goes on to the next connector; a hard refusal does not, and an unknown outcome never does.
"""

from typing import Final

from paycorex import card_storage, clock, credentials, storage
from paycorex.errors import InvalidRequest, NotFound, TemporarilyUnavailable
from paycorex.idempotency import InProgress
from paycorex.ledger.lanes import choose
from paycorex.records.merchant import MerchantItem
from paycorex.records.payment import PaymentItem
from paycorex.records.token import TokenItem, brands_of, connector_of
from payments.captures import answers
from payments.connectors import calls as calling
from payments.connectors import fitness, routing
from payments.connectors.model import Connector
from payments.connectors.requests import Payer
from payments.connectors.results import Charged, Declined, Pending, Redirect, Unavailable
from payments.methods import initial_payments, provider_fields, short_names
from payments.payer_page import links as payer_links
from payments.payment import asking, attempts, creation, due, outcomes
from payments.payment import settlement as settle
from payments.payment.attempts import Note
from payments.payment.dry_run import Explained, expected_entries
from payments.payment.orders import Order, Recorded, draft
from payments.payment.states import OPEN, Outcome
from payments.payment.versions import Change
from payments.risk import guard
from tokens import vault
from tokens.failures import TokenUnusable
from tokens.instruments import Card, Instrument

# No further connector is tried after this: what is left of the request's time belongs to the one that was asked.
FAILOVER_SECONDS: Final = 8


def start(order: Order) -> Recorded:
    """Charge a stored instrument; without one, the payer types a card into the provider's fields.

    Raises NotFound for no such token, InvalidRequest, NoConnector, ProviderUnavailable, UnsupportedAmount, InProgress, KeyReused,
    TemporarilyUnavailable.
    """
    if order.token_id is None and order.one_time is None:
        return provider_fields.start(order)
    order, token = _paying(order)
    lane = choose(order.caller.merchant_id, order.caller.lanes)
    admitted = guard.admitted(order, token, lane=lane, plan=lambda each: _route(each, token))
    if isinstance(admitted, Recorded):
        return admitted
    order, route = admitted.order, admitted.planned
    first = _first_version(order, token, route)
    recorded = creation.record_first(order, first, also=short_names.rows(first, route.connectors))
    if recorded.replayed:
        _refuse_while_running(recorded.payment)
        return recorded
    return Recorded(_charge(order, recorded.payment, route))


def explain(order: Order) -> Explained:
    """What `start` would do if the first connector approved. Raises what it raises."""
    if order.token_id is None and order.one_time is None:
        return provider_fields.explain(order)
    order, token = _paying(order)
    route = _route(order, token)
    first = _first_version(order, token, route)
    if order.is_manual:
        # What is held by a provider moves nothing in the books.
        return Explained(first, route, (), ("payment.processing", "payment.authorized"))
    return Explained(first, route, expected_entries(order, route.connectors[0]), ("payment.processing", "payment.success"))


def _paying(order: Order) -> tuple[Order, TokenItem | None]:
    """The order, and the stored instrument that pays, if one does. Raises what token_of raises."""
    if order.one_time is not None:
        return order, None
    token = token_of(order)
    return initial_payments.named(order), token


def _route(order: Order, token: TokenItem | None) -> routing.Route:
    """Where the order may go. Raises what route_of raises."""
    if token is not None:
        return route_of(order, token)
    if order.one_time is None:
        raise AssertionError("nothing pays")
    return _route_of_one_time(order, order.one_time)


def _route_of_one_time(order: Order, paying: Instrument) -> routing.Route:
    subject = fitness.Subject(
        order.payment_id,
        order.method,
        order.amount,
        paying.display.brand,
        paying.kind,
        is_manual=order.is_manual,
        must_confirm=order.must_confirm,
        belongs_to=order.one_time_connector,
    )
    return routing.plan(_merchant(order), subject)


def _merchant(order: Order) -> MerchantItem:
    merchant = credentials.find_merchant(order.caller.merchant_id)
    if merchant is None:
        raise NotFound("merchant")
    return merchant


def token_of(order: Order) -> TokenItem:
    """The order's active token, by its display data. Raises NotFound, InvalidRequest."""
    if order.token_id is None:
        raise InvalidRequest("A tokenized payment names its token_id.", details={"field": "token_id"})
    token = vault.find(order.caller.merchant_id, order.token_id)
    if not token.is_active:
        raise NotFound("token")
    if order.user_id not in {None, token.user_id}:
        raise InvalidRequest("The token belongs to another user.", details={"field": "user_id"})
    return token


def route_of(order: Order, token: TokenItem) -> routing.Route:
    """Where the order may go. Raises NoConnector, ProviderUnavailable, UnsupportedAmount, NotFound."""
    merchant = _merchant(order)
    if token.type == Card.kind:
        card_storage.check_charged(merchant.settings, order.amount.currency)
    subject = fitness.Subject(
        order.payment_id,
        order.method,
        order.amount,
        token.brand,
        token.type,
        brands_of(token),
        is_manual=order.is_manual,
        must_confirm=order.must_confirm,
        belongs_to=connector_of(token),
    )
    return routing.plan(merchant, subject)


def _first_version(order: Order, token: TokenItem | None, route: routing.Route) -> PaymentItem:
    now = clock.now_ms()
    lane = choose(order.caller.merchant_id, order.caller.lanes)
    item = draft(order, "processing", lane=lane, now_ms=now, steps=[["pending", now], ["processing", now]])
    item.user_id = order.user_id if token is None else token.user_id
    item.provider = route.connectors[0]
    item.routing = route.noted.stored()
    item.attempts = attempts.noted(None, Note(0, route.connectors[0], attempts.STARTED, started_ms=now))
    if order.expires_in_seconds is not None:
        item.expires_at = now + order.expires_in_seconds * 1000
    due.set_due(item, now + 2 * attempts.RUNNING_SECONDS * 1000)
    return item


def _refuse_while_running(payment: PaymentItem) -> None:
    """The first request may still be at it. Raises InProgress."""
    latest = attempts.last(payment)
    if payment.status in OPEN and latest is not None and latest.is_running:
        raise InProgress


def _charge(order: Order, payment: PaymentItem, route: routing.Route) -> PaymentItem:
    began = clock.now_ms()
    lanes = order.caller.lanes
    for number, name in enumerate(route.connectors):
        started = clock.now_ms()
        result = _attempt(order, payment, number, name)
        change = outcomes.change_of(payment, number, name, result, started_ms=started)
        if isinstance(result, Redirect | Pending):
            change = outcomes.with_time(payment, change)
        following = route.connectors[number + 1 : number + 2]
        if not (following and _may_fail_over(result) and clock.now_ms() - began < FAILOVER_SECONDS * 1000):
            return answers.apply(payment, number, result, change, lanes=lanes)
        payment = settle.apply(payment, _on_to(change, number + 1, following[0]), lanes=lanes)
        if payment.status not in OPEN:
            # Canceled meanwhile: no other connector is asked.
            return payment
    return payment


def _attempt(order: Order, payment: PaymentItem, number: int, name: str) -> Charged:
    """One attempt at one connector, the only place where the instrument is in the clear."""
    ways = (order.base_url, payment, order.caller.cursor_key)
    payer = None if order.payer is None else Payer(**order.payer)
    attempt = asking.attempt_of(
        payment,
        number,
        return_url=payer_links.back_url(*ways),
        page_url=payer_links.page_url(*ways),
        security_code=order.security_code,
        network_transaction_id=order.network_transaction_id,
        payer=payer,
    )

    def ask(connector: Connector) -> Charged:
        if order.one_time is not None:
            return connector.charge(attempt, order.one_time)
        try:
            instrument = vault.reveal(payment.merchant_id, payment.token_id or "", purpose="charge", payment_id=payment.payment_id)
        except (NotFound, TokenUnusable):
            return Declined("token_unusable", "The stored instrument can no longer be used.")
        except (TemporarilyUnavailable, storage.Unavailable, storage.OutcomeUnknown):
            return Unavailable("The stored instrument could not be read.", is_theirs=False)
        return connector.charge(attempt, instrument)

    return calling.call(payment.merchant_id, name, ask)


def _may_fail_over(result: Charged) -> bool:
    return isinstance(result, Unavailable) or (isinstance(result, Declined) and result.retryable)


def _on_to(change: Change, number: int, connector: str) -> Change:
    """The attempt failed, the next one begins: in one write, so that no attempt is ever made that the payment does not know."""
    now = clock.now_ms()
    following = Note(number, connector, attempts.STARTED, started_ms=now)
    due_ms = now + 2 * attempts.RUNNING_SECONDS * 1000
    return Change(Outcome.STARTED, notes=(*change.notes, following), connector=connector, due_ms=due_ms)
