"""Cards that a payer lets the provider keep: the tick on the payer's page, the token that follows from it, and its end."""

from typing import Any, Final

from paycorex import clock, storage
from paycorex.errors import InvalidRequest, InvalidState, TemporarilyUnavailable
from paycorex.idempotency import Claim
from paycorex.rate_limits import Limit
from paycorex.records.customer import CustomerItem, customer_id_of
from paycorex.records.payment import PaymentItem
from paycorex.records.token import TokenItem
from payments.connectors import calls as calling
from payments.connectors import routing
from payments.connectors.fields import KeepsCards
from payments.connectors.model import Connector
from payments.connectors.results import Contradicts, Declined, NotFound, Unavailable, Unknown
from payments.payment import asking, attempts, due, keeping, versions
from payments.payment import settlement as settle
from payments.payment.orders import Order
from tokens import provider_tokens, vault
from tokens import store as token_store
from tokens.instruments import ProviderToken

# When the provider could not say what it kept, it is asked again after this.
AGAIN_MS: Final = 60_000
# Each tick asks the provider under the merchant's account: a payer pays once, after a few tries at most.
TICKS: Final = Limit("payer_keep", 12)


def check(order: Order) -> None:
    """Raises InvalidRequest for an order whose card could be kept for no one."""
    if order.saves and order.user_id is None:
        raise InvalidRequest("To save a card, name the user_id whose it is.", details={"field": "user_id"})


def decide(payment: PaymentItem, *, keeps: bool) -> dict[str, str]:
    """The payer's tick; what the browser needs besides. Raises InvalidState, RateLimited, ProviderUnavailable, TemporarilyUnavailable."""
    latest = attempts.last(payment)
    if latest is None or not keeping.is_offered(payment):
        raise InvalidState("This payment's card is not kept.", details={"status": payment.status})
    TICKS.take(payment.payment_id)
    attempt = asking.attempt_of(payment, latest.number, saves=keeps)

    def ask(connector: Connector) -> Any:
        return connector.agree(attempt, keeps=keeps) if isinstance(connector, KeepsCards) else Unavailable("It keeps no cards.")

    agreed = calling.call(payment.merchant_id, latest.connector, ask)
    if isinstance(agreed, Declined | Unavailable | Unknown | Contradicts):
        raise routing.ProviderUnavailable("The provider could not be asked to keep the card. Pay without it, or try again.")
    # Read again: the payment as it was before the provider was asked may say the same and be old.
    settle.revise(settle.fresh(payment), lambda found: _ticked(found, keeps=keeps))
    return dict(agreed)


def _ticked(found: PaymentItem, *, keeps: bool) -> PaymentItem:
    """Of a payment that was made while its provider was asked, the token is made at once; one that has its token keeps it."""
    if keeping.step_of(found) not in {keeping.ASKED, keeping.AGREED}:
        return found
    after = storage.copy_of(found)
    after.method_state = keeping.at(found, keeping.AGREED if keeps else keeping.ASKED)
    if keeping.is_owed(after):
        due.set_due(after, clock.now_ms())
    return versions.next_revision(found, after, clock.now_ms())


def catch_up(payment: PaymentItem) -> PaymentItem:
    """Make the token of a payment whose payer agreed, once the provider says which card it kept; the payment as it then stands."""
    latest = attempts.last(payment)
    if latest is None or payment.user_id is None or not keeping.is_owed(payment):
        return payment
    attempt = asking.attempt_of(payment, latest.number)

    def ask(connector: Connector) -> Any:
        return connector.kept_card(attempt) if isinstance(connector, KeepsCards) else NotFound()

    card = calling.call(payment.merchant_id, latest.connector, ask)
    if isinstance(card, ProviderToken) and _is_erased(payment):
        # The person was erased while the payment was under way: the provider forgets the card, and no token is made of it.
        _forget_card(payment.merchant_id, card)
        return settle.revise(payment, lambda found: _with(found, keeping.NONE))
    if isinstance(card, ProviderToken):
        token = provider_tokens.keep(payment.merchant_id, payment.user_id, card)
        return settle.revise(payment, lambda found: _with(found, keeping.KEPT, token.token_id))
    if isinstance(card, NotFound | Contradicts):
        return settle.revise(payment, lambda found: _with(found, keeping.NONE))
    return settle.postpone(payment, clock.now_ms() + AGAIN_MS)


def find(merchant_id: str, token_id: str) -> TokenItem:
    """A token of the merchant, deleted ones too. Raises NotFound."""
    return vault.find(merchant_id, token_id)


def of_user(merchant_id: str, user_id: str, limit: int) -> list[TokenItem]:
    """A user's newest active tokens."""
    return token_store.tokens_of(merchant_id, user_id, limit=limit, position=None)[0]


def delete(merchant_id: str, token_id: str, *, claim: Claim | None) -> TokenItem:
    """Delete a token, of whichever kind; a provider that keeps its card forgets it first. Raises ProviderUnavailable, as `vault.delete`.

    Where the connector is gone, nothing is left that could charge the card or forget it.
    """
    token = vault.find(merchant_id, token_id)
    if token.type == ProviderToken.kind and token.is_active:
        _forget(merchant_id, token)
    return vault.delete(merchant_id, token_id, claim=claim)


def delete_all(merchant_id: str, user_id: str, *, most: int) -> None:
    """Delete every token of a user. Raises as `delete` does, and TemporarilyUnavailable when more than `most` are there."""
    tokens, more = token_store.tokens_of(merchant_id, user_id, limit=most, position=None)
    for token in tokens:
        delete(merchant_id, token.token_id, claim=None)
    if more is not None:
        raise TemporarilyUnavailable


def _is_erased(payment: PaymentItem) -> bool:
    customer_id = customer_id_of(payment.merchant_id, str(payment.user_id))
    found = storage.get(CustomerItem, customer_id)
    return found is not None and found.erased_at is not None


def _forget(merchant_id: str, token: TokenItem) -> None:
    _forget_card(merchant_id, provider_tokens.card_of(token))


def _forget_card(merchant_id: str, card: ProviderToken) -> None:
    def ask(connector: Connector) -> Any:
        return connector.forget_card(merchant_id, card) if isinstance(connector, KeepsCards) else None

    said = calling.call(merchant_id, card.connector, ask)
    if isinstance(said, Unknown | Contradicts) or (isinstance(said, Unavailable) and said.is_theirs):
        raise routing.ProviderUnavailable("The provider could not be asked to forget the card. Try again.")


def _with(found: PaymentItem, step: str, token_id: str | None = None) -> PaymentItem:
    after = storage.copy_of(found)
    after.method_state = keeping.at(found, step)
    after.token_id = token_id or found.token_id
    return versions.next_revision(found, after, clock.now_ms())
