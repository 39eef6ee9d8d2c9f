"""Our charges, and what comes before them, as the library's messages: exact amounts, our own references, nothing that was not said."""

from typing import Any

from payments.connectors.prism.message_parts import Known, Parts, Paying, fill_card, fill_customer
from payments.connectors.requests import Attempt, Payer
from tokens.instruments import Card, ProviderToken


class ChargeMessages(Parts):
    """Makes messages that begin something."""

    __slots__ = ()

    def authorize(self, attempt: Attempt, instrument: Paying, known: Known, *, confirms: bool = False) -> Any:
        """A charge of a card, a request to a UPI address, or (None) a UPI link that any payer may follow. confirms: the payer is asked."""
        payment = self.library.payment
        message = payment.PaymentServiceAuthorizeRequest(**self.references(known), **self.common(attempt))
        message.auth_type = payment.THREE_DS if attempt.customer_initiated and (confirms or self.known.three_ds) else payment.NO_THREE_DS
        self.money(message.amount, attempt.amount)
        self.instrument(message.payment_method, attempt, instrument, known)
        self.payer(message, attempt.payer)
        if not attempt.customer_initiated:
            message.off_session = True
        if attempt.return_url is not None:
            message.complete_authorize_url = attempt.return_url
        if known.session_token or known.order:
            # Some name the session after its order.
            message.session_token = known.session_token or known.order or ""
        if known.order is not None:
            message.connector_order_id = known.order
        self.carry(message, known)
        return message

    def charge(self, attempt: Attempt, instrument: Paying, known: Known) -> Any:
        """A charge by what the processor keeps, or one that refers to the payer's first payment by the network's name of it."""
        payment = self.library.payment
        message = payment.RecurringPaymentServiceChargeRequest(
            merchant_charge_id=known.ours, merchant_order_id=known.ours, webhook_url=self.webhook_url, **self.common(attempt)
        )
        self.money(message.amount, attempt.amount)
        mandate = message.connector_recurring_payment_id
        if isinstance(instrument, ProviderToken):
            mandate.connector_mandate_id.connector_mandate_id = instrument.reference
            message.connector_customer_id = instrument.customer or ""
        elif known.card_token is not None:
            mandate.connector_mandate_id.connector_mandate_id = known.card_token
        elif isinstance(instrument, Card):
            mandate.network_mandate_id.network_transaction_id = attempt.network_transaction_id or ""
            fill_card(message.payment_method.card_details_for_network_transaction_id, instrument)
        message.off_session = not attempt.customer_initiated
        self.payer(message, attempt.payer)
        self.carry(message, known)
        return message

    def tokenize(self, attempt: Attempt, instrument: Paying, known: Known) -> Any:
        """The card, to be kept there for this one charge."""
        message = self.library.payment.PaymentMethodServiceTokenizeRequest(merchant_payment_method_id=known.ours)
        self.money(message.amount, attempt.amount)
        self.instrument(message.payment_method, attempt, instrument, known)
        self.payer(message, attempt.payer)
        self.carry(message, known)
        return message

    def order(self, attempt: Attempt, known: Known) -> Any:
        """An order, which a charge pays."""
        message = self.library.payment.PaymentServiceCreateOrderRequest(merchant_order_id=known.ours, webhook_url=self.webhook_url)
        self.money(message.amount, attempt.amount)
        self._customer(message.customer, attempt.payer)
        self.carry(message, known)
        return message

    def session(self, attempt: Attempt, known: Known) -> Any:
        """A session, in which a charge is made."""
        payment = self.library.payment
        message = payment.MerchantAuthenticationServiceCreateServerSessionAuthenticationTokenRequest(merchant_server_session_id=known.ours)
        self.money(message.payment.amount, attempt.amount)
        self.carry(message, known)
        return message

    def fields(self, attempt: Attempt, known: Known) -> Any:
        """What the payer's browser pays by fields of the processor's own."""
        kind = self.library.payment.MerchantAuthenticationServiceCreateClientAuthenticationTokenRequest
        message = kind(merchant_client_session_id=known.ours)
        self.money(message.payment.amount, attempt.amount)
        if attempt.return_url is not None:
            message.payment.return_url = attempt.return_url
        self.carry(message, known)
        return message

    def access_token(self) -> Any:
        """A short-lived token for the calls of one merchant."""
        return self.library.payment.MerchantAuthenticationServiceCreateServerAuthenticationTokenRequest(merchant_access_token_id="access")  # noqa: S106 - a name

    def _customer(self, message: Any, payer: Payer | None) -> None:
        if payer is not None:
            fill_customer(message, payer)
